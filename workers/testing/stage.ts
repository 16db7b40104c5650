// Where a case runs: on embedded drivers in a time of its own, or on the brokers of the environment in ours.
import type { World } from '../core/clock.ts'
import { countedIds, seededRandom } from '../core/seeded.ts'
import { createVirtualClock } from '../core/virtual-clock.ts'
import type { JobDriver, LogDriver, QueueDriver } from '../core/contract.ts'
import type { DriverFactories } from '../runtime/connections.ts'

/** What can be done to the process of a driver. */
export interface Mortal {
  /** Its way to the broker is gone, until `heal`. */
  cut(): void
  heal(): void
  /** Its broker takes away all that it holds, at once; it may ask for it again. */
  expel(): void
  /** It is killed: nothing is drained, nothing settled. */
  crash(): void
}

interface EmbeddedFactories extends DriverFactories {
  kafka(...made: Parameters<DriverFactories['kafka']>): LogDriver & Mortal
  rabbitmq(...made: Parameters<DriverFactories['rabbitmq']>): QueueDriver & Mortal
  jobs(...made: Parameters<DriverFactories['jobs']>): JobDriver & Mortal
}

/** Embedded brokers of one case. */
export interface EmbeddedBrokers {
  readonly factories: EmbeddedFactories
  /** By connection: false takes it away from everybody, true gives it back with all it holds. */
  setAvailable(connection: string, available: boolean): void
  /** What a connection caches, apart from everything else that it holds. Undefined for one that caches nothing. */
  caches(connection: string): { flush(): void; setAvailable(available: boolean): void } | undefined
}

export interface Stage {
  readonly world: World
  readonly factories: DriverFactories
  readonly prefix: string
  /** Undefined: nothing can be taken away here. */
  readonly setAvailable: EmbeddedBrokers['setAvailable'] | undefined
  /** How long a case may take, of its own time. */
  readonly limitMs: number
  /** Lets a little happen; `outside`: real calls that wait for something else than the case's clock. */
  step(outside: () => number): Promise<void>
}

/** Every case begins at this moment: 2026-01-01T00:00:00Z. */
const START = 1_767_225_600_000
const DAY = 86_400_000
/** Real milliseconds that a real handler may keep the case's clock waiting. */
const PATIENCE_MS = 10_000

/** The same case takes the same course each time, as far as real handlers do. `real` is only asked for patience. */
export function embeddedStage(makeBrokers: (world: World) => EmbeddedBrokers, real: World): Stage {
  const clock = createVirtualClock(START)
  const world: World = { clock, random: seededRandom(1), ids: countedIds() }
  const { factories, setAvailable } = makeBrokers(world)
  let patience = PATIENCE_MS
  return {
    world,
    factories,
    setAvailable,
    prefix: '',
    limitMs: DAY,
    async step(outside) {
      await clock.advance(0)
      if (outside() > 0 && patience > 0) {
        const before = real.clock.monotonic()
        await real.clock.sleep(1)
        patience -= real.clock.monotonic() - before
      } else {
        if (outside() === 0) patience = PATIENCE_MS
        const next = clock.untilNext()
        if (next === undefined) await real.clock.sleep(1)
        else await clock.advance(next)
      }
    },
  }
}

/** Longest course of a case on real brokers. */
const REAL_LIMIT_MS = 120_000

export function realStage(world: World, factories: DriverFactories, prefix: string): Stage {
  return {
    world,
    factories,
    prefix,
    setAvailable: undefined,
    limitMs: REAL_LIMIT_MS,
    step: () => world.clock.sleep(20),
  }
}
