// Queues of jobs in memory, as BullMQ keeps them; one state for all drivers of a process.
import type { Clock } from '../../core/clock.ts'
import type { Jobs, JobStatus, OutMessage } from '../../core/contract.ts'
import { attemptOf } from '../../core/job-status.ts'
import { jobData } from '../../core/job-data.ts'
import type { Parked } from '../../core/message.ts'
import type { SchedulePlan } from '../../core/plan.ts'
import type { Reach } from './reach.ts'
import { StoredJobs, type StoredJob } from './stored-jobs.ts'
import type { Consumer, Subscription } from './stored-queue.ts'

export class EmbeddedJobs {
  private available = true
  private readonly clock: Clock
  private readonly queues = new Map<string, StoredJobs>()
  private readonly reaches = new Set<Reach>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** For tests and simulation: false takes the server away from all drivers, true gives it back with all its jobs. */
  setAvailable(available: boolean): void {
    this.available = available
    for (const reach of this.reaches)
      if (available) reach.heal('away')
      else reach.cut('away')
  }

  /** A driver's own way to the server goes up and down with it. */
  reachedBy(reach: Reach): void {
    this.reaches.add(reach)
    if (!this.available) reach.cut('away')
  }

  get isAvailable(): boolean {
    return this.available
  }

  /** A job always has a name: its sender's word for it, else that of its queue. */
  add({ address, name, retention }: Jobs, message: OutMessage): void {
    const { type = name, value } = message
    this.at(address).add({ ...message, type, value: jobData(value) }, retention)
  }

  /** Fires from now on; once, whoever says so again. */
  schedule({ address, name, retention }: Jobs, schedule: SchedulePlan): void {
    this.at(address).schedule({ schedule, name, keep: retention })
  }

  consume(address: string, consumer: Consumer): Subscription {
    return this.at(address).consume(consumer)
  }

  /** A queue of jobs is there as soon as somebody names it. */
  typeOf(): string {
    return 'jobs'
  }

  watchCreation(): () => void {
    return () => {}
  }

  /** Jobs that may be taken now. */
  depth(address: string): number {
    return this.at(address).waiting.length
  }

  find(address: string, id: string): StoredJob | undefined {
    return this.at(address).find(id)
  }

  park(address: string, id: string, noted: Parked, delayMs: number): boolean {
    return this.at(address).park(id, noted, delayMs)
  }

  fail(address: string, id: string, letter: OutMessage): boolean {
    return this.at(address).fail(id, letter)
  }

  status(address: string, id: string): JobStatus | undefined {
    const job = this.find(address, id)
    if (job === undefined) return undefined
    const { progress, noted, taken, end, letter } = job
    const isDelayed = job.state === 'waiting' && this.delayed(address).includes(job)
    return {
      state: isDelayed ? 'delayed' : job.state,
      progress,
      attempt: attemptOf({ end, letter: letter?.headers, noted, taken }),
      end,
      letter: letter?.headers,
    }
  }

  /** What may be taken now, in the order in which it would be; looking takes nothing. */
  waiting(address: string): readonly StoredJob[] {
    return this.at(address).waiting
  }

  /** What may not be taken yet, earliest first. */
  delayed(address: string): readonly StoredJob[] {
    return this.at(address).later
  }

  /** How many are with a worker. */
  active(address: string): number {
    return this.at(address).active
  }

  /** What has failed for good and is not forgotten, the oldest failure first. */
  failed(address: string): readonly StoredJob[] {
    return this.at(address).failed()
  }

  private at(address: string): StoredJobs {
    const jobs = this.queues.get(address) ?? new StoredJobs(this.clock)
    this.queues.set(address, jobs)
    return jobs
  }
}
