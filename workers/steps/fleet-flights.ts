// One load of a key at a time in the whole fleet: who holds the lease beside the entry loads, the others wait for what it writes. Never
// why a message fails: who cannot have a lease, or waits in vain, loads for itself.
import type { World } from '../core/clock.ts'
import type { Entry } from './cache-entry.ts'
import type { CacheStore } from './cache-store.ts'

/** Answered by what another process loaded; or to load, and to `land` when that is over, whatever came of it. */
export type Turn = { readonly found: Entry } | { readonly land: () => Promise<void> }

/** Between two looks at an entry that another process loads. */
const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 100

export class FleetFlights {
  private readonly store: CacheStore
  private readonly world: World

  constructor(store: CacheStore, world: World) {
    this.store = store
    this.world = world
  }

  /**
   * Waits while another process loads, for `leaseMs` at most: so long a lease holds, and so much does a process cost that
   * ends while it has one.
   */
  async turn(address: string, leaseMs: number, signal: AbortSignal): Promise<Turn> {
    const { store, world } = this
    const { clock, random } = world
    const until = clock.monotonic() + leaseMs
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      const turn = await this.lead(address, leaseMs, () => true)
      if (turn !== undefined) return turn
      const left = until - clock.monotonic()
      if (left <= 0 || signal.aborted) return ALONE
      await clock.sleep(Math.min(left, pause * (0.5 + random.next() / 2)), signal)
      const found = await store.read(address)
      if (found !== undefined) return { found }
    }
  }

  /** Undefined: another process loads it. `isEnough` of an entry that was written before the lease was ours. */
  async lead(
    address: string,
    leaseMs: number,
    isEnough: (found: Entry) => boolean,
  ): Promise<Turn | undefined> {
    const { store, world } = this
    const token = world.ids.next()
    const land = () => store.release(address, token)
    try {
      const lease = await store.lease(address, token, leaseMs)
      if (lease === 'held') return undefined
      // Of a lease without an answer nobody knows whether it is held.
      const found = lease === 'ours' ? await store.read(address) : undefined
      if (found === undefined || !isEnough(found)) return { land }
      await land()
      return { found }
    } catch (error) {
      // A message that fails leaves nothing that its next attempt would wait for.
      await land()
      throw error
    }
  }
}

const ALONE: Turn = { land: () => Promise.resolve() }
