// Stops calling what mostly fails, and finds out by single probes when it works again; a call that it holds back is never an attempt.
import type { Clock, Timer } from '../core/clock.ts'
import { SluiceError } from '../core/errors.ts'
import { Gate } from '../core/gate.ts'
import type { Logger } from '../core/log.ts'
import type { BreakerPlan } from '../core/plan-policies.ts'
import type { BreakerCounts } from '../core/telemetry.ts'
import { BreakerWindow } from './breaker-window.ts'

export interface BreakerParts {
  readonly plan: BreakerPlan
  readonly counts: BreakerCounts
  readonly clock: Clock
  readonly log: Logger
}

export const quietBreaker = (): BreakerCounts => ({
  state: 'closed',
  opened: 0,
  refused: 0,
  failedProbes: 0,
})

/** One admitted call. What it says counts only while the breaker is in the state in which it was admitted. */
interface Admission {
  readonly who: object | undefined
  readonly term: number
  readonly isProbe: boolean
}

export class Breaker {
  readonly name: string
  private readonly parts: BreakerParts
  private readonly window: BreakerWindow
  /** Open while a call may begin. */
  private readonly gate = new Gate(true)
  private readonly listeners: (() => void)[] = []
  /** Grows with each change of state. */
  private term = 0
  private succeeded = 0
  /** When a probe of a message failed first, by the monotonic clock. */
  private readonly failedSince = new WeakMap<object, number>()
  private timer: Timer | undefined

  constructor(parts: BreakerParts) {
    this.name = parts.plan.name
    this.parts = parts
    this.window = new BreakerWindow(parts.plan.window)
  }

  get state(): BreakerCounts['state'] {
    return this.parts.counts.state
  }

  /** True while a call would be let through. */
  get ready(): boolean {
    return this.gate.isOpen
  }

  /** Resolves when a call would be let through: all who wait are woken together, in their order, and the first one is the probe. */
  turn(): Promise<void> {
    return this.gate.whenOpen()
  }

  /** Called after `ready` became true, once those who waited for their turn have theirs. */
  onReady(listener: () => void): void {
    this.listeners.push(listener)
  }

  /**
   * Does `work` for the message `who`. Rejects with SLU5504 when it is not let through, and when it failed while the breaker was
   * open or was a probe that failed: neither is an attempt. What failed for another reason rejects as it did.
   */
  async run<Value>(who: object | undefined, work: () => Promise<Value>): Promise<Value> {
    const admission = this.admit(who)
    try {
      const value = await work()
      this.success(admission)
      return value
    } catch (thrown) {
      throw this.failure(admission, thrown)
    }
  }

  /** It changes its state no more by itself. */
  stop(): void {
    this.timer?.cancel()
  }

  private admit(who: object | undefined): Admission {
    const { counts } = this.parts
    if (!this.gate.isOpen) {
      counts.refused++
      throw this.refusal(counts.state === 'open' ? 'is open' : 'is being probed')
    }
    const isProbe = counts.state === 'half-open'
    // One at a time: what it needs may just be coming back.
    if (isProbe) this.gate.shut()
    return { who, term: this.term, isProbe }
  }

  private success({ term, isProbe }: Admission): void {
    if (term !== this.term) return
    if (!isProbe) this.window.record(0)
    else if (++this.succeeded >= this.parts.plan.probes) this.close()
    else this.letThrough()
  }

  private failure({ who, term, isProbe }: Admission, thrown: unknown): unknown {
    const current = term === this.term
    if (!counted(thrown)) {
      if (current && isProbe) this.letThrough()
      return thrown
    }
    if (!current) return this.state === 'closed' ? thrown : this.excuse(thrown)
    if (!isProbe) {
      this.window.record(1)
      if (!this.isTooMuch()) return thrown
      this.open(thrown)
      return this.excuse(thrown)
    }
    this.parts.counts.failedProbes++
    this.open(thrown)
    return this.isPatientWith(who) ? this.excuse(thrown) : thrown
  }

  private isTooMuch(): boolean {
    const { minimum, failureRate } = this.parts.plan
    const { size, failures } = this.window
    return size >= minimum && failures * 100 >= failureRate * size
  }

  /** Where nothing else can be the probe, a message that fails by itself would keep the breaker open for ever. */
  private isPatientWith(who: object | undefined): boolean {
    if (who === undefined) return true
    const now = this.parts.clock.monotonic()
    const since = this.failedSince.get(who) ?? now
    this.failedSince.set(who, since)
    return now - since < this.parts.plan.patienceMs
  }

  // ---------------------------------------------------------------- states

  private open(cause: SluiceError): void {
    const { plan, counts, clock, log } = this.parts
    if (counts.state === 'closed') {
      counts.opened++
      const { failures, size } = this.window
      log.warn(
        { code: 'SLU5504', breaker: plan.name, failures, of: size, err: cause },
        'A breaker opened; pipelines that need it wait.',
      )
    }
    this.become('open')
    this.gate.shut()
    this.timer = clock.after(plan.openMs, () => this.halfOpen())
  }

  private halfOpen(): void {
    this.become('half-open')
    this.succeeded = 0
    this.parts.log.debug({ breaker: this.name }, 'A breaker is tried with single calls.')
    this.letThrough()
  }

  private close(): void {
    this.become('closed')
    this.window.clear()
    this.parts.log.info({ breaker: this.name }, 'A breaker closed again; pipelines go on.')
    this.letThrough()
  }

  private become(state: BreakerCounts['state']): void {
    this.parts.counts.state = state
    this.term++
  }

  private letThrough(): void {
    this.gate.open()
    // Those who wait are older than what a listener may start.
    void Promise.resolve().then(() => {
      for (const listener of this.listeners) listener()
    })
  }

  private refusal(how: string): SluiceError {
    return new SluiceError('SLU5504', { message: `breaker ${this.name} ${how}` })
  }

  private excuse(cause: SluiceError): SluiceError {
    return new SluiceError('SLU5504', {
      message: `breaker ${this.name} is open: ${cause.message}`,
      ...(cause.at === undefined ? {} : { at: cause.at }),
      cause,
    })
  }
}

/** What a message or the pipeline is to blame for says nothing about what is called, nor does a connection that is away: that is waited for already. */
const counted = (thrown: unknown): thrown is SluiceError =>
  thrown instanceof SluiceError &&
  thrown.failure === 'transient' &&
  !thrown.outage &&
  thrown.code !== 'SLU5501'
