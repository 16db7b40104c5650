// For which key of a cache a handler is asked: whether it is asked at all depends on who came before, so what befalls it must depend on
// the key alone, and be the same for whoever asks.
import stableStringify from 'safe-stable-stringify'
import type { StepRun } from '../core/step-run.ts'
import type { PipelinePlan } from '../core/plan.ts'
import { allSteps } from '../core/plan-walk.ts'
import type { PipelineModule } from '../runtime/pipeline-parts.ts'
import type { Inputs } from './handler-faults.ts'

export class LoadKeys implements Inputs {
  /** Names of handlers that load caches. */
  private readonly loaders: ReadonlySet<string>
  private readonly keys = new WeakMap<object, string>()

  constructor(pipeline: PipelinePlan) {
    const loads = allSteps(pipeline).flatMap((one) => (one.kind === 'cache' ? [one.load] : []))
    this.loaders = new Set(loads.map(({ handler }) => handler))
  }

  about(handler: string, input: unknown): string {
    return `${handler} ${this.keyOf(handler, input) ?? JSON.stringify(input)}`
  }

  isShared(handler: string, input: unknown): boolean {
    return this.loaders.has(handler) && this.keyOf(handler, input) === undefined
  }

  /** The module, telling which inputs are for which keys. */
  watched(module: PipelineModule): PipelineModule {
    return { ...module, steps: (event, run) => module.steps(event, this.telling(run)) }
  }

  /** Undefined for what is no load, or one whose input is no object. */
  private keyOf(handler: string, input: unknown): string | undefined {
    const mayBe = this.loaders.has(handler) && typeof input === 'object' && input !== null
    return mayBe ? this.keys.get(input) : undefined
  }

  private telling(run: StepRun): StepRun {
    const cache: StepRun['cache'] = (step, key, input, tags) =>
      run.cache(step, key, () => this.remember(input(), key), tags)
    const split: StepRun['split'] = (step, over, id, each) =>
      run.split(step, over, id, (item, within) => each(item, this.telling(within)))
    return new Proxy(run, {
      get(_, name) {
        if (name === 'cache') return cache
        if (name === 'split') return split
        const member: unknown = Reflect.get(run, name)
        return typeof member === 'function' ? member.bind(run) : member
      },
    })
  }

  private remember(input: unknown, key: () => unknown): unknown {
    if (typeof input === 'object' && input !== null)
      this.keys.set(input, stableStringify(key()) ?? '')
    return input
  }
}
