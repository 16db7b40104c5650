// Queues of jobs in memory, as BullMQ keeps them; one state for all drivers of a process.
import type { Clock } from '../../core/clock.ts'
import type { OutMessage } from '../../core/contract.ts'
import { Gate } from '../../core/gate.ts'

export interface StoredJob {
  readonly message: OutMessage
  /** By the clock's monotonic time. */
  readonly dueAt: number
}

export class EmbeddedJobs {
  /** Shut: the server is away. */
  readonly available = new Gate(true)
  private readonly clock: Clock
  private readonly queues = new Map<string, Map<string, StoredJob>>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** For tests and simulation: false takes the server away from all drivers, true gives it back with all its jobs. */
  setAvailable(available: boolean): void {
    if (available) this.available.open()
    else this.available.shut()
  }

  /** A job whose id is known is no second one. */
  add(address: string, message: OutMessage): void {
    const jobs = this.queues.get(address) ?? new Map<string, StoredJob>()
    this.queues.set(address, jobs)
    if (jobs.has(message.id)) return
    const dueAt = this.clock.monotonic() + (message.job?.delayMs ?? 0)
    jobs.set(message.id, { message, dueAt })
  }

  /** What waits and may be taken now, in the order in which it would be. */
  waiting(address: string): readonly StoredJob[] {
    const now = this.clock.monotonic()
    return [...(this.queues.get(address)?.values() ?? [])]
      .filter(({ dueAt }) => dueAt <= now)
      .toSorted((a, b) => rankOf(a) - rankOf(b))
  }

  /** What may not be taken yet, earliest first. */
  delayed(address: string): readonly StoredJob[] {
    const now = this.clock.monotonic()
    return [...(this.queues.get(address)?.values() ?? [])]
      .filter(({ dueAt }) => dueAt > now)
      .toSorted((a, b) => a.dueAt - b.dueAt)
  }
}

const rankOf = ({ message }: StoredJob) => message.job?.priority ?? 0
