// Puts together where a pipeline parks its messages, and how they come back; starts nothing.
import { queueAt, topicAt } from '../core/address.ts'
import type { World } from '../core/clock.ts'
import type {
  JobSource,
  LogDriver,
  LogSource,
  Queue,
  QueueDriver,
  QueueSource,
  Sink,
  Topic,
} from '../core/contract.ts'
import type { LogMessage, QueueMessage } from '../core/message.ts'
import { dueName, tierName, tierNamesOf, tiersOf } from '../core/parking.ts'
import type { FleetPlan, PipelinePlan, QueuePlan, TopicFromPlan, TopicPlan } from '../core/plan.ts'
import type { Counts } from '../core/telemetry.ts'
import type { Connections } from './connections.ts'
import { DueSource } from './due-source.ts'
import { JoinedLogs, JoinedQueues } from './joined-source.ts'
import type { Origin } from './origin.ts'
import { parkedCopies, type CopiesParts } from './parked-copies.ts'
import { parkedLog } from './parked-log.ts'
import { parkedQueued } from './parked-queued.ts'
import type { ParkingPlace } from './parking.ts'
import { TierSource } from './tier-source.ts'

interface TierParts {
  readonly plan: FleetPlan
  readonly prefix: string
  readonly connections: Connections
  readonly world: World
}

const topicOf = ({ plan, prefix }: TierParts, name: string): Topic =>
  topicAt(prefix, plan.topics[name] as TopicPlan)

const queueOf = ({ plan, prefix }: TierParts, name: string): Queue =>
  queueAt(prefix, plan.queues[name] as QueuePlan)

/** Each tier has a group of its own: a member of one would have to read all of them. */
export function withTiers(
  parts: TierParts,
  pipeline: PipelinePlan,
  { group }: TopicFromPlan,
  driver: LogDriver,
  main: LogSource,
): LogSource {
  const tiers = tiersOf(pipeline).map((tier) => {
    const topic = topicOf(parts, tierName(pipeline.name, tier))
    const name = `${parts.prefix}${group}.retry.${tier.name}`
    const source = driver.source({ topic, group: name, start: 'earliest' })
    return new TierSource(source, topic.name, parts.world.clock)
  })
  return tiers.length === 0 ? main : new JoinedLogs([main, ...tiers])
}

/** A source may be written by anybody: what was parked comes to a queue of the pipeline's own, where its headers can be believed. */
export function withDue(
  parts: TierParts,
  { name, window: prefetch, ...pipeline }: PipelinePlan,
  driver: QueueDriver,
  main: QueueSource,
): QueueSource {
  const feeders = tierNamesOf({ name, ...pipeline }).map((tier) => queueOf(parts, tier))
  if (feeders.length === 0) return main
  const due = driver.source({ queue: queueOf(parts, dueName(name)), prefetch, feeders })
  return new JoinedQueues([main, new DueSource(due)])
}

export function parkingOf(
  parts: TierParts & Pick<CopiesParts, 'tracer'> & { readonly counts: Pick<Counts, 'sent'> },
  pipeline: PipelinePlan,
  origin: Origin,
): ParkingPlace | undefined {
  const { from, name } = pipeline
  const names = tierNamesOf(pipeline)
  if (tiersOf(pipeline).length === 0) return undefined
  const { connections, world, tracer, counts } = parts
  const common = { pipeline: name, origin, world, tracer, sent: counts.sent }
  if (from.kind === 'topic') {
    const topics = names.map((tier) => topicOf(parts, tier))
    const driver = connections.log((topics[0] as Topic).connection)
    const { topic } = from
    return parkedCopies({
      ...common,
      driver,
      system: 'kafka',
      sinks: sinksOf(topics, (one) => driver.sink(one)),
      copy({ group, message }, copied) {
        const { partition } = group.lane
        const first = (message as LogMessage).parked ?? { topic, partition, offset: message.offset }
        return parkedLog(message, first, copied)
      },
    })
  }
  if (from.kind === 'queue') {
    const queues = names.map((tier) => queueOf(parts, tier))
    const driver = connections.queue((queues[0] as Queue).connection)
    return parkedCopies({
      ...common,
      driver,
      system: 'rabbitmq',
      sinks: sinksOf(queues, (one) => driver.sink(one)),
      copy: ({ message, event }, copied) =>
        parkedQueued(message as QueueMessage, event?.id, copied),
    })
  }
  return parkedJobs(origin)
}

/** A job is moved: it waits where it is, and others take it when it is due. */
const parkedJobs = ({ source, driver }: Origin): ParkingPlace => ({
  driver,
  park: ({ message }, { delayMs }, progress) =>
    (source as JobSource).park((message as QueueMessage).id as string, progress, delayMs),
})

const sinksOf = <Target extends { readonly name: string }>(
  targets: readonly Target[],
  sink: (target: Target) => Sink,
): Record<string, Sink> => Object.fromEntries(targets.map((target) => [target.name, sink(target)]))
