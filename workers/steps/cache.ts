// Cache-aside: answer from the cache, else load once per key and remember; the cache never decides whether a message succeeds.
import { hash } from 'node:crypto'
import { configure } from 'safe-stable-stringify'
import type { Check } from '../core/check.ts'
import type { CacheDriver } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { CachePlan, CacheStepPlan } from '../core/plan.ts'
import type { CacheCounts, Span, TraceContext, Tracer } from '../core/telemetry.ts'
import type { Call } from './call.ts'
import { evaluate, type StepContext } from './context.ts'
import { SingleFlight } from './single-flight.ts'

const stable = configure({ strict: true, bigint: false })

export interface CacheParts {
  readonly plan: CacheStepPlan
  readonly cache: CachePlan
  /** Before the hash of the key: prefix, fleet and cache, so that fleets can share a Redis. */
  readonly namespace: string
  readonly driver: CacheDriver
  readonly load: Call
  readonly check: Check
  readonly counts: CacheCounts
  readonly tracer: Tracer
  readonly log: Logger
}

/** What stands in the cache, as JSON: the value, and the trace that filled it. */
interface Entry {
  readonly value: unknown
  readonly traceparent?: string
}

interface Answer {
  readonly entry: Entry
  readonly hit: boolean
}

export type CacheStep = (
  ctx: StepContext,
  key: () => unknown,
  input: () => unknown,
) => Promise<unknown>

export function createCacheStep(parts: CacheParts): CacheStep {
  const { plan, counts, tracer, namespace } = parts
  const flights = new SingleFlight<Answer>()
  return async (ctx, key, input) => {
    const address = namespace + hash('sha256', keyText(plan, evaluate(plan.key, key)), 'base64url')
    const span = tracer.enabled
      ? tracer.cache({ cache: plan.cache, step: plan.id }, ctx.span.context)
      : undefined
    try {
      // The flight spans read, load and write: whoever comes after it finds the entry.
      const { value: answer, joined } = await flights.run(address, () =>
        readOrLoad(parts, ctx, address, input),
      )
      const hit = answer.hit || joined
      if (hit) counts.hits++
      else counts.misses++
      if (span !== undefined) describe(span, hit, answer.entry)
      return answer.entry.value
    } catch (error) {
      if (error instanceof SluiceError) span?.fail(error)
      throw error
    } finally {
      span?.end()
    }
  }
}

function keyText(plan: CacheStepPlan, key: unknown): string {
  try {
    const text = stable(key)
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

function describe(span: Span, hit: boolean, entry: Entry): void {
  span.set({ 'cache.result': hit ? 'hit' : 'miss' })
  if (hit && entry.traceparent !== undefined) span.link({ traceparent: entry.traceparent })
}

async function readOrLoad(
  parts: CacheParts,
  ctx: StepContext,
  address: string,
  input: () => unknown,
): Promise<Answer> {
  let text: string | undefined
  try {
    text = await parts.driver.get(address)
  } catch (error) {
    whenDown(parts, error)
  }
  const found = text === undefined ? undefined : entryIn(parts, text)
  if (found !== undefined) return { entry: found, hit: true }
  const entry = entryOf(await load(parts, ctx, input), ctx.span.context)
  try {
    await parts.driver.set(address, JSON.stringify(entry), parts.cache.ttlMs)
  } catch (error) {
    whenDown(parts, error)
  }
  return { entry, hit: false }
}

async function load(parts: CacheParts, ctx: StepContext, input: () => unknown): Promise<unknown> {
  const value = await parts.load(ctx, input)
  const problem = parts.check(value)
  if (problem !== undefined) {
    const { handler, at } = parts.plan.load
    throw new SluiceError('SLU5106', {
      message: `handler ${handler} returned a value that does not fit ${parts.cache.schema}: ${problem}`,
      at,
    })
  }
  parts.counts.loads++
  return value
}

const entryOf = (value: unknown, context: TraceContext): Entry =>
  context.traceparent === undefined ? { value } : { value, traceparent: context.traceparent }

/** An entry of another shape (an older version, a foreign writer) is a miss, and is overwritten. */
function entryIn(parts: CacheParts, text: string): Entry | undefined {
  try {
    const entry = JSON.parse(text) as Entry | null
    if (entry !== null && typeof entry === 'object' && parts.check(entry.value) === undefined)
      return entry
  } catch {
    // Not ours: fall through to the miss.
  }
  parts.log.warn(
    { cache: parts.cache.name },
    'A cache entry does not fit its schema; it is loaded again.',
  )
  return undefined
}

/** `bypass`: go on without the cache, counted. `fail`: the message fails, as transient. */
function whenDown(parts: CacheParts, error: unknown): void {
  if (parts.cache.whenDown === 'fail') throw error
  parts.counts.bypassed++
}
