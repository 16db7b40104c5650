// Holds a pipeline still while a dependency is away, and lets everything that waits for it go on together when it is back.
import type { World } from '../core/clock.ts'
import type { Driver } from '../core/contract.ts'
import { backoffMs, OUTAGE_BACKOFF } from './backoff.ts'

export class Outages {
  private readonly world: World
  private readonly onChange: () => void
  private readonly holds = new Map<Driver, Promise<void>>()

  constructor(world: World, onChange: () => void) {
    this.world = world
    this.onChange = onChange
  }

  /** True while something is away: start nothing. */
  get holding(): boolean {
    return this.holds.size > 0
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
    await this.world.clock.sleep(backoffMs(OUTAGE_BACKOFF, times, this.world.random))
    await driver.whenUp()
    this.holds.delete(driver)
    this.onChange()
  }
}
