// What is known around one thing that TypeScript said: the expression, its pipeline, and the schemas of what it names.
import { ALERT_SCHEMA } from '../../core/alert.ts'
import { sourceName, sourcePlan } from '../../core/source-plan.ts'
import type { FleetSources } from '../compile.ts'
import { allSteps } from '../../core/plan-walk.ts'
import type { Anatomy } from './anatomy.ts'
import type { Checked } from './checked.ts'
import { isSchema, type Schema } from './schema-names.ts'
import { fieldsAt } from './schema-fields.ts'
import type { Piece } from './sheet.ts'

export interface Here {
  readonly piece: Piece
  readonly anatomy: Anatomy
  readonly offset: number
  readonly pipeline: Checked
  readonly sources: FleetSources
}

/** Data with a schema, and the path into it. */
export interface Subject {
  readonly name: string
  readonly schema: Schema
  readonly path: readonly string[]
  /** Within the data of the event. */
  readonly ofEvent: boolean
}

/** What `event.data.a.b` or `prediction.a` is; undefined where no schema says. */
export function subjectOf(
  text: string,
  { pipeline, sources }: Pick<Here, 'pipeline' | 'sources'>,
): Subject | undefined {
  const dotted = text
    .replace(/\s+/g, '')
    .replaceAll('?.', '.')
    .replace(/\[\d+\]/g, '')
  if (!/^[\w.]+$/.test(dotted)) return undefined
  const [first, ...rest] = dotted.split('.')
  const { from } = pipeline.plan
  if (from === undefined)
    return first === 'alert'
      ? { name: 'the alert', schema: ALERT_SCHEMA, path: rest, ofEvent: false }
      : undefined
  if (first === 'event' && rest[0] === 'data') {
    const { schema } = sourcePlan(sources.fleet, from) ?? {}
    return named(`the data of ${sourceName(from)}`, schema, rest.slice(1), true, sources)
  }
  const steps = allSteps(pipeline.plan)
  const split = steps.find((one) => one.kind === 'split' && one.as === first)
  if (split?.kind === 'split')
    return subjectOf([split.over.text.trim(), ...rest].join('.'), { pipeline, sources })
  const step = steps.find(({ id }) => id === first)
  if (step?.kind !== 'cache') return undefined
  return named(
    `the value of ${first}`,
    sources.fleet.caches[step.cache]?.schema,
    rest,
    false,
    sources,
  )
}

function named(
  words: string,
  schema: string | undefined,
  path: readonly string[],
  ofEvent: boolean,
  { schemas }: FleetSources,
): Subject | undefined {
  const found = schema === undefined ? undefined : schemas[schema]
  if (!isSchema(found)) return undefined
  const name = path.length === 0 ? words : `"${path.join('.')}" in ${words}`
  return { name, schema: found, path, ofEvent }
}

/** Where the value of an expression goes, in words: undefined for what goes nowhere. */
export function destination({ slot }: Piece): string | undefined {
  if (slot.kind === 'body')
    return slot.to === 'answer'
      ? `the answer of queue ${slot.name}`
      : `the body for ${slot.to} ${slot.name}`
  return slot.kind === 'input' ? `the input of handler ${slot.handler}` : undefined
}

/** Names that a body may have at a path. */
export function fieldsOfBody({ slot }: Piece, path: readonly string[], { schemas }: FleetSources) {
  const schema = slot.kind === 'body' ? schemas[slot.schema] : undefined
  return isSchema(schema) ? fieldsAt(schema, path) : []
}

/** The step that gives a name its value, where it runs only under a condition. */
export function conditional(text: string, { pipeline }: Here): string | undefined {
  const [name] = /^[A-Za-z_]\w*/.exec(text) ?? []
  const step = allSteps(pipeline.plan).find(({ id }) => id === name)
  return step?.when === undefined || !/^\w+$/.test(text) ? undefined : step.id
}
