// What is noted of a job by whoever works on it, in a field of its hash that no sender writes: BullMQ adds jobs without it.
import type { Job } from 'bullmq'
import type { Parked, QueueMessage } from '../../core/message.ts'
import type { RedisLink } from '../redis/link.ts'
import type { JobWorker } from './job-worker.ts'
import { LETTER } from './letter-field.ts'

export const NOTE = 'sluice-note'

/** What it says of the message that a job is. */
type Note = Required<Pick<QueueMessage, 'parked' | 'redelivered'>>

export class JobNotes {
  private readonly redis: Pick<RedisLink, 'run'>
  private readonly worker: Pick<JobWorker, 'toKey'>

  constructor(redis: Pick<RedisLink, 'run'>, worker: Pick<JobWorker, 'toKey'>) {
    this.redis = redis
    this.worker = worker
  }

  /** `leaves`: it is given up here, so that its next delivery is no repeat of this one. */
  async write(job: Job, { attempt, done }: Parked, leaves = false): Promise<void> {
    const text = JSON.stringify({ attempt, done, ...(leaves ? { left: job.attemptsStarted } : {}) })
    await this.redis.run('the note', (client) => client.hset(this.keyOf(job), NOTE, text))
  }

  async read(job: Job): Promise<Note | undefined> {
    const text = await this.redis.run('the note', (client) => client.hget(this.keyOf(job), NOTE))
    return noteIn(text, job.attemptsStarted - 1)
  }

  /** Whoever lets a failed job run again begins anew. */
  async replaceByLetter(job: Job, letter: string): Promise<void> {
    const key = this.keyOf(job)
    await this.redis.run('the letter', async (client) => {
      await client.hset(key, LETTER, letter)
      await client.hdel(key, NOTE)
    })
  }

  private keyOf({ id }: Job): string {
    return this.worker.toKey(id ?? '')
  }
}

/** Whoever can write to the Redis can write anything: undefined for what is no note. */
export function noteIn(text: string | null, before: number): Note | undefined {
  if (text === null) return undefined
  try {
    const { attempt, done, left } = JSON.parse(text) as Record<string, unknown>
    const isText = (one: unknown): one is string => typeof one === 'string'
    if (typeof attempt !== 'number' || !Number.isSafeInteger(attempt)) return undefined
    if (!Array.isArray(done) || !done.every(isText)) return undefined
    return { parked: { attempt: Math.max(1, attempt), done }, redelivered: left !== before }
  } catch {
    return undefined
  }
}
