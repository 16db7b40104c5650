// Cache-aside: answer from the cache, else load once per key and remember; the cache never decides whether a message succeeds.
import { SluiceError } from '../core/errors.ts'
import type { CacheStepPlan } from '../core/plan.ts'
import type { Span } from '../core/telemetry.ts'
import type { Entry } from './cache-entry.ts'
import { keyText } from './cache-key.ts'
import { CacheSource, type Answer, type CacheParts } from './cache-source.ts'
import { evaluate, type StepContext } from './context.ts'
import { SingleFlight } from './single-flight.ts'

export type CacheStep = (
  ctx: StepContext,
  key: () => unknown,
  input: () => unknown,
  tags?: () => unknown,
) => Promise<unknown>

export function createCacheStep(parts: CacheParts): CacheStep {
  const { plan, counts, tracer } = parts
  const source = new CacheSource(parts)
  const flights = new SingleFlight<Answer>()
  return async (ctx, key, input, tags) => {
    const address = source.address(textOf(plan, evaluate(plan.key, key)))
    const span = tracer.enabled
      ? tracer.cache({ cache: plan.cache, step: plan.id }, ctx.span.context)
      : undefined
    try {
      // The flight spans read, load and write: whoever comes after it finds the entry.
      const { value: answer, joined } = await flights.run(address, () =>
        source.answer(ctx, address, { input, tags }),
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
