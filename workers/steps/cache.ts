// Cache-aside: answer from the cache, else load once per key and remember; the cache never decides whether a message succeeds.
import type { Check } from '../core/check.ts'
import type { World } from '../core/clock.ts'
import type { CacheDriver } from '../core/contract.ts'
import { asError, SluiceError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { CachePlan, CacheStepPlan } from '../core/plan.ts'
import type { CacheCounts, Span, Tracer } from '../core/telemetry.ts'
import { lifeOf, type Entry } from './cache-entry.ts'
import { addressOf, keyText } from './cache-key.ts'
import { createCacheStore, type CacheStore } from './cache-store.ts'
import type { Call } from './call.ts'
import { evaluate, type StepContext } from './context.ts'
import { FleetFlights } from './fleet-flights.ts'
import type { Refreshes } from './refreshes.ts'
import { SingleFlight } from './single-flight.ts'

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

interface Answer {
  readonly entry: Entry
  /** waited: another process of the fleet loaded it meanwhile. */
  readonly result: 'hit' | 'stale' | 'waited' | 'miss'
}

export type CacheStep = (
  ctx: StepContext,
  key: () => unknown,
  input: () => unknown,
) => Promise<unknown>

export function createCacheStep(parts: CacheParts): CacheStep {
  const { plan, counts, tracer } = parts
  const source = new Source(parts)
  const flights = new SingleFlight<Answer>()
  return async (ctx, key, input) => {
    const address = source.address(textOf(plan, evaluate(plan.key, key)))
    const span = tracer.enabled
      ? tracer.cache({ cache: plan.cache, step: plan.id }, ctx.span.context)
      : undefined
    try {
      // The flight spans read, load and write: whoever comes after it finds the entry.
      const { value: answer, joined } = await flights.run(address, () =>
        source.answer(ctx, address, input),
      )
      const result = joined && answer.result === 'miss' ? 'hit' : answer.result
      if (result === 'miss') counts.misses++
      else counts.hits++
      if (result === 'waited') counts.waited++
      if (span !== undefined) describe(span, result, answer.entry)
      return answer.entry.value
    } catch (error) {
      if (error instanceof SluiceError) span?.fail(error)
      throw error
    } finally {
      span?.end()
    }
  }
}

function textOf(plan: CacheStepPlan, key: unknown): string {
  try {
    const text = keyText(key)
    if (text !== undefined) return text
  } catch (cause) {
    throw new SluiceError('SLU5107', {
      message: `the key of cache step ${plan.id} is not plain data`,
      at: plan.key.at,
      cause,
    })
  }
  throw new SluiceError('SLU5104', {
    message: `the key of cache step ${plan.id} is undefined`,
    at: plan.key.at,
  })
}

function describe(span: Span, result: Answer['result'], entry: Entry): void {
  span.set({ 'cache.result': result })
  if (result !== 'miss' && entry.traceparent !== undefined)
    span.link({ traceparent: entry.traceparent })
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
class Source {
  private readonly parts: CacheParts
  private readonly store: CacheStore
  private readonly flights: FleetFlights

  constructor(parts: CacheParts) {
    const { cache, driver, counts, log, world } = parts
    this.parts = parts
    this.store = createCacheStore({
      cache,
      driver,
      check: (value) => this.problem(value),
      counts,
      log,
    })
    this.flights = new FleetFlights(this.store, world)
  }

  address(key: string): string {
    return addressOf(this.parts.namespace, key)
  }

  async answer(ctx: StepContext, address: string, input: () => unknown): Promise<Answer> {
    const found = await this.store.read(address)
    if (found === undefined) return await this.miss(ctx, address, input)
    if (!this.isStale(found)) return { entry: found, result: 'hit' }
    this.refresh(ctx, address, input)
    return { entry: found, result: 'stale' }
  }

  private async miss(ctx: StepContext, address: string, input: () => unknown): Promise<Answer> {
    const { leaseMs } = this.parts.plan
    if (leaseMs === undefined)
      return { entry: await this.load(ctx, address, input), result: 'miss' }
    const turn = await this.flights.turn(address, leaseMs, ctx.signal)
    if ('found' in turn) return { entry: turn.found, result: 'waited' }
    try {
      return { entry: await this.load(ctx, address, input), result: 'miss' }
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

  private async load(ctx: StepContext, address: string, input: () => unknown): Promise<Entry> {
    const { cache, world, counts } = this.parts
    const value = await this.parts.load(ctx, input)
    const problem = this.problem(value)
    if (problem !== undefined) throw this.unfit(problem)
    counts.loads++
    const { traceparent } = ctx.span.context
    const { entry, ttlMs } = lifeOf(cache, value, world)
    const filled = traceparent === undefined ? entry : { ...entry, traceparent }
    await this.store.write(address, filled, ttlMs)
    return filled
  }

  /** For whoever asks next; the message at work has its answer, and may be settled before this ends. */
  private refresh(ctx: StepContext, address: string, input: () => unknown): void {
    const { refreshes, log, cache } = this.parts
    refreshes.start(address, async (signal) => {
      try {
        const turn = await this.leadRefresh(address)
        if (turn === undefined) return
        try {
          await this.load(behind(ctx, signal), address, input)
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
