// Stands between a pipeline's module and the runtime, changes nothing, and tells what each step did with each message.
import type { Envelope } from '../core/message.ts'
import type { CacheStepPlan, ForgetStepPlan, PipelinePlan, StepPlan } from '../core/plan.ts'
import { allSteps } from '../core/plan-walk.ts'
import type { StepRun } from '../core/step-run.ts'
import { cacheNamespace, type NamedParts } from '../runtime/assemble.ts'
import type { PipelineModule } from '../runtime/pipeline-parts.ts'
import type { Recorder } from './recorder.ts'
import type { StepStory } from './story.ts'

export function witnessed(
  module: PipelineModule,
  pipeline: PipelinePlan,
  named: NamedParts,
  recorder: Recorder,
): PipelineModule {
  const steps = allSteps(pipeline)
  const keyed = (step: StepPlan, key: unknown) =>
    recorder.keyed(cacheNamespace(named, (step as CacheStepPlan).cache), key)
  const tagged = (step: StepPlan, tag: unknown) => {
    const { cache } = step as ForgetStepPlan
    recorder.tagged(cache, cacheNamespace(named, cache), tag)
  }
  return {
    accepts(event) {
      recorder.accepted(event)
      return module.accepts?.(event) ?? true
    },
    steps(event: Envelope, run: StepRun) {
      const told: StepStory[] = []
      recorder.attempted(event, told)
      return module.steps(event, new WitnessedRun(run, { steps, told, keyed, tagged }))
    },
  }
}

interface Witness {
  readonly steps: readonly StepPlan[]
  /** Filled as the attempt goes on. */
  readonly told: StepStory[]
  /** Somebody asks a cache. */
  keyed(step: StepPlan, key: unknown): void
  /** A tag is to be forgotten. */
  tagged(step: StepPlan, tag: unknown): void
}

/** One attempt; each item of a split has one of its own. */
class WitnessedRun implements StepRun {
  readonly item: string | undefined
  private readonly run: StepRun
  private readonly witness: Witness

  constructor(run: StepRun, witness: Witness) {
    this.run = run
    this.item = run.item
    this.witness = witness
  }

  test(step: number, when: () => unknown): boolean {
    const holds = this.run.test(step, when)
    if (!holds) this.tell(step, 'skipped')
    return holds
  }

  call(step: number, input: () => unknown): Promise<unknown> {
    return this.given(step, this.run.call(step, input))
  }

  cache(
    step: number,
    key: () => unknown,
    input: () => unknown,
    tags?: () => unknown,
  ): Promise<unknown> {
    const { witness, run } = this
    const heard = () => {
      const value = key()
      witness.keyed(witness.steps[step] as StepPlan, value)
      return value
    }
    return this.given(step, run.cache(step, heard, input, tags))
  }

  forget(step: number, tag: () => unknown): Promise<void> {
    const { witness } = this
    const told = () => {
      const value = tag()
      witness.tagged(witness.steps[step] as StepPlan, value)
      return value
    }
    return this.sent(step, told, (heard) => this.run.forget(step, heard))
  }

  map(step: number, value: () => unknown): unknown {
    const story = this.tell(step, 'failed')
    story.value = this.run.map(step, value)
    story.outcome = 'done'
    return story.value
  }

  route(step: number, branches: readonly (() => unknown)[]): number {
    const story = this.tell(step, 'failed')
    story.way = this.run.route(step, branches)
    story.outcome = 'done'
    return story.way
  }

  split(
    step: number,
    over: () => unknown,
    id: ((item: unknown) => unknown) | undefined,
    each: (item: unknown, run: StepRun) => Promise<void>,
  ): Promise<void> {
    const story = this.tell(step, 'under way')
    story.items = 0
    const heard = (item: unknown, run: StepRun) => {
      story.items = (story.items ?? 0) + 1
      return each(item, new WitnessedRun(run, this.witness))
    }
    return ended(story, this.run.split(step, over, id, heard))
  }

  command(step: number, key: (() => unknown) | undefined, body: () => unknown): Promise<void> {
    return this.sent(step, body, (heard) => this.run.command(step, key, heard))
  }

  request(step: number, body: () => unknown): Promise<unknown> {
    return this.given(step, this.run.request(step, body))
  }

  reply(body: () => unknown): Promise<void> {
    return this.run.reply(body)
  }

  event(step: number, key: (() => unknown) | undefined, body: () => unknown): Promise<void> {
    return this.sent(step, body, (heard) => this.run.event(step, key, heard))
  }

  job(step: number, id: (() => unknown) | undefined, body: () => unknown): Promise<void> {
    return this.sent(step, body, (heard) => this.run.job(step, id, heard))
  }

  dedupe(step: number, key: () => unknown): Promise<void> {
    return this.sent(step, key, (heard) => this.run.dedupe(step, heard))
  }

  store(
    step: number,
    key: () => unknown,
    value: () => unknown,
    version?: () => unknown,
  ): Promise<void> {
    return this.sent(step, value, (heard) => this.run.store(step, key, heard, version))
  }

  window(
    step: number,
    group: () => unknown,
    time: () => unknown,
    measures: readonly (() => unknown)[],
  ): Promise<unknown> {
    return this.given(step, this.run.window(step, group, time, measures))
  }

  private tell(step: number, outcome: StepStory['outcome']): StepStory {
    const { steps, told } = this.witness
    const plan = steps[step] as StepPlan
    const story: StepStory = { plan, item: this.item, outcome, value: undefined }
    told.push(story)
    return story
  }

  private async given(step: number, work: Promise<unknown>): Promise<unknown> {
    const story = this.tell(step, 'under way')
    story.value = await ended(story, work)
    return story.value
  }

  private sent(
    step: number,
    body: () => unknown,
    send: (heard: () => unknown) => Promise<void>,
  ): Promise<void> {
    const story = this.tell(step, 'under way')
    return ended(
      story,
      send(() => (story.value = body())),
    )
  }
}

async function ended<T>(story: StepStory, work: Promise<T>): Promise<T> {
  try {
    const value = await work
    story.outcome = 'done'
    return value
  } catch (error) {
    story.outcome = 'failed'
    throw error
  }
}
