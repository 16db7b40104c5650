// The steps of one message as far as its caches need them: what is computed is computed, what is cached is asked for, nothing is sent.
import type { RouteStepPlan, SplitStepPlan, StepPlan, MapStepPlan } from '../../core/plan.ts'
import type { StepRun } from '../../core/step-run.ts'
import type { CacheStep } from '../../steps/cache.ts'
import { evaluate, type StepContext } from '../../steps/context.ts'
import { itemsOf } from '../items.ts'

/** What comes after it needs a value that only the pipeline itself may make. */
export class EndOfWarmth extends Error {}

export interface WarmParts {
  /** By their indexes. */
  readonly steps: readonly StepPlan[]
  readonly caches: ReadonlyMap<number, CacheStep>
  readonly context: StepContext
}

export class WarmRun implements StepRun {
  readonly item: string | undefined
  private readonly parts: WarmParts

  constructor(parts: WarmParts, item?: string) {
    this.parts = parts
    this.item = item
  }

  test(step: number, when: () => unknown): boolean {
    const { when: plan } = this.parts.steps[step] as StepPlan
    return Boolean(plan === undefined ? when() : evaluate(plan, when))
  }

  cache(
    step: number,
    key: () => unknown,
    input: () => unknown,
    tags?: () => unknown,
  ): Promise<unknown> {
    const { caches, context } = this.parts
    return (caches.get(step) as CacheStep)({ ...context, item: this.item }, key, input, tags)
  }

  map(step: number, value: () => unknown): unknown {
    return evaluate((this.parts.steps[step] as MapStepPlan).value, value)
  }

  route(step: number, branches: readonly (() => unknown)[]): number {
    const plan = this.parts.steps[step] as RouteStepPlan
    const way = plan.branches.findIndex(({ when }, at) =>
      Boolean(evaluate(when, branches[at] as () => unknown)),
    )
    if (way === -1 && 'fail' in plan.otherwise) throw new EndOfWarmth()
    return way === -1 ? plan.branches.length : way
  }

  async split(
    step: number,
    over: () => unknown,
    id: ((item: unknown) => unknown) | undefined,
    each: (item: unknown, run: StepRun) => Promise<void>,
  ): Promise<void> {
    const { list, names } = itemsOf(this.parts.steps[step] as SplitStepPlan, over, id)
    for (const [at, item] of list.entries()) await each(item, new WarmRun(this.parts, names[at]))
  }

  /** A handler may do anything, and is not for us to call. */
  call(): Promise<never> {
    return Promise.reject(new EndOfWarmth())
  }

  request(): Promise<never> {
    return Promise.reject(new EndOfWarmth())
  }

  /** What closes a window depends on all messages before. */
  window(): Promise<never> {
    return Promise.reject(new EndOfWarmth())
  }

  command(): Promise<void> {
    return NOTHING
  }

  event(): Promise<void> {
    return NOTHING
  }

  job(): Promise<void> {
    return NOTHING
  }

  store(): Promise<void> {
    return NOTHING
  }

  forget(): Promise<void> {
    return NOTHING
  }

  dedupe(): Promise<void> {
    return NOTHING
  }

  reply(): Promise<void> {
    return NOTHING
  }
}

const NOTHING = Promise.resolve()
