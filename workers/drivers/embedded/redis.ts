// One embedded Redis: its caches, its state, its jobs and its stores go away and come back together.
import type { Clock } from '../../core/clock.ts'
import { EmbeddedCaches } from './caches.ts'
import { EmbeddedJobs } from './jobs.ts'
import { EmbeddedState } from './state.ts'
import { EmbeddedStores } from './stores.ts'

export class EmbeddedRedis {
  /** By the monotonic clock. */
  readonly since: number
  readonly caches: EmbeddedCaches
  readonly state: EmbeddedState
  readonly jobs: EmbeddedJobs
  readonly stores: EmbeddedStores

  constructor(clock: Clock) {
    this.since = clock.monotonic()
    this.caches = new EmbeddedCaches(clock)
    this.state = new EmbeddedState(clock)
    this.jobs = new EmbeddedJobs(clock)
    this.stores = new EmbeddedStores(clock)
  }

  setAvailable(available: boolean): void {
    this.caches.setAvailable(available)
    this.state.setAvailable(available)
    this.jobs.setAvailable(available)
    this.stores.setAvailable(available)
  }
}
