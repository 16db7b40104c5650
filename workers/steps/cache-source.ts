// Where the values of a cache step come from: the cache, another process that loads them, or the step's handler.
import type { Check } from '../core/check.ts'
import type { World } from '../core/clock.ts'
import type { CacheDriver } from '../core/contract.ts'
import { asError, SluiceError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { CachePlan, CacheStepPlan } from '../core/plan.ts'
import type { CacheCounts, Tracer } from '../core/telemetry.ts'
import { lifeOf, type Entry } from './cache-entry.ts'
import { addressOf } from './cache-key.ts'
import { createCacheStore, type CacheStore } from './cache-store.ts'
import { tagsOf } from './cache-tags.ts'
import type { Call } from './call.ts'
import { evaluate, type StepContext } from './context.ts'
import { FleetFlights } from './fleet-flights.ts'
import type { Refreshes } from './refreshes.ts'

export interface CacheParts {
  readonly plan: CacheStepPlan
  readonly cache: CachePlan
  /** Before the hash of the key: prefix, fleet and cache, so that fleets can share a Redis. */
  readonly namespace: string
  readonly driver: CacheDriver
  readonly load: Call
  readonly check: Check
  readonly refreshes: Refreshes
  readonly counts: CacheCounts
  readonly world: World
  readonly tracer: Tracer
  readonly log: Logger
}

export interface Answer {
  readonly entry: Entry
  /** waited: another process of the fleet loaded it meanwhile. */
  readonly result: 'hit' | 'stale' | 'waited' | 'miss'
}

/** What the message says about the entry, should it have to be loaded. */
export interface Told {
  readonly input: () => unknown
  readonly tags: (() => unknown) | undefined
}

/** Of a load that no message waits for. */
const behind = ({ envelope, item, span }: StepContext, signal: AbortSignal): StepContext => ({
  envelope,
  item,
  span,
  signal,
  attempt: 1,
  assertLive: () => signal.throwIfAborted(),
})

/** Where the values of one step come from: the cache, or its handler. */
export class CacheSource {
  private readonly parts: CacheParts
  private readonly store: CacheStore
  private readonly flights: FleetFlights

  constructor(parts: CacheParts) {
    const { cache, namespace, driver, counts, log, world } = parts
    this.parts = parts
    this.store = createCacheStore({
      cache,
      namespace,
      driver,
      check: (value) => this.problem(value),
      counts,
      ids: world.ids,
      log,
    })
    this.flights = new FleetFlights(this.store, world)
  }

  address(key: string): string {
    return addressOf(this.parts.namespace, key)
  }

  async answer(ctx: StepContext, address: string, told: Told): Promise<Answer> {
    const found = await this.store.read(address)
    if (found === undefined) return await this.miss(ctx, address, told)
    if (!this.isStale(found)) return { entry: found, result: 'hit' }
    this.refresh(ctx, address, told)
    return { entry: found, result: 'stale' }
  }

  private async miss(ctx: StepContext, address: string, told: Told): Promise<Answer> {
    const { leaseMs } = this.parts.plan
    if (leaseMs === undefined) return { entry: await this.load(ctx, address, told), result: 'miss' }
    const turn = await this.flights.turn(address, leaseMs, ctx.signal)
    if ('found' in turn) return { entry: turn.found, result: 'waited' }
    try {
      return { entry: await this.load(ctx, address, told), result: 'miss' }
    } finally {
      await turn.land()
    }
  }

  /** Undefined: another process of the fleet has loaded the entry anew, or is at it. */
  private async leadRefresh(address: string) {
    const { leaseMs } = this.parts.plan
    if (leaseMs === undefined) return { land: () => Promise.resolve() }
    const turn = await this.flights.lead(address, leaseMs, (found) => !this.isStale(found))
    return turn === undefined || 'found' in turn ? undefined : turn
  }

  private async load(ctx: StepContext, address: string, told: Told): Promise<Entry> {
    const { cache, world, counts, plan } = this.parts
    const tags =
      plan.tags === undefined
        ? []
        : tagsOf(evaluate(plan.tags, told.tags as () => unknown), plan.tags.at)
    // Of the time before the load: what is forgotten while it goes on is forgotten with it.
    const generations = await this.store.generations(tags)
    const value = await this.parts.load(ctx, told.input)
    const problem = this.problem(value)
    if (problem !== undefined) throw this.unfit(problem)
    counts.loads++
    const { traceparent } = ctx.span.context
    const { entry, ttlMs } = lifeOf(cache, value, world)
    const filled: Entry = {
      ...entry,
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(tags.length === 0 ? {} : { tags: generations ?? [] }),
    }
    if (generations !== undefined) await this.store.write(address, filled, ttlMs)
    return filled
  }

  /** For whoever asks next; the message at work has its answer, and may be settled before this ends. */
  private refresh(ctx: StepContext, address: string, told: Told): void {
    const { refreshes, log, cache } = this.parts
    refreshes.start(address, async (signal) => {
      try {
        const turn = await this.leadRefresh(address)
        if (turn === undefined) return
        try {
          await this.load(behind(ctx, signal), address, told)
        } finally {
          await turn.land()
        }
      } catch (thrown) {
        if (signal.aborted) return
        log.warn(
          { cache: cache.name, err: asError(thrown) },
          'A stale cache entry was not loaded anew; it answers until it expires.',
        )
      }
    })
  }

  private isStale({ value, freshUntil }: Entry): boolean {
    return value !== null && freshUntil !== undefined && this.parts.world.clock.now() >= freshUntil
  }

  /** "There is none" fits where it is to be remembered. */
  private problem(value: unknown): string | undefined {
    const { cache, check } = this.parts
    return value === null && cache.absentMs !== undefined ? undefined : check(value)
  }

  private unfit(problem: string): SluiceError {
    const { plan, cache } = this.parts
    const { handler, at } = plan.load
    return new SluiceError('SLU5106', {
      message: `handler ${handler} returned a value that does not fit ${cache.schema}: ${problem}`,
      at,
    })
  }
}
