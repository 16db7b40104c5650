// Looks at health again and again and says what changed: one process of the fleet at a time, by a lease in the state store. Holds nobody
// up, and while that store is away it speaks for itself: what two say then is the same message.
import type { Alert } from '../../core/alert.ts'
import { isoTime, type World } from '../../core/clock.ts'
import type { Claim, StateDriver } from '../../core/contract.ts'
import { asError, SluiceError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import type { AlertingPlan } from '../../core/plan.ts'
import type { NumberMetric } from '../../telemetry/prometheus.ts'
import type { OverallHealth } from '../health/health.ts'
import { Book, type Untold } from './book.ts'
import { alertMetrics, type AlertCounts } from './metrics.ts'
import { KEEP_TOLD_MS, toldOf, toldText, type Told } from './told.ts'

/** Looks that may be missed before somebody else takes over. */
const LEASE_LOOKS = 3

export interface WatchParts {
  readonly fleet: string
  readonly prefix: string
  readonly plan: AlertingPlan
  readonly look: () => Promise<OverallHealth>
  readonly state: StateDriver
  /** Rejects when it was not confirmed. */
  readonly announce: (alert: Alert) => Promise<void>
  readonly world: World
  readonly log: Logger
}

export class AlertWatch {
  private readonly parts: WatchParts
  private readonly book: Book
  private readonly folder: string
  private readonly lease: Claim
  private readonly over = new AbortController()
  private readonly counts: AlertCounts = { sent: { firing: 0, resolved: 0 }, failed: 0, pending: 0 }
  /** Those whose failure stands in the log. */
  private readonly mentioned = new Set<string>()
  private running: Promise<void> | undefined

  constructor(parts: WatchParts) {
    const { plan, prefix, fleet, world } = parts
    this.parts = parts
    this.book = new Book(plan)
    this.folder = `${prefix}${fleet}:alerts`
    const token = world.ids.next()
    const leaseMs = LEASE_LOOKS * plan.everyMs
    const key = `${prefix}${fleet}:alerting`
    this.lease = { key, place: token, message: token, again: 0, token, leaseMs, keepMs: leaseMs }
  }

  /** Once. */
  start(): void {
    this.running ??= this.run()
  }

  /** Leaves the watch to others. Idempotent; never rejects. */
  async stop(): Promise<void> {
    this.over.abort()
    await this.running
    const { state, log } = this.parts
    if (this.running === undefined || !state.isUp()) return
    await state.settle(this.lease, 'open').catch((error: unknown) => {
      log.debug({ err: error }, 'The lease on alerting is left to expire.')
    })
  }

  metrics(): NumberMetric[] {
    return alertMetrics(this.counts, this.book)
  }

  private async run(): Promise<void> {
    const { world, plan, log } = this.parts
    while (!this.over.signal.aborted) {
      try {
        await this.once()
      } catch (error) {
        log.warn({ err: asError(error) }, 'A look for alerts failed; there will be others.')
      }
      await world.clock.sleep(plan.everyMs, this.over.signal)
    }
  }

  private async once(): Promise<void> {
    const { world, look } = this.parts
    this.book.see(await look(), world.clock.monotonic())
    if (!(await this.isMine())) return
    const untold = this.book.untold(world.clock.now())
    this.counts.pending = untold.length
    // One that a broker does not confirm takes its time; whoever stops waits for no more than that.
    for (const one of untold) if (!this.over.signal.aborted) await this.tell(one)
    for (const [key, told] of this.book.unsaved) await this.save(key, told)
  }

  /** False: somebody else speaks. What was said so far is known then, if the store tells. */
  private async isMine(): Promise<boolean> {
    const { state, log } = this.parts
    if (!state.isUp()) return true
    try {
      const { kind } = await state.claim(this.lease)
      for (const [key, text] of await state.list(this.folder)) {
        const told = toldOf(text)
        if (told !== undefined) this.book.hear(key, told)
      }
      this.counts.pending = kind === 'held' ? 0 : this.counts.pending
      return kind !== 'held'
    } catch (error) {
      log.debug({ err: error }, 'The state store does not tell who speaks of alerts.')
      return true
    }
  }

  private async tell(untold: Untold): Promise<void> {
    const { world, announce, log } = this.parts
    const { key, status, told } = untold
    const next: Told = { nth: told.nth + 1, status, at: world.clock.now() }
    const alert = this.alertOf(untold, next)
    try {
      await announce(alert)
    } catch (thrown) {
      this.counts.failed++
      const error = asError(thrown)
      const code = error instanceof SluiceError ? error.code : 'SLU1210'
      // Said once: it is tried again with each look.
      if (!this.mentioned.has(key))
        log.warn({ code, err: error, alert }, 'An alert could not be told; it waits.')
      this.mentioned.add(key)
      return
    }
    this.mentioned.delete(key)
    this.counts.pending--
    this.counts.sent[alert.status]++
    this.book.tell(key, next)
    log.info({ alert }, alert.status === 'firing' ? 'An alert was told.' : 'All is well again.')
  }

  private alertOf({ key, about, status, told, seen }: Untold, next: Told): Alert {
    const { fleet } = this.parts
    const severity = (status === 'pass' ? told.status : status) === 'fail' ? 'critical' : 'warning'
    return {
      id: `${fleet}/${key}/${next.nth}`,
      status: status === 'pass' ? 'resolved' : 'firing',
      severity,
      fleet,
      ...about,
      message: seen?.message ?? 'it is gone',
      code: status === 'pass' ? '' : (seen?.code ?? ''),
      next: status === 'pass' ? '' : (seen?.next ?? ''),
      time: isoTime(next.at),
    }
  }

  private async save(key: string, told: Told): Promise<void> {
    const { state, log } = this.parts
    if (!state.isUp()) return
    const text = { folder: this.folder, name: key, text: toldText(told), ttlMs: KEEP_TOLD_MS }
    try {
      await state.write(text)
      this.book.saved(key, told)
    } catch (error) {
      log.debug({ err: error, key }, 'What was told is not remembered yet.')
    }
  }
}
