// The heartbeat of a worker: renews its locks, and notices a worker that has stopped to take jobs although its connection is fine (bullmq#4585).
import type { Job } from 'bullmq'
import type { Clock, Timer } from '../../core/clock.ts'
import type { RedisLink } from '../redis/link.ts'
import { jobCounts } from './job-counts.ts'
import { LOCK_MS, type JobWorker } from './job-worker.ts'

const BEAT_MS = LOCK_MS / 4
/** A question for the next job ends by itself after a few seconds, with or without one. */
const WEDGED_MS = 15_000

export interface PulseParts {
  readonly clock: Clock
  readonly redis: Pick<RedisLink, 'run'>
  readonly worker: JobWorker
  readonly token: string
  /** Jobs whose locks are renewed; leaving: it may go meanwhile, and its lock with it. */
  readonly locks: () => readonly { readonly job: Job; readonly leaving: boolean }[]
  /** Since when the next job is asked for; undefined: it is not. */
  readonly askedAt: () => number | undefined
  readonly movedAt: () => number
  /** Nothing of the queue is at work here. */
  readonly isIdle: () => boolean
  /** The worker must be made anew. */
  readonly onFault: (error: Error) => void
}

export class Pulse {
  /** Up to then every lock was ours. */
  heardAt: number
  /** Jobs wait, nobody is at work on any, and none is handed over. */
  starving = false
  private readonly parts: PulseParts
  private timer: Timer | undefined
  private stopped = false

  constructor(parts: PulseParts) {
    this.parts = parts
    this.heardAt = parts.clock.monotonic()
  }

  start(): void {
    if (!this.stopped) this.timer = this.parts.clock.after(BEAT_MS, () => void this.beat())
  }

  stop(): void {
    this.stopped = true
    this.timer?.cancel()
  }

  /** Never rejects. */
  private async beat(): Promise<void> {
    await Promise.all([this.renew(), this.look()])
    this.start()
  }

  private async renew(): Promise<void> {
    const { clock, redis, worker, token, locks, onFault } = this.parts
    const from = clock.monotonic()
    const jobs = locks()
    const ids = jobs.map(({ job }) => job.id ?? '')
    try {
      const gone =
        ids.length === 0
          ? await redis.run('PING', (client) => client.ping()).then((): string[] => [])
          : await redis.run('the locks', () =>
              worker.extendJobLocks(
                ids,
                ids.map(() => token),
                LOCK_MS,
              ),
            )
      const still = new Set(locks().flatMap(({ job, leaving }) => (leaving ? [] : (job.id ?? ''))))
      const lost = gone.filter((id) => still.has(id))
      if (lost.length > 0) onFault(new Error(`the locks of ${lost.length} jobs were lost`))
      else this.heardAt = from
    } catch {
      // The connection says for itself when it is lost, and locks that nobody renews fence what they hold.
    }
  }

  private async look(): Promise<void> {
    const { clock, askedAt, movedAt, isIdle, onFault } = this.parts
    const now = clock.monotonic()
    const asked = askedAt()
    if (asked !== undefined && now - asked > WEDGED_MS)
      onFault(new Error(`the next job was asked for ${Math.round((now - asked) / 1_000)} s ago`))
    else if (isIdle() && now - movedAt() > BEAT_MS) {
      this.starving = await this.jobsWait()
      if (this.starving && now - movedAt() > WEDGED_MS)
        onFault(new Error('jobs wait, nobody is at work on any, and none is handed over'))
    } else this.starving = false
  }

  /** And nothing holds them back: a rate limit does so rightly. */
  private async jobsWait(): Promise<boolean> {
    const { redis, worker } = this.parts
    try {
      const { waiting, taken, limited } = await jobCounts(redis, worker)
      return waiting > 0 && taken === 0 && !limited
    } catch {
      return this.starving
    }
  }
}
