// Plans the audit log: the topic, or the file, that takes a line for each thing that somebody does to a dead letter.
import type { AuditPlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { AUDIT } from './grammar/fleet.ts'
import type { Written } from './grammar/parts.ts'
import { known } from './names.ts'
import { mapOf, position, type Raw } from './raw.ts'
import type { Resources } from './resource-plan.ts'
import { settingOf } from './settings.ts'
import type { YamlFile } from './yaml-file.ts'

/** Undefined where none is written, or not as it should be. */
export function planAudit(
  file: YamlFile,
  raw: Raw,
  written: Written<typeof AUDIT> | undefined,
  { topics }: Pick<Resources, 'topics'>,
  out: Diagnostics,
): AuditPlan | undefined {
  if (written === undefined) return undefined
  const { topic, file: path } = written
  if (typeof path === 'string')
    return { file: settingOf<string>(path, 'string', position(file, ['audit', 'file'])) }
  const at = ['audit', 'topic']
  const names = Object.keys(mapOf(raw['topics']))
  if (!known(file, at, 'topic', topic, names, 'SLU0302', out)) return undefined
  const plan = Object.hasOwn(topics, topic) ? topics[topic] : undefined
  if (plan?.deadLetters === true)
    out.error(
      'SLU0310',
      file.at(at),
      `topic "${topic}" is for dead letters`,
      'name a topic of its own for the audit log',
    )
  else if (plan !== undefined && plan.schema !== undefined)
    out.error(
      'SLU0543',
      file.at(at),
      `topic "${topic}" holds ${plan.schema}, and the audit log has lines of its own form`,
      'name a topic without a schema',
    )
  return { topic }
}
