// One life of a worker: its connections, its locks and its lane begin and end together; what it leaves is known to the next one.
import { UnrecoverableError, type Job, type JobJson } from 'bullmq'
import type {
  DriverContext,
  Intake,
  JobEnd,
  JobSourceOptions,
  Lane,
  OutMessage,
} from '../../core/contract.ts'
import { asError, SluiceError } from '../../core/errors.ts'
import { HandOver } from '../../core/hand-over.ts'
import { headerText, type Parked } from '../../core/message.ts'
import type { LaneLife } from '../../core/lived-source.ts'
import { away } from '../redis/errors.ts'
import type { Place } from '../redis/settings.ts'
import { provesKept } from '../redis/kept.ts'
import { RedisLink } from '../redis/link.ts'
import { jobMessage } from './inbound.ts'
import { JOB_BOUNDS } from './bounds.ts'
import { anyParked, jobCounts } from './job-counts.ts'
import { JobNotes } from './job-notes.ts'
import { keepSchedule } from './keep-schedule.ts'
import { JobWorker, LOCK_MS } from './job-worker.ts'
import { Pulse } from './pulse.ts'

/** A lock that was not renewed for so long may be another's soon: nothing is started under it. */
const FENCE_MS = LOCK_MS * 0.9
/** An answer that came sooner was no wait: the queue is limited, or somebody paused it. */
const SOON_MS = 50
const CLOSE_MS = 2_000
/** Between two tries to complete a job at a server that says no. */
const AGAIN_MS = 250

/** A job that a lost life had: how it ended, if it did, and the token that its lock was taken with. */
export interface LeftJob extends Pick<Held, 'end'> {
  readonly json: JobJson
  readonly token: string
}

export interface WorkerParts {
  readonly place: Place
  readonly context: DriverContext
  readonly options: JobSourceOptions
  readonly intake: Intake
  /** What the lives before have left; emptied by the next one. */
  readonly left: LeftJob[]
  readonly lost: (error: SluiceError) => void
}

interface Held {
  readonly job: Job
  /** That of the message. */
  readonly id: string
  readonly bytes: number
  /** Set once everything it leads to is confirmed; null: nobody said how it ended. */
  end: JobEnd | null | undefined
  /** It may be gone from here at any moment, as it should. */
  leaving: boolean
}

export async function openWorker(parts: WorkerParts, signal: AbortSignal): Promise<WorkerLife> {
  const { place, context } = parts
  let life: WorkerLife | undefined
  let early: SluiceError | undefined
  const lost = (error: SluiceError) => {
    early ??= error
    life?.end(error)
  }
  const bounds = JOB_BOUNDS
  const redis = await RedisLink.open({ place, context, bounds, prove: provesKept, lost }, signal)
  let worker: JobWorker | undefined
  try {
    life = await redis.run('the worker', async (client) => {
      worker = new JobWorker(parts.options.jobs, client)
      await worker.waitUntilReady()
      return new WorkerLife(parts, redis, worker)
    })
    if (early !== undefined) throw early
    await life.begin()
    return life
  } catch (error) {
    await life?.close()
    // One that came too late has a connection of its own.
    void worker?.close(true).catch(() => {})
    await redis.close()
    throw error
  }
}

export class WorkerLife implements LaneLife {
  readonly lane: Lane
  movedAt: number
  private readonly parts: WorkerParts
  private readonly redis: RedisLink
  private readonly worker: JobWorker
  private readonly notes: JobNotes
  private readonly token: string
  private readonly handOver: HandOver
  private readonly pulse: Pulse
  /** By tag. */
  private readonly held = new Map<number, Held>()
  private readonly tags = new Map<string, number>()
  private readonly ending = new Set<Promise<void>>()
  private lastTag = 0
  /** Of the data of all that are held. */
  private bytes = 0
  private askedAt: number | undefined
  private granted = false
  private draining = false
  private over = false
  private fetching: Promise<void> = Promise.resolve()
  private closing: Promise<void> | undefined
  private makeRoom: () => void = () => {}

  constructor(parts: WorkerParts, redis: RedisLink, worker: JobWorker) {
    this.parts = parts
    this.redis = redis
    this.worker = worker
    this.notes = new JobNotes(redis, worker)
    this.token = worker.id
    this.movedAt = this.now()
    const { context, options, intake } = parts
    this.lane = {
      id: options.jobs.name,
      partition: 0,
      live: () => !this.over && this.now() - this.pulse.heardAt < FENCE_MS,
    }
    this.handOver = new HandOver({ intake, lane: this.lane, onFault: (error) => this.end(error) })
    this.pulse = new Pulse({
      clock: context.world.clock,
      redis,
      worker,
      locks: () => [...this.held.values()],
      token: this.token,
      askedAt: () => this.askedAt,
      movedAt: () => this.movedAt,
      isIdle: () => this.held.size === 0,
      onFault: (error) => this.end(error),
    })
  }

  /** False while jobs wait, nobody is at work on any, and none is handed over. */
  get caughtUp(): boolean {
    return !this.pulse.starving
  }

  async begin(): Promise<void> {
    await this.settleWhatIsLeft()
    const { context, options } = this.parts
    const { schedule, jobs } = options
    if (schedule !== undefined)
      await this.redis.run('the schedule', (client) =>
        keepSchedule(client, jobs, schedule, context.world.clock.now()),
      )
    await this.redis.run('the stalled jobs', () => this.worker.startStalledCheckTimer())
    if (this.over) throw away(this.parts.place, 'was lost')
    this.granted = true
    this.parts.intake.granted([{ lane: this.lane, committed: null, note: '' }])
    this.pulse.start()
    this.fetching = this.fetch()
  }

  /** Jobs that wait, or that nobody here is at work on. */
  async backlog(): Promise<number> {
    const { redis, worker } = this
    // In this order: what is due meanwhile is found where it goes.
    const parked = this.parts.options.parks === true && (await anyParked(redis, worker))
    const { waiting, taken } = await jobCounts(redis, worker)
    const others = Math.max(0, taken - this.held.size)
    return waiting + others + this.handOver.waiting + (parked ? 1 : 0)
  }

  ack(tag: number, end: JobEnd | null = null): void {
    const held = this.held.get(tag)
    if (held === undefined || held.end !== undefined) return
    held.end = end
    held.leaving = true
    this.movedAt = this.now()
    const ended = this.complete(tag, held).finally(() => this.ending.delete(ended))
    this.ending.add(ended)
  }

  /** The job has failed for good once this resolved, and its letter is found beside its data; what was noted of it is gone. */
  async fail(id: string, letter: OutMessage): Promise<void> {
    const said = `${headerText(letter.headers, 'sluice-dlq-code')} ${headerText(letter.headers, 'sluice-dlq-reason')}`
    await this.leaves(id, async ({ job }) => {
      await this.notes.replaceByLetter(job, JSON.stringify(letter.headers))
      await this.redis.run('the failure', () =>
        job.moveToFailed(new UnrecoverableError(said), this.token, false),
      )
    })
  }

  /** The job waits once this resolved, and comes with what was noted. */
  async park(id: string, noted: Parked, delayMs: number): Promise<void> {
    await this.leaves(id, async ({ job }) => {
      await this.notes.write(job, noted, true)
      await this.redis.run('the wait', () =>
        job.moveToDelayed(this.parts.context.world.clock.now() + delayMs, this.token),
      )
    })
  }

  note(id: string, noted: Parked): void {
    const held = this.held.get(this.tags.get(id) ?? NaN)
    // Of a job that may be another's by now nothing is written: it might be forgotten already.
    if (held === undefined || held.end !== undefined || !this.lane.live()) return
    this.notes.write(held.job, noted).catch(() => {})
  }

  report(id: string, percent: number): void {
    const held = this.held.get(this.tags.get(id) ?? NaN)
    // Nothing depends on it: what is not shown now is shown next time.
    if (held !== undefined && held.end === undefined && !this.over)
      this.redis.run('the progress', () => held.job.updateProgress(percent)).catch(() => {})
  }

  /** Nothing more is handed over; what is at work is settled as far as the drain lets it. */
  async drain(): Promise<void> {
    if (this.over) return
    this.draining = true
    this.makeRoom()
    this.handOver.end()
    await this.parts.intake.revoke([this.lane])
    await this.withinBound(Promise.all(this.ending))
    this.granted = false
  }

  close(): Promise<void> {
    this.closing ??= this.leave()
    return this.closing
  }

  end(cause: Error): void {
    if (this.over) return
    this.over = true
    this.makeRoom()
    this.pulse.stop()
    this.handOver.end()
    const { intake, lost, left, place } = this.parts
    for (const { job, end } of this.held.values())
      left.push({ json: this.worker.jsonOf(job), token: this.token, end })
    if (this.granted) intake.lost([this.lane])
    lost(
      cause instanceof SluiceError
        ? cause
        : away(place, `lost its worker: ${cause.message}`, cause),
    )
  }

  /** What is not done goes back to where others take it, at once. */
  private async leave(): Promise<void> {
    const wasLost = this.over
    this.over = true
    this.makeRoom()
    this.pulse.stop()
    this.handOver.end()
    if (!wasLost) await Promise.all([...this.held.values()].map((held) => this.letGo(held)))
    await this.withinBound(Promise.all([this.worker.close(true), this.fetching]))
    await this.redis.close()
  }

  private async fetch(): Promise<void> {
    const { context } = this.parts
    const { clock } = context.world
    try {
      while (!this.over && !this.draining) {
        if (!this.hasRoom()) {
          await new Promise<void>((resolve) => (this.makeRoom = resolve))
          continue
        }
        const from = this.now()
        this.askedAt = from
        const job = await this.worker.getNextJob(this.token)
        this.askedAt = undefined
        if (job !== undefined) await this.take(job)
        else if (this.now() - from < SOON_MS) await clock.sleep(SOON_MS)
      }
    } catch (error) {
      this.end(asError(error))
    }
  }

  private hasRoom(): boolean {
    const { prefetch, bytes = Infinity } = this.parts.options
    return this.held.size < prefetch && this.bytes < bytes
  }

  private async take(job: Job): Promise<void> {
    if (this.over || this.draining) {
      await this.handBack(job)
      return
    }
    const tag = ++this.lastTag
    const fresh = jobMessage(job, this.worker.jsonOf(job).data, tag)
    const message = fresh.redelivered ? { ...fresh, ...(await this.notes.read(job)) } : fresh
    const id = message.id ?? ''
    const bytes = message.value?.length ?? 0
    this.held.set(tag, { job, id, bytes, end: undefined, leaving: false })
    this.bytes += bytes
    this.tags.set(id, tag)
    this.movedAt = this.now()
    this.handOver.push(message)
  }

  /** Asks for as long as the connection lives: what is done must not be done again. Never rejects. */
  private async complete(tag: number, { job, end }: Held): Promise<void> {
    const { context, options } = this.parts
    for (let times = 1; ; times++) {
      try {
        await this.redis.run('the completion', () => job.moveToCompleted(end, this.token, false))
        return this.forget(tag)
      } catch (error) {
        if (times === 1)
          context.log.warn(
            { code: 'SLU5801', jobs: options.jobs.name, job: job.id, err: error },
            'A job was done, and could not be completed; it may be done again.',
          )
        // A lock that is another's is not ours to ask for.
        if (isRefused(error)) return this.forget(tag)
      }
      await context.world.clock.sleep(AGAIN_MS)
      // The next life asks again.
      if (this.over) return
    }
  }

  /** It is no longer at work here once `move` resolved. Rejects when it is not here now. */
  private async leaves(id: string, move: (held: Held) => Promise<void>): Promise<void> {
    const tag = this.tags.get(id)
    const held = tag === undefined ? undefined : this.held.get(tag)
    if (tag === undefined || held === undefined || this.over) throw notAtWork(id)
    held.leaving = true
    try {
      await move(held)
    } catch (error) {
      held.leaving = false
      if (isRefused(error)) this.end(asError(error))
      throw error
    }
    this.forget(tag)
  }

  private forget(tag: number): void {
    const held = this.held.get(tag)
    this.held.delete(tag)
    if (held === undefined) return
    this.bytes -= held.bytes
    if (this.tags.get(held.id) === tag) this.tags.delete(held.id)
    this.makeRoom()
  }

  private async handBack(job: Job, token = this.token): Promise<void> {
    // What is another's by now has been taken from us already.
    await this.redis.run('the return', () => job.moveToWait(token)).catch(() => {})
  }

  private async settleWhatIsLeft(): Promise<void> {
    const left = this.parts.left.splice(0)
    await Promise.all(
      left.map(({ json, token, end }) => this.letGo({ job: this.worker.again(json), end }, token)),
    )
  }

  /** What is done is never handed back. */
  private async letGo({ job, end }: Pick<Held, 'job' | 'end'>, token = this.token): Promise<void> {
    if (end === undefined) await this.handBack(job, token)
    else
      await this.redis
        .run('the completion', () => job.moveToCompleted(end, token, false))
        .catch(() => {})
  }

  private async withinBound(work: Promise<unknown>): Promise<void> {
    const silence = Promise.withResolvers<void>()
    const timer = this.parts.context.world.clock.after(CLOSE_MS, silence.resolve, {
      keepAlive: true,
    })
    await Promise.race([work.catch(() => {}), silence.promise])
    timer.cancel()
  }

  private now(): number {
    return this.parts.context.world.clock.monotonic()
  }
}

export const notAtWork = (id: string): SluiceError =>
  new SluiceError('SLU5801', { message: `job ${id} is not at work here any more` })

/** BullMQ itself said no: the lock is lost, or the job is gone. https://docs.bullmq.io scripts answer with negative numbers */
function isRefused(error: unknown): boolean {
  const { cause } = asError(error) as { cause?: { code?: unknown } }
  return typeof cause?.code === 'number' && cause.code < 0
}
