// One end-to-end run: its own prefix on the shared brokers, its topics, its workers; whatever is left running is killed at the end.
import { randomUUID } from 'node:crypto'
import { createTopics } from './brokers-io.ts'
import { FLEET, sluice, until, type Running } from './worker-process.ts'

export interface FleetRun {
  readonly prefix: string
  /** Starts `sluice run` of the pipeline with more arguments. */
  worker(args?: readonly string[], env?: Record<string, string>): Running
  /** Waits for a worker's log to say that it runs. */
  running(worker: Running): Promise<void>
  end(): Promise<void>
}

export async function startFleet(pipeline = 'scoring', project = FLEET): Promise<FleetRun> {
  const prefix = `e2e-${randomUUID().slice(0, 8)}.`
  await createTopics([
    { topic: `${prefix}requests`, numPartitions: 4, maxBytes: 4 * 1024 * 1024 },
    { topic: `${prefix}results`, numPartitions: 4 },
    { topic: `${prefix}requests.dlq`, numPartitions: 1 },
  ])
  const workers: Running[] = []
  return {
    prefix,
    worker(args = [], env = {}) {
      const worker = sluice(['run', pipeline, '--project', project, ...args], {
        SLUICE_PREFIX: prefix,
        NO_COLOR: '1',
        ...env,
      })
      workers.push(worker)
      return worker
    },
    running: (worker) =>
      until('the worker runs', () => worker.stderr().includes('The worker runs'), 30_000),
    async end() {
      for (const { child } of workers) if (child.exitCode === null) child.kill('SIGKILL')
      await Promise.all(workers.map(({ finished }) => finished))
    },
  }
}
