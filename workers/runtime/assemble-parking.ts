// Puts together where a pipeline parks its messages, and how they come back; starts nothing.
import { topicAt } from '../core/address.ts'
import type { World } from '../core/clock.ts'
import type { LogDriver, LogSource, Topic } from '../core/contract.ts'
import { tierTopic, tierTopicsOf } from '../core/parking.ts'
import type { FleetPlan, PipelinePlan, TopicFromPlan, TopicPlan } from '../core/plan.ts'
import type { Connections } from './connections.ts'
import type { ParkingPlace } from './parking.ts'
import { ParkingSource } from './parking-source.ts'

interface TierParts {
  readonly plan: FleetPlan
  readonly prefix: string
  readonly connections: Connections
  readonly world: World
}

const topicOf = ({ plan, prefix }: TierParts, name: string): Topic =>
  topicAt(prefix, plan.topics[name] as TopicPlan)

/** Each tier has a group of its own: a member of one would have to read all of them. */
export function withTiers(
  parts: TierParts,
  pipeline: PipelinePlan,
  { group }: TopicFromPlan,
  driver: LogDriver,
  main: LogSource,
): LogSource {
  const tiers = pipeline.failure.transient.retry.park?.tiers ?? []
  if (tiers.length === 0) return main
  const sources = tiers.map((tier) => {
    const topic = topicOf(parts, tierTopic(pipeline.name, tier))
    const name = `${parts.prefix}${group}.retry.${tier.name}`
    return { topic: topic.name, source: driver.source({ topic, group: name, start: 'earliest' }) }
  })
  return new ParkingSource(main, sources, parts.world.clock)
}

export function parkingOf(parts: TierParts, pipeline: PipelinePlan): ParkingPlace | undefined {
  const topics = tierTopicsOf(pipeline).map((name) => topicOf(parts, name))
  const [first] = topics
  if (first === undefined) return undefined
  const driver = parts.connections.log(first.connection)
  const sinks = Object.fromEntries(topics.map((topic) => [topic.name, driver.sink(topic)]))
  return { driver, sinks }
}
