// BullMQ's worker as a hand that takes jobs one by one: it runs nothing itself, tries nothing again, and never parses what a job holds.
import { Worker, type Job, type JobJson } from 'bullmq'
import type { Jobs } from '../../core/contract.ts'
import type { RedisClient } from '../redis/client.ts'
import { keepFor } from './job-options.ts'
import { nameOn } from './queues.ts'

/** So long a job is ours without a word from us; then others may take it. */
export const LOCK_MS = 10_000
/** Between two looks for jobs whose lock has expired. */
const STALLED_MS = 5_000
/** How often a wait for jobs ends by itself. */
const WAIT_S = 2
/** How often a job may be left by its worker: crashes are counted elsewhere, and a job that was left is never a failed one. */
const ANY_NUMBER = 2 ** 31 - 1

export class JobWorker extends Worker {
  /** As they came: what a job holds is the pipeline's to read. */
  private readonly written = new WeakMap<Job, JobJson>()

  constructor({ address, retention }: Jobs, connection: RedisClient) {
    super(nameOn(connection, address), null, {
      connection,
      autorun: false,
      skipLockRenewal: true,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_MS,
      maxStalledCount: ANY_NUMBER,
      drainDelay: WAIT_S,
      // Of jobs whose sender has said nothing.
      removeOnComplete: keptFor(retention.completedMs),
      removeOnFail: keptFor(retention.failedMs),
    })
    this.on('error', () => {})
  }

  /** Makes a job of an earlier life known to this one. */
  again(json: JobJson): Job {
    return this.createJob(json, json.id)
  }

  jsonOf(job: Job): JobJson {
    return this.written.get(job) as JobJson
  }

  protected override createJob(json: JobJson, id: string): Job {
    const job = super.createJob({ ...json, data: '{}' }, id)
    this.written.set(job, { ...json, id })
    return job
  }
}

const keptFor = (ms: number | 'forever') => {
  const keep = keepFor(ms)
  return keep === false ? { count: -1 } : keep
}
