// What a plan is made of: changes, each with its risk and the line that asks for it, and what differs without being declared.
import type { QueueAction, ScheduleAction, SchemaAction, TopicAction } from '../core/admin.ts'
import type { Code } from '../core/codes.ts'
import type { Position } from '../core/plan.ts'

/** What is refused unless it is allowed by name. */
export const FLAGS = ['partitions', 'retention', 'recreate', 'unbind', 'unschedule'] as const
export type Flag = (typeof FLAGS)[number]

export type Kind = 'topic' | 'exchange' | 'queue' | 'binding' | 'schedule' | 'schema'
export type Value = string | number | boolean
export type Settings = Readonly<Record<string, Value>>

/** One line of a plan, as the JSON has it. */
export interface Change {
  /** + make, ~ change in place, - remove, ! cannot be done in place. */
  readonly symbol: '+' | '~' | '-' | '!'
  readonly kind: Kind
  readonly connection: string
  /** On the broker; of a binding: `exchange → queue`. */
  readonly name: string
  /** As fleet.yaml calls it; null: the whole object. */
  readonly field: string | null
  readonly from: Value | null
  /** Of a whole object: its settings. */
  readonly to: Value | Settings | null
  /** refused: not without its flag, or, when there is none, not at all. */
  readonly risk: 'safe' | 'allowed' | 'refused'
  readonly flag: Flag | null
  readonly code: Code | null
  /** What happens to data or order, in a sentence; null: nothing does. */
  readonly reason: string | null
  /** file:line of what is declared. */
  readonly where: string
}

/** With what carries it out. */
export interface PlannedChange extends Change {
  readonly action: TopicAction | QueueAction | ScheduleAction | SchemaAction | undefined
}

/** As the JSON has it. */
export function plain({ action, ...change }: PlannedChange): Change {
  void action
  return change
}

/** Is there and was not asked for: shown, never touched. */
export interface Drift {
  readonly kind: Kind
  readonly connection: string
  readonly name: string
  /** Null: the whole object is not declared. */
  readonly field: string | null
  readonly value: Value | null
}

/** A broker that was looked at. */
export interface Place {
  readonly connection: string
  readonly target: string
  readonly where: string
  /** False: only what is missing is known. */
  readonly compared: boolean
}

export interface Plan {
  readonly fleet: string
  readonly prefix: string
  readonly allow: readonly Flag[]
  readonly places: readonly Place[]
  /** In the order in which they are carried out. */
  readonly changes: readonly PlannedChange[]
  readonly drift: readonly Drift[]
  /** Objects of fleet.yaml that were looked at. */
  readonly declared: number
}

export const whereOf = ({ file, line }: Position) => `${file}:${line}`

type Subject = Pick<Change, 'kind' | 'connection' | 'name' | 'where'>
type Difference = Pick<Change, 'symbol' | 'field' | 'from' | 'to'> & Pick<PlannedChange, 'action'>

export const safe = (
  subject: Subject,
  difference: Difference,
  reason: string | null = null,
): PlannedChange => ({ ...subject, ...difference, risk: 'safe', flag: null, code: null, reason })

const CODE: Readonly<Record<Flag, Code>> = {
  partitions: 'SLU0391',
  retention: 'SLU0392',
  recreate: 'SLU0393',
  unbind: 'SLU0394',
  unschedule: 'SLU0563',
}

/** Refused, unless its flag was given. */
export const flagged = (
  subject: Subject,
  difference: Difference,
  { flag, reason, allow }: { flag: Flag; reason: string; allow: ReadonlySet<Flag> },
): PlannedChange => {
  const risk = allow.has(flag) ? 'allowed' : 'refused'
  return { ...subject, ...difference, risk, flag, code: CODE[flag], reason }
}

/** Refused whatever is allowed. */
export const impossible = (
  subject: Subject,
  difference: Omit<Difference, 'action'>,
  code: 'SLU0384' | 'SLU0395' | 'SLU0398',
  reason: string,
): PlannedChange => ({
  ...subject,
  ...difference,
  action: undefined,
  risk: 'refused',
  flag: null,
  code,
  reason,
})
