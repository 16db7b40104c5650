// Stands between a pipeline's module and the runtime, changes nothing, and tells what each step did with each message.
import type { Envelope } from '../core/message.ts'
import type { CacheStepPlan, PipelinePlan, StepPlan } from '../core/plan.ts'
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
  const planOf = (step: number) => steps[step] as StepPlan
  return {
    accepts(event) {
      recorder.accepted(event)
      return module.accepts?.(event) ?? true
    },
    steps(event: Envelope, run: StepRun) {
      const told: StepStory[] = []
      recorder.attempted(event, told)
      const tell = (step: number, outcome: StepStory['outcome']): StepStory => {
        const story: StepStory = { plan: planOf(step), outcome, value: undefined }
        told.push(story)
        return story
      }
      const ended = async <T>(story: StepStory, work: Promise<T>): Promise<T> => {
        try {
          const value = await work
          story.outcome = 'done'
          return value
        } catch (error) {
          story.outcome = 'failed'
          throw error
        }
      }
      const given = async (step: number, work: Promise<unknown>): Promise<unknown> => {
        const story = tell(step, 'under way')
        story.value = await ended(story, work)
        return story.value
      }
      const sent = (
        step: number,
        body: () => unknown,
        send: (heard: () => unknown) => Promise<void>,
      ): Promise<void> => {
        const story = tell(step, 'under way')
        return ended(
          story,
          send(() => (story.value = body())),
        )
      }
      return module.steps(event, {
        test(step, when) {
          const holds = run.test(step, when)
          if (!holds) tell(step, 'skipped')
          return holds
        },
        call: (step, input) => given(step, run.call(step, input)),
        cache: (step, key, input) =>
          given(
            step,
            run.cache(
              step,
              () => {
                const heard = key()
                recorder.keyed(cacheNamespace(named, (planOf(step) as CacheStepPlan).cache), heard)
                return heard
              },
              input,
            ),
          ),
        map(step, value) {
          const story = tell(step, 'failed')
          story.value = run.map(step, value)
          story.outcome = 'done'
          return story.value
        },
        route(step, branches) {
          const story = tell(step, 'failed')
          story.way = run.route(step, branches)
          story.outcome = 'done'
          return story.way
        },
        command: (step, key, body) => sent(step, body, (heard) => run.command(step, key, heard)),
        event: (step, key, body) => sent(step, body, (heard) => run.event(step, key, heard)),
        job: (step, id, body) => sent(step, body, (heard) => run.job(step, id, heard)),
      })
    },
  }
}
