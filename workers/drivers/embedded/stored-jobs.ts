// One queue of jobs in memory with its workers: jobs are taken in their order, remembered after their end, and come again if they were left.
import type { Clock, Timer } from '../../core/clock.ts'
import type { JobEnd, Jobs, OutMessage } from '../../core/contract.ts'
import type { Parked } from '../../core/message.ts'
import type { SchedulePlan } from '../../core/plan.ts'
import { nextFiring } from './next-firing.ts'
import type { Consumer, Subscription } from './stored-queue.ts'

export interface StoredJob {
  readonly message: OutMessage
  /** Its place in line, which it keeps when it comes back. */
  readonly place: number
  /** By the clock's monotonic time. */
  dueAt: number
  readonly keep: Jobs['retention']
  state: 'waiting' | 'active' | 'completed' | 'failed'
  redelivered: boolean
  endedAt: number
  /** Of one that failed. */
  letter: OutMessage | undefined
  /** As its handler said last. */
  progress: number | undefined
  /** By whoever had it last. */
  noted: Parked | undefined
  /** Somebody has had it. */
  taken: boolean
  /** Of one that is completed. */
  end: JobEnd | undefined
  /** The time that it is for, of one that a schedule made. */
  readonly firesAt?: number
}

const LONGEST_TIMER_MS = 2_147_483_647

interface Firing {
  readonly schedule: SchedulePlan
  readonly name: string
  readonly keep: Jobs['retention']
}

export class StoredJobs {
  private readonly clock: Clock
  private readonly jobs = new Map<string, StoredJob>()
  /** In the order in which they are taken. */
  private readonly line: StoredJob[] = []
  /** Earliest first. */
  private readonly delayed: StoredJob[] = []
  /** In the order of their ends. */
  private readonly ended: StoredJob[] = []
  private readonly workers = new Set<Taking>()
  private lastPlace = 0
  private alarm: Timer | undefined
  private firing: Firing | undefined

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** What may be taken now. */
  get waiting(): readonly StoredJob[] {
    return this.line
  }

  get later(): readonly StoredJob[] {
    return this.delayed
  }

  /** How many are with a worker. */
  get active(): number {
    return [...this.workers].reduce((sum, { unsettled }) => sum + unsettled.size, 0)
  }

  failed(): readonly StoredJob[] {
    this.forget()
    return this.ended.filter(({ state }) => state === 'failed')
  }

  find(id: string): StoredJob | undefined {
    this.forget()
    return this.jobs.get(id)
  }

  /** A job whose id is known is no second one. */
  add(message: OutMessage, keep: Jobs['retention']): void {
    this.put(message, keep)
    this.pump()
  }

  /** One firing waits at any time; the next one is added as it is taken. */
  schedule(firing: Firing): void {
    if (JSON.stringify(this.firing) === JSON.stringify(firing)) return
    this.firing = firing
    for (const list of [this.line, this.delayed])
      for (const job of list.filter(({ firesAt }) => firesAt !== undefined)) {
        list.splice(list.indexOf(job), 1)
        this.jobs.delete(job.message.id)
      }
    this.fireAfter(this.clock.now())
    this.pump()
  }

  private fireAfter(ms: number): void {
    if (this.firing === undefined) return
    const { schedule, name, keep } = this.firing
    const now = this.clock.now()
    const at = nextFiring(schedule, Math.max(ms, now))
    const message: OutMessage = {
      id: `repeat:${name}:${at}`,
      type: name,
      key: null,
      value: Buffer.from('{}'),
      headers: {},
      timestamp: now,
      contentType: 'application/json',
      job: { delayMs: at - now, priority: undefined },
    }
    this.put(message, keep, at)
  }

  private put(message: OutMessage, keep: Jobs['retention'], firesAt?: number): void {
    if (this.find(message.id) !== undefined) return
    const dueAt = this.clock.monotonic() + (message.job?.delayMs ?? 0)
    const job: StoredJob = {
      message,
      place: ++this.lastPlace,
      dueAt,
      keep,
      state: 'waiting',
      redelivered: false,
      endedAt: 0,
      letter: undefined,
      progress: undefined,
      noted: undefined,
      taken: false,
      end: undefined,
      ...(firesAt === undefined ? {} : { firesAt }),
    }
    this.jobs.set(message.id, job)
    if (dueAt > this.clock.monotonic()) this.delay(job)
    else this.stand(job)
  }

  consume(consumer: Consumer): Subscription {
    const taking = new Taking(consumer)
    this.workers.add(taking)
    this.pump()
    return {
      ack: (tag, end) => {
        const job = taking.settle(tag)
        if (job?.state === 'active') this.end(job, 'completed', end)
        this.pump()
      },
      cancel: () => void this.workers.delete(taking),
      close: () => {
        this.workers.delete(taking)
        for (const job of taking.unsettled.values()) this.putBack(job)
        taking.unsettled.clear()
        this.pump()
      },
    }
  }

  /** False when nobody is at work on it. */
  fail(id: string, letter: OutMessage): boolean {
    const job = this.jobs.get(id)
    if (job?.state !== 'active') return false
    job.letter = letter
    job.noted = undefined
    this.end(job, 'failed')
    return true
  }

  /** False when nobody is at work on it. */
  park(id: string, noted: Parked, delayMs: number): boolean {
    const job = this.jobs.get(id)
    if (job?.state !== 'active') return false
    job.noted = noted
    job.state = 'waiting'
    job.redelivered = false
    job.dueAt = this.clock.monotonic() + delayMs
    this.delay(job)
    return true
  }

  private end(job: StoredJob, state: 'completed' | 'failed', end?: JobEnd): void {
    job.state = state
    job.end = end
    job.endedAt = this.clock.monotonic()
    this.ended.push(job)
  }

  private putBack(job: StoredJob): void {
    if (job.state !== 'active') return
    job.state = 'waiting'
    job.redelivered = true
    this.stand(job)
  }

  private stand(job: StoredJob): void {
    const at = this.line.findLastIndex((other) => goesBefore(other, job))
    this.line.splice(at + 1, 0, job)
  }

  private delay(job: StoredJob): void {
    const at = this.delayed.findLastIndex(({ dueAt }) => dueAt <= job.dueAt)
    this.delayed.splice(at + 1, 0, job)
    this.arm()
  }

  private arm(): void {
    this.alarm?.cancel()
    // A timer takes 24 days at most; what is later is looked at again then.
    const ms = Math.min(this.untilDue(), LONGEST_TIMER_MS)
    this.alarm = this.clock.after(ms, () => this.pump())
  }

  private untilDue(): number {
    return Math.max(0, (this.delayed[0]?.dueAt ?? 0) - this.clock.monotonic())
  }

  private pump(): void {
    while (this.delayed[0] !== undefined && this.untilDue() === 0)
      this.stand(this.delayed.shift() as StoredJob)
    if (this.delayed.length > 0) this.arm()
    for (let taking = this.free(); taking !== undefined; taking = this.free()) {
      // Its turn is over: the next job goes to the next who has room.
      this.workers.delete(taking)
      this.workers.add(taking)
      const job = this.line.shift() as StoredJob
      if (job.firesAt !== undefined && !job.redelivered) this.fireAfter(job.firesAt)
      taking.give(job)
    }
  }

  private free(): Taking | undefined {
    return this.line.length === 0 ? undefined : [...this.workers].find(({ hasRoom }) => hasRoom)
  }

  /** Those whose time of remembrance is over. */
  private forget(): void {
    const now = this.clock.monotonic()
    for (let at = 0; at < this.ended.length; at++) {
      const job = this.ended[at] as StoredJob
      const keepMs = job.state === 'failed' ? job.keep.failedMs : job.keep.completedMs
      if (keepMs === 'forever' || job.endedAt + keepMs > now) continue
      this.jobs.delete(job.message.id)
      this.ended.splice(at--, 1)
    }
  }
}

const sizeOf = ({ message }: StoredJob) => message.value?.length ?? 0

const rankOf = ({ message }: StoredJob) => message.job?.priority ?? 0

const goesBefore = (one: StoredJob, other: StoredJob) =>
  rankOf(one) < rankOf(other) || (rankOf(one) === rankOf(other) && one.place < other.place)

class Taking {
  readonly unsettled = new Map<number, StoredJob>()
  private readonly consumer: Consumer
  private lastTag = 0
  /** Bytes of what is unsettled. */
  private held = 0

  constructor(consumer: Consumer) {
    this.consumer = consumer
  }

  get hasRoom(): boolean {
    const { prefetch, bytes = Infinity } = this.consumer
    return this.unsettled.size < prefetch && this.held < bytes
  }

  give(job: StoredJob): void {
    const tag = ++this.lastTag
    this.unsettled.set(tag, job)
    this.held += sizeOf(job)
    job.state = 'active'
    job.taken = true
    this.consumer.deliver(job.message, tag, job.redelivered ? 1 : 0, job.noted)
  }

  settle(tag: number): StoredJob | undefined {
    const job = this.unsettled.get(tag)
    if (job !== undefined && this.unsettled.delete(tag)) this.held -= sizeOf(job)
    return job
  }
}
