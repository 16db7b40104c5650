// What of a connection the fleet declares and uses, by the names on the broker: what is asked for, and what it is needed for.
import { exchangeAt, firingsAt, jobsAt, queueAt, topicAt } from '../../core/address.ts'
import type { Placed, WantedQueues, WantedSchemas, WantedTopics } from '../../core/facts.ts'
import { dueName, tiersOf } from '../../core/parking.ts'
import type { FleetPlan, PipelinePlan, TopicPlan } from '../../core/plan.ts'
import { subjectsOf } from '../../runtime/formats/formats.ts'
import { registersSchema } from '../../runtime/formats/registered.ts'
import type { RedisRole } from './redis.ts'

const placed = ({ name, address }: Placed): Placed => ({ name, address })

const on =
  (connection: string) =>
  (one: { readonly connection: string }): boolean =>
    one.connection === connection

const pipelinesOf = ({ pipelines }: FleetPlan): readonly PipelinePlan[] => Object.values(pipelines)

export function wantedTopics(plan: FleetPlan, prefix: string, connection: string): WantedTopics {
  const here = (topic: TopicPlan | undefined) => topic?.connection === connection
  return {
    topics: Object.values(plan.topics)
      .filter(here)
      .map((topic) => placed(topicAt(prefix, topic))),
    groups: pipelinesOf(plan).flatMap(({ from }) => {
      const topic = from.kind === 'topic' ? plan.topics[from.topic] : undefined
      if (from.kind !== 'topic' || topic === undefined || !here(topic)) return []
      const { group, start } = from
      return [
        { name: group, address: prefix + group, topic: placed(topicAt(prefix, topic)), start },
      ]
    }),
  }
}

export const wantedSchemas = (plan: FleetPlan, prefix: string, connection: string): WantedSchemas =>
  new Map(
    [...subjectsOf(plan, prefix)].filter(
      ([topic]) => plan.topics[topic]?.connection === connection && registersSchema(plan, topic),
    ),
  )

export const wantedQueues = (
  plan: FleetPlan,
  prefix: string,
  connection: string,
): WantedQueues => ({
  queues: Object.values(plan.queues)
    .filter(on(connection))
    .map((queue) => placed(queueAt(prefix, queue))),
  exchanges: Object.values(plan.exchanges)
    .filter(on(connection))
    .map((exchange) => exchangeAt(prefix, exchange).address),
})

/** Names of queues that pipelines read: their sources, and where what they parked comes to when it is due. */
export const queuesRead = (plan: FleetPlan): ReadonlySet<string> =>
  new Set(
    pipelinesOf(plan).flatMap(({ name, from, failure }) => {
      if (from.kind !== 'queue') return []
      return tiersOf({ failure }).length === 0 ? [from.queue] : [from.queue, dueName(name)]
    }),
  )

/** Queues of jobs, and the firings of schedules. */
export const wantedJobs = (plan: FleetPlan, prefix: string, connection: string): Placed[] => [
  ...Object.values(plan.jobs)
    .filter(on(connection))
    .map((jobs) => placed(jobsAt(prefix, jobs))),
  ...pipelinesOf(plan).flatMap(({ from }) =>
    from.kind === 'schedule' && from.connection === connection
      ? [placed(firingsAt(prefix, plan.fleet, from))]
      : [],
  ),
]

export function redisRole(plan: FleetPlan, connection: string): RedisRole {
  const names = (what: string, table: FleetPlan['stores' | 'caches' | 'jobs']) =>
    Object.values(table)
      .filter(on(connection))
      .map(({ name }) => `${what} ${name}`)
  const schedules = pipelinesOf(plan).some(
    ({ from }) => from.kind === 'schedule' && from.connection === connection,
  )
  return {
    keeps: [
      ...(plan.state?.connection === connection ? ['state'] : []),
      ...names('jobs', plan.jobs),
      ...(schedules ? ['schedules'] : []),
      ...names('store', plan.stores),
    ],
    caches: names('cache', plan.caches),
  }
}
