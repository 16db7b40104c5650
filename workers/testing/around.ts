// What a test file is checked against, and what its pipeline names itself.
import type { Diagnostics } from '../compile/diagnostics.ts'
import { didYouMean } from '../compile/suggest.ts'
import type { Path, YamlFile } from '../compile/yaml-file.ts'
import type { CachePlan, CommandStepPlan, FleetPlan, PipelinePlan } from '../core/plan.ts'
import { lettersOfPipeline } from '../core/letter.ts'
import { allSteps, handlersOf } from '../core/plan-walk.ts'
import { breakersOf } from '../runtime/breaker-use.ts'
import { connectionOf, connectionsOf } from '../runtime/connections.ts'
import { cachesOf } from '../runtime/counts.ts'
import type { Fits } from './fits.ts'

export interface Around {
  readonly file: YamlFile
  readonly plan: FleetPlan
  readonly pipeline: PipelinePlan
  readonly fits: Fits
  readonly out: Diagnostics
}

/** Queues and exchanges of a fleet share no name. */
export const targetOf = (to: CommandStepPlan['to']) => ('queue' in to ? to.queue : to.exchange)

const NAMES = {
  events: (pipeline: PipelinePlan) =>
    allSteps(pipeline).flatMap((step) => (step.kind === 'event' ? [step.topic] : [])),
  commands: (pipeline: PipelinePlan) =>
    allSteps(pipeline).flatMap((step) => {
      if (step.kind === 'request') return [step.queue]
      return step.kind === 'command' ? [targetOf(step.to)] : []
    }),
  jobs: (pipeline: PipelinePlan) =>
    allSteps(pipeline).flatMap((step) => (step.kind === 'job' ? [step.jobs] : [])),
  stores: (pipeline: PipelinePlan) =>
    allSteps(pipeline).flatMap((step) => (step.kind === 'store' ? [step.store] : [])),
  caches: (pipeline: PipelinePlan) => allSteps(pipeline).flatMap(cachesOf),
  forgotten: (pipeline: PipelinePlan) =>
    allSteps(pipeline).flatMap((step) => (step.kind === 'forget' ? [step.cache] : [])),
  deadLetters: lettersOfPipeline,
  queues: (pipeline: PipelinePlan) =>
    allSteps(pipeline).flatMap((step) => (step.kind === 'request' ? [step.queue] : [])),
  replies: ({ from, reply }: PipelinePlan) =>
    reply !== undefined && from.kind === 'queue' ? [from.queue] : [],
  handlers: handlersOf,
  steps: (pipeline: PipelinePlan) => allSteps(pipeline).map(({ id }) => id),
}

const WORDS = {
  events: (name: string) => `sends no events to "${name}"`,
  commands: (name: string) => `sends no commands to "${name}"`,
  jobs: (name: string) => `adds no jobs to "${name}"`,
  stores: (name: string) => `writes nothing to store "${name}"`,
  caches: (name: string) => `does not use cache "${name}"`,
  forgotten: (name: string) => `forgets nothing in cache "${name}"`,
  deadLetters: (name: string) => `sends no dead letters to "${name}"`,
  queues: (name: string) => `asks no queue "${name}"`,
  replies: (name: string) => `answers nobody on "${name}"`,
  handlers: (name: string) => `calls no handler "${name}"`,
  steps: (name: string) => `has no step "${name}"`,
  breakers: (name: string) => `goes through no breaker "${name}"`,
  connections: (name: string) => `uses no connection "${name}"`,
}

/** What a pipeline reads, by its kind. */
export const SOURCE_WORDS = {
  topic: 'topic',
  queue: 'queue',
  jobs: 'queue of jobs',
  schedule: 'schedule',
} as const

/** In some caches null says that there is nothing, whatever their schema. */
export const isAbsence = (cache: CachePlan | undefined, value: unknown): boolean =>
  value === null && cache?.absentMs !== undefined

/** True when the pipeline itself names it; else it is said, with what was probably meant. */
export function usedBy(
  { file, plan, pipeline, out }: Around,
  kind: keyof typeof WORDS,
  path: Path,
  name: string,
  place: 'key' | 'value' = 'key',
): boolean {
  const names = new Set(namesOf(kind, plan, pipeline))
  if (names.has(name)) return true
  const message = `pipeline "${pipeline.name}" ${WORDS[kind](name.slice(0, 100))}`
  const at = place === 'key' ? file.key(path) : file.at(path)
  out.error('SLU0355', at, message, didYouMean(name, [...names]))
  return false
}

function namesOf(kind: keyof typeof WORDS, plan: FleetPlan, pipeline: PipelinePlan): string[] {
  if (kind === 'connections') return connectionNames(plan, pipeline)
  if (kind === 'breakers') return breakersOf(plan, pipeline).map(({ name }) => name)
  return NAMES[kind](pipeline)
}

function connectionNames(plan: FleetPlan, pipeline: PipelinePlan): string[] {
  const { required, optional } = connectionsOf(plan, pipeline)
  return [...new Set([...required, ...optional].map(connectionOf))]
}
