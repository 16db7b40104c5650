// Holds a pipeline still while a dependency is away, and lets everything that waits for it go on together when it is back.
import type { World } from '../core/clock.ts'
import type { Driver } from '../core/contract.ts'
import { backoffMs, OUTAGE_BACKOFF } from './backoff.ts'
import type { NeededBreakers } from './breakers.ts'

export interface OutagesParts {
  readonly world: World
  readonly breakers: NeededBreakers
}

export class Outages {
  private readonly parts: OutagesParts
  private readonly onChange: () => void
  private readonly holds = new Map<Driver, Promise<void>>()

  constructor(parts: OutagesParts, onChange: () => void) {
    this.parts = parts
    this.onChange = onChange
  }

  /** True while something is away: start nothing. */
  get holding(): boolean {
    return this.holds.size > 0
  }

  /** True also while no more than single calls find out whether something is back. */
  get away(): boolean {
    return this.holding || this.parts.breakers.open.length > 0
  }

  /** True while somebody waits for this driver already. */
  waitsFor(driver: Driver): boolean {
    return this.holds.has(driver)
  }

  /** Resolves when the driver is up again, after a pause that grows with `times` (1-based). Shared by all who ask meanwhile. */
  wait(driver: Driver, times: number): Promise<void> {
    const known = this.holds.get(driver)
    if (known !== undefined) return known
    const hold = this.restored(driver, times)
    this.holds.set(driver, hold)
    return hold
  }

  private async restored(driver: Driver, times: number): Promise<void> {
    const { world } = this.parts
    await world.clock.sleep(backoffMs(OUTAGE_BACKOFF, times, world.random))
    await driver.whenUp()
    this.holds.delete(driver)
    this.onChange()
  }
}
