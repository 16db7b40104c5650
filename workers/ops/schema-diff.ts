// Compares the schemas of topics with what a registry holds of their subjects; pure.
import type { FoundSubject } from '../core/admin.ts'
import type { TopicPlan } from '../core/plan.ts'
import type { Subject } from '../core/registry.ts'
import { impossible, safe, whereOf, type PlannedChange } from './changes.ts'

export interface DeclaredSchema {
  readonly topic: TopicPlan
  readonly subject: Subject
  readonly found: FoundSubject
}

/** `connection`: the use of it that is the registry. A version that is there is never taken away. */
export const diffSchemas = (
  connection: string,
  declared: readonly DeclaredSchema[],
): PlannedChange[] =>
  declared.flatMap(({ topic, subject, found }) => {
    if (found.registered) return []
    const what = {
      kind: 'schema',
      connection,
      name: subject.subject,
      where: whereOf(topic.at),
    } as const
    const to = {
      version: (found.versions.at(-1) ?? 0) + 1,
      type: subject.kind,
      schema: topic.schema ?? '',
    }
    const difference = { symbol: '+', field: null, from: null, to } as const
    const [objection] = found.objections
    if (objection === undefined)
      return [safe(what, { ...difference, action: { do: 'register-schema', subject } })]
    const more = found.objections.length - 1
    return [
      impossible(
        what,
        difference,
        'SLU0384',
        `The registry says: ${objection.slice(0, 400)}${more === 0 ? '' : ` (and ${more} more)`}`,
      ),
    ]
  })
