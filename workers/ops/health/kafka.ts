// Judges a Kafka cluster: whether each partition of the fleet's topics can be read and written, and how far its groups are behind.
import type { GroupFacts, KafkaFacts, TopicFacts } from '../../core/facts.ts'
import type { HealthPlan } from '../../core/plan.ts'
import { fine, wrong, type HealthCheck } from './health.ts'
import { against, latencyCheck } from './thresholds.ts'

export function kafkaChecks(facts: KafkaFacts, plan: HealthPlan): HealthCheck[] {
  const { latencyMs, cluster, topics, groups } = facts
  const there = topics.filter(({ partitions }) => partitions > 0)
  const count = cluster.brokers.length
  return [
    latencyCheck(latencyMs, plan),
    ...(cluster.id === null ? [] : [fine('cluster', `${cluster.id}, ${count} brokers`)]),
    partitionsCheck('leaders', there, ({ leaderless }) => leaderless, 'fail'),
    partitionsCheck('replicas', there, ({ underReplicated }) => underReplicated, 'warn'),
    ...groups.map((group) => groupCheck(group, plan)),
  ]
}

function partitionsCheck(
  name: 'leaders' | 'replicas',
  topics: readonly TopicFacts[],
  bad: (topic: TopicFacts) => readonly number[],
  status: 'warn' | 'fail',
): HealthCheck {
  const places = topics.flatMap((topic) =>
    bad(topic).map((partition) => `${topic.name}/${partition}`),
  )
  const all = topics.reduce((sum, { partitions }) => sum + partitions, 0)
  const what = name === 'leaders' ? 'a leader' : 'all their copies'
  if (places.length === 0) return fine(name, `${all} partitions have ${what}`)
  const code = name === 'leaders' ? 'SLU1199' : 'SLU1200'
  return wrong(
    name,
    status,
    code,
    `${places.length} of ${all} are without ${what}: ${some(places)}`,
  )
}

const SHOWN = 10
const some = (places: readonly string[]) =>
  places.length <= SHOWN ? places.join(', ') : `${places.slice(0, SHOWN).join(', ')} …`

function groupCheck({ name, topic, lag, members, state }: GroupFacts, plan: HealthPlan) {
  const what = `group ${name}`
  const detail = `${lag} behind on ${topic}, ${members} members, ${state}`
  if (lag > 0 && members === 0) return wrong(what, 'warn', 'SLU1198', detail)
  return against(what, lag, plan.lag, 'SLU1201', detail)
}
