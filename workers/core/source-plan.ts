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

/** The name in fleet.yaml. */
export const sourceName = (from: FromPlan): string =>
  from.kind === 'topic' ? from.topic : from.queue

/** Undefined for one that is not declared, or not as it should be. */
export function sourcePlan(
  { topics, queues }: Pick<FleetPlan, 'topics' | 'queues'>,
  from: FromPlan,
): SourcePlan | undefined {
  if (from.kind === 'topic')
    return Object.hasOwn(topics, from.topic) ? topics[from.topic] : undefined
  const queue = Object.hasOwn(queues, from.queue) ? queues[from.queue] : undefined
  return queue && { ...queue, tombstones: 'invalid' }
}
