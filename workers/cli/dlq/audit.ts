// Opens the audit log that fleet.yaml names, a topic or a file; none where it names none.
import { isAbsolute, join } from 'node:path'
import { resolveSetting } from '../../compile/settings.ts'
import { topicAt } from '../../core/address.ts'
import type { FleetPlan } from '../../core/plan.ts'
import { auditFile, auditTo, noAudit, type Audit } from '../../ops/dlq/audit.ts'
import type { Composition } from '../composition.ts'
import type { Opened } from './open.ts'

/** The connection of the audit log, if it is a topic. */
export const auditConnections = ({ audit, topics }: FleetPlan): string[] =>
  audit !== undefined && 'topic' in audit ? [topics[audit.topic]?.connection as string] : []

export async function openAudit(
  { plan, prefix, connections }: Opened,
  { env, world }: Composition,
): Promise<Audit> {
  const { audit } = plan
  if (audit === undefined) return noAudit
  if ('file' in audit) {
    const path = resolveSetting(audit.file, env)
    return auditFile(isAbsolute(path) ? path : join(plan.root, path))
  }
  const topic = topicAt(prefix, plan.topics[audit.topic] as FleetPlan['topics'][string])
  const driver = connections.log(topic.connection)
  if (plan.provision) await driver.ensureTopics([topic])
  return auditTo(driver.sink(topic), audit.topic, world.clock)
}
