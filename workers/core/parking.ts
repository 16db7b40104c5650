// Where messages wait for another attempt outside of their pipeline: which tier, and the topic behind it.
import type { PipelinePlan, Position, TopicPlan } from './plan.ts'
import type { RetryPlan, TierPlan } from './plan-policies.ts'

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

/** The name of a tier's topic, as if it stood in fleet.yaml. */
export const tierTopic = (pipeline: string, { name }: TierPlan): string =>
  `${pipeline}.retry.${name}`

/** The names of the topics in which messages of a pipeline wait. */
export const tierTopicsOf = ({ name, failure }: Pick<PipelinePlan, 'name' | 'failure'>): string[] =>
  failure.transient.retry.park?.tiers.map((tier) => tierTopic(name, tier)) ?? []

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
    name: tierTopic(pipeline, tier),
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
