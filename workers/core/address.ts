// Names of fleet.yaml as they are on a broker: behind the prefix of the fleet.
import type { Exchange, Jobs, Queue, Store, Topic } from './contract.ts'
import type {
  ExchangePlan,
  JobsPlan,
  QueuePlan,
  ScheduleFromPlan,
  StorePlan,
  TopicPlan,
} from './plan.ts'

export const topicAt = (prefix: string, topic: TopicPlan): Topic => ({
  ...topic,
  address: prefix + topic.name,
})

export const exchangeAt = (prefix: string, exchange: ExchangePlan): Exchange => ({
  ...exchange,
  address: prefix + exchange.name,
})

export const queueAt = (prefix: string, queue: QueuePlan): Queue => ({
  ...queue,
  address: prefix + queue.name,
  bindings: queue.bindings.map(({ exchange, key }) => ({ exchange: prefix + exchange, key })),
  waits: queue.waits && { ...queue.waits, then: prefix + queue.waits.then },
})

export const jobsAt = (prefix: string, jobs: JobsPlan): Jobs => ({
  ...jobs,
  address: prefix + jobs.name,
})

/** Fleets may share a Redis: the name of the fleet goes before that of the store. */
export const storeAt = (prefix: string, fleet: string, store: StorePlan): Store => ({
  ...store,
  address: `${prefix}${fleet}:${store.name}:`,
})

/** What the addresses of all that schedules of a fleet fire into begin with, and no other's. */
export const firingsBelow = (prefix: string, fleet: string): string => `${prefix}${fleet}~`

/** What a schedule fires into: a queue of jobs of its own, whose ends are remembered as long as a repeat may come. */
export const firingsAt = (
  prefix: string,
  fleet: string,
  { name, connection, at }: ScheduleFromPlan,
): Jobs => ({
  name,
  connection,
  at,
  schema: '',
  retention: { completedMs: DAY_MS, failedMs: 'forever' },
  address: firingsBelow(prefix, fleet) + name,
})

const DAY_MS = 86_400_000
