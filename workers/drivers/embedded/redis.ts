// One embedded Redis: its caches and its state go away and come back together.
import type { Clock } from '../../core/clock.ts'
import { EmbeddedCaches } from './caches.ts'
import { EmbeddedState } from './state.ts'

export class EmbeddedRedis {
  readonly caches: EmbeddedCaches
  readonly state: EmbeddedState

  constructor(clock: Clock) {
    this.caches = new EmbeddedCaches(clock)
    this.state = new EmbeddedState(clock)
  }

  setAvailable(available: boolean): void {
    this.caches.setAvailable(available)
    this.state.setAvailable(available)
  }
}
