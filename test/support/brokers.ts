// Brings real brokers up before the first test that needs them; without brokers the run fails, it never skips.
import { ensureBrokers } from '../../infra/brokers/index.ts'
import { CLUSTER_NODES } from './redis-cluster.ts'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The guide's variables of the brokers that this run uses; `process.env` holds them as well. */
    brokers: Readonly<Record<string, string>>
  }
}

/** Runs once a project; the second project finds the brokers of the first in the environment. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  setClusterApart()
  const brokers = await ensureBrokers()
  Object.assign(process.env, brokers.env)
  project.provide('brokers', brokers.env)
  return () => brokers.stop()
}

/** Fleets under test read the variable too, and are looked at on one server: whoever tests a cluster asks for it by another name. */
function setClusterApart(): void {
  const nodes = process.env['REDIS_CLUSTER_NODES'] ?? ''
  delete process.env['REDIS_CLUSTER_NODES']
  if (nodes !== '') process.env[CLUSTER_NODES] = nodes
}
