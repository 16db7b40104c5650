// Ends every entry of a cache that has a tag. An effect like any other: while the cache is away the message waits, or what was forgotten
// would answer again.
import type { CacheDriver } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { ForgetStepPlan } from '../core/plan.ts'
import type { CacheCounts, Tracer } from '../core/telemetry.ts'
import { tagAddress, tagOf } from './cache-tags.ts'
import { evaluate, type StepContext } from './context.ts'

export interface ForgetParts {
  readonly plan: ForgetStepPlan
  readonly namespace: string
  readonly driver: CacheDriver
  readonly counts: CacheCounts
  readonly tracer: Tracer
}

/** Doing it again does no harm. */
export type Forget = (ctx: StepContext, tag: () => unknown) => Promise<void>

export const createForget =
  ({ plan, namespace, driver, counts, tracer }: ForgetParts): Forget =>
  async (ctx, tag) => {
    const text = tagOf(evaluate(plan.tag, tag), plan.tag.at)
    ctx.assertLive()
    const span = tracer.cache({ cache: plan.cache, step: plan.id }, ctx.span.context)
    try {
      await driver.delete(tagAddress(namespace, text))
      counts.forgotten++
      span.set({ 'cache.result': 'forgotten' })
    } catch (error) {
      if (error instanceof SluiceError) span.fail(error)
      throw error
    } finally {
      span.end()
    }
  }
