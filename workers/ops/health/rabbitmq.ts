// Judges a RabbitMQ by what it says of itself; what the management API did not tell is said, and fails nothing.
import type { NodeFacts, QueueFacts, RabbitmqFacts } from '../../core/facts.ts'
import type { HealthPlan } from '../../core/plan.ts'
import { fine, wrong, type HealthCheck } from './health.ts'
import { against, latencyCheck, memoryCheck } from './thresholds.ts'

/** `read`: queues that pipelines of the fleet read. */
export function rabbitmqChecks(
  { latencyMs, cluster, connections, queues, unasked }: RabbitmqFacts,
  read: ReadonlySet<string>,
  plan: HealthPlan,
): HealthCheck[] {
  return [
    latencyCheck(latencyMs, plan),
    ...(cluster.nodes ?? []).flatMap((node) => nodeChecks(node, plan)),
    ...(connections === null ? [] : [fine('connections', `${connections} to the virtual host`)]),
    ...(unasked === undefined
      ? []
      : [{ ...fine('management', `not asked: ${unasked.message}`), next: unasked.fix }]),
    ...queues.filter(({ there }) => there).map((queue) => queueCheck(queue, read, plan)),
  ]
}

function nodeChecks(
  { name, running, alarms, partitions, memory }: NodeFacts,
  plan: HealthPlan,
): HealthCheck[] {
  const what = `node ${name}`
  if (!running) return [wrong(what, 'warn', 'SLU1195', 'it is down')]
  if (partitions.length > 0)
    return [wrong(what, 'fail', 'SLU1195', `it does not see ${partitions.join(', ')}`)]
  const state =
    alarms.length > 0
      ? wrong(what, 'fail', 'SLU5308', `alarm: ${alarms.join(' and ')}`)
      : fine(what, 'running, no alarms')
  const { usedBytes, limitBytes } = memory
  return limitBytes === 0
    ? [state]
    : [state, memoryCheck(`memory of ${name}`, usedBytes, limitBytes, plan)]
}

function queueCheck(
  { name, ready, unacknowledged, consumers }: QueueFacts,
  read: ReadonlySet<string>,
  { depth }: HealthPlan,
): HealthCheck {
  const held = unacknowledged === null ? '' : `, ${unacknowledged} unacknowledged`
  const detail = `${ready} ready${held}, ${consumers} consumers`
  const what = `queue ${name}`
  if (read.has(name) && ready > 0 && consumers === 0) return wrong(what, 'warn', 'SLU1198', detail)
  // What nobody reads here is somebody else's, or is kept to be looked at.
  return read.has(name) ? against(what, ready, depth, 'SLU1197', detail) : fine(what, detail)
}
