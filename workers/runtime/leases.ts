// Keeps the leases of what messages hold while they are at work or wait for another attempt, however long that takes; never takes back what
// another delivery holds by now.
import type { Clock, Timer } from '../core/clock.ts'
import type { Claim, StateDriver } from '../core/contract.ts'

export interface LeasesParts {
  readonly state: StateDriver
  readonly clock: Clock
  readonly leaseMs: number
}

/** Of a lease: so often one is renewed that a call or two may fail. */
const SHARE = 1 / 4

export class Leases {
  private readonly parts: LeasesParts
  /** Since when, by the monotonic clock. */
  private readonly held = new Map<Claim, number>()
  private timer: Timer | undefined

  constructor(parts: LeasesParts) {
    this.parts = parts
  }

  /** From its claim until `letGo`. */
  keep(claim: Claim): void {
    this.held.set(claim, this.parts.clock.monotonic())
    this.watch()
  }

  letGo(claim: Claim): void {
    this.held.delete(claim)
    if (this.held.size > 0) return
    this.timer?.cancel()
    this.timer = undefined
  }

  private watch(): void {
    const { clock, leaseMs } = this.parts
    this.timer ??= clock.after(leaseMs * SHARE, () => {
      this.timer = undefined
      this.renew()
      if (this.held.size > 0) this.watch()
    })
  }

  private renew(): void {
    const { state, clock, leaseMs } = this.parts
    const now = clock.monotonic()
    for (const [claim, since] of this.held) {
      if (now - since < leaseMs * SHARE) continue
      this.held.set(claim, now)
      // While the store is away nobody else can claim it either.
      if (state.isUp()) state.settle(claim, 'held').catch(() => {})
    }
  }
}
