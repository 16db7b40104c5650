// What pipelines read from, by its plan; knows nothing of how it is read.
import type { EnvelopePaths, FleetPlan, FromPlan, TopicPlan } from './plan.ts'

/** What every kind of source says of itself in fleet.yaml. */
export interface SourcePlan {
  readonly name: string
  readonly connection: string
  readonly schema: string | undefined
  readonly envelope: EnvelopePaths
  /** What has no null values has no tombstones. */
  readonly tombstones: TopicPlan['tombstones']
}

/** What the firings of a pipeline's schedule are called: no name of fleet.yaml is like it. */
export const firingsOf = (pipeline: string): string => `schedule~${pipeline}`

/** The name in fleet.yaml; of a schedule that of its firings. */
export function sourceName(from: FromPlan): string {
  switch (from.kind) {
    case 'topic':
      return from.topic
    case 'queue':
      return from.queue
    case 'jobs':
      return from.jobs
    case 'schedule':
      return from.name
  }
}

/** Undefined for one that is not declared, or not as it should be. */
export function sourcePlan(
  { topics, queues, jobs }: Pick<FleetPlan, 'topics' | 'queues' | 'jobs'>,
  from: FromPlan,
): SourcePlan | undefined {
  const name = sourceName(from)
  switch (from.kind) {
    case 'topic':
      return Object.hasOwn(topics, name) ? topics[name] : undefined
    case 'queue': {
      const queue = Object.hasOwn(queues, name) ? queues[name] : undefined
      return queue && { ...queue, tombstones: 'invalid' }
    }
    case 'jobs': {
      const found = Object.hasOwn(jobs, name) ? jobs[name] : undefined
      return found && { ...found, envelope: {}, tombstones: 'invalid' }
    }
    case 'schedule': {
      const { connection } = from
      return { name, connection, schema: undefined, envelope: {}, tombstones: 'invalid' }
    }
  }
}
