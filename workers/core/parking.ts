// Where messages wait for another attempt outside of their pipeline: which tier, and the topics or queues behind it.
import type { PipelinePlan, Position, QueuePlan, TopicPlan } from './plan.ts'
import type { RetryPlan, TierPlan } from './plan-policies.ts'

type Parks = Pick<PipelinePlan, 'name' | 'from' | 'failure'>

/** The tier in which a message waits after its attempt of that number (1-based); undefined: it waits in place. `leastMs`: no shorter one, if there is a longer. */
export function tierAfter(
  { park }: Pick<RetryPlan, 'park'>,
  attempt: number,
  leastMs = 0,
): TierPlan | undefined {
  if (park === undefined || attempt < park.after) return undefined
  const { tiers } = park
  const due = tiers.slice(Math.min(attempt - park.after, tiers.length - 1))
  return due.find(({ delayMs }) => delayMs >= leastMs) ?? due.at(-1)
}

export const tiersOf = ({ failure }: Pick<Parks, 'failure'>): readonly TierPlan[] =>
  failure.transient.retry.park?.tiers ?? []

/** The name of a tier's topic or queue, as if it stood in fleet.yaml. */
export const tierName = (pipeline: string, { name }: TierPlan): string =>
  `${pipeline}.retry.${name}`

/** Of messages of a queue that have waited: they come to a queue of the pipeline. No tier has that name. */
export const dueName = (pipeline: string): string => `${pipeline}.retry`

/** The names of the topics or queues in which messages of a pipeline wait; jobs wait where they are. */
export const tierNamesOf = (pipeline: Parks): string[] =>
  pipeline.from.kind === 'jobs'
    ? []
    : tiersOf(pipeline).map((tier) => tierName(pipeline.name, tier))

/** Of all topics or queues that a pipeline has for its parked messages. */
export const parkingNamesOf = (pipeline: Parks): string[] => {
  const tiers = tierNamesOf(pipeline)
  const isQueued = pipeline.from.kind === 'queue' && tiers.length > 0
  return isQueued ? [dueName(pipeline.name), ...tiers] : tiers
}

/** A worker that is away for less than this beyond the wait loses nothing. */
const KEPT_MS = 14 * 86_400_000
/** What we write on a parked copy. */
const HEADERS = 64 * 1024

/** A copy of a message waits where as many partitions take as much as its source. */
export function tierTopicPlan(
  source: TopicPlan,
  pipeline: string,
  tier: TierPlan,
  at: Position,
): TopicPlan {
  return {
    ...source,
    name: tierName(pipeline, tier),
    at,
    retention: { timeMs: tier.delayMs + KEPT_MS },
    cleanup: 'delete',
    schema: undefined,
    envelope: {},
    tombstones: 'deliver',
    parked: true,
    maxBytes: source.maxBytes + HEADERS,
  }
}

/** The queue that takes what has waited, and those in which it waits, on the connection of the source. */
export function parkingQueuePlans(
  { connection }: Pick<QueuePlan, 'connection'>,
  pipeline: string,
  tiers: readonly TierPlan[],
  at: Position,
): QueuePlan[] {
  const then = dueName(pipeline)
  const due: QueuePlan = {
    name: then,
    connection,
    at,
    type: 'quorum',
    schema: undefined,
    deadLetters: false,
    reply: undefined,
    envelope: {},
    bindings: [],
    limit: undefined,
    singleActiveConsumer: false,
    deliveryLimit: undefined,
    retention: {},
    parked: true,
    waits: undefined,
  }
  const waiting = tiers.map((tier) => ({
    ...due,
    name: tierName(pipeline, tier),
    waits: { ms: tier.delayMs, then },
  }))
  return [due, ...waiting]
}
