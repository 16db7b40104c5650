// `sluice top` on a real state store: each process of the fleet is on the list, from whichever folder one asks, and leaves it when it ends.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FleetStatus } from '../../workers/ops/fleet-status.ts'
import { startFleet, type FleetRun } from './support/fleet-run.ts'
import { FLEET, sluice, until, type Running } from './support/worker-process.ts'

let fleet: FleetRun
let project: string
const started: Running[] = []
beforeEach(async () => {
  fleet = await startFleet()
  // Beside the fleet: handlers name the product by relative paths.
  project = await mkdtemp(join(import.meta.dirname, 'tmp-'))
  await cp(FLEET, project, { recursive: true })
})
afterEach(async () => {
  for (const { child } of started) child.kill('SIGTERM')
  await Promise.all(started.splice(0).map(({ finished }) => finished))
  await fleet.end()
  await rm(project, { recursive: true })
})

function start(...args: string[]): Running {
  const one = sluice([...args, '--project', project], {
    SLUICE_PREFIX: fleet.prefix,
    NO_COLOR: '1',
  })
  started.push(one)
  return one
}

/** Of fleet.yaml. */
async function edit(from: string, to: string): Promise<void> {
  const file = join(project, 'pipelines/fleet.yaml')
  const text = await readFile(file, 'utf8')
  expect(text).toContain(from)
  await writeFile(file, text.replace(from, to))
}

const listed = async () => {
  const { code, stdout, stderr } = await start('top', '--format', 'json').finished
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout) as FleetStatus
}

test('processes of `up` and of `run` are listed while they live', async () => {
  await edit('replicas: 1', 'replicas: 2')
  expect((await listed()).workers).toEqual([])
  const supervisor = start('up')
  const alone = start('run', 'scoring')
  await until('all three are ready', async () => {
    const { workers } = await listed()
    return workers.length === 3 && workers.every(({ state }) => state === 'ready')
  })
  const { fleet: name, declared, workers } = await listed()
  expect({ name, declared }).toEqual({ name: 'proof', declared: { proof: 2 } })
  expect(workers.map(({ worker, replica, pid }) => ({ worker, replica, pid }))).toEqual([
    { worker: 'proof', replica: 1, pid: expect.any(Number) },
    { worker: 'proof', replica: 2, pid: expect.any(Number) },
    { worker: null, replica: null, pid: alone.child.pid },
  ])
  expect(new Set(workers.map(({ plan }) => plan)).size).toBe(1)
  supervisor.child.kill('SIGTERM')
  alone.child.kill('SIGKILL')
  await supervisor.finished
  await until('none is left', async () => (await listed()).workers.length === 0, 30_000)
})

test('without a state store it says what to add: exit 2', async () => {
  await rm(join(project, 'pipelines/remembering.yaml'))
  await edit('state: { in: hot }\n', '')
  const { code, stderr } = await start('top').finished
  expect(stderr).toMatch(/SLU0530[^]*state: \{ in:/)
  expect(code).toBe(2)
})
