// `${VAR}` and `${VAR:-default}` on parsed values: kept by name in the plan, resolved when a worker starts.
import { SluiceError } from '../core/errors.ts'
import type { Position, Setting, TextForm } from '../core/plan.ts'

type Env = Readonly<Record<string, string | undefined>>
type Kind = 'string' | 'number' | 'boolean'

/** What a value must be beyond its kind. */
export interface Limits {
  readonly between?: readonly [number, number]
  readonly form?: TextForm
}

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

export const hasVariable = (text: string) => text.includes('${')

/** What is wrong with the `${…}` of a text, or undefined. */
export function variableProblem(text: string): string | undefined {
  const rest = text.replaceAll(VARIABLE, '')
  const nested = [...text.matchAll(VARIABLE)].some(([, , fallback]) => fallback?.includes('${'))
  if (nested) return 'a default is plain text: a ${…} within a ${…} is not read'
  return hasVariable(rest) ? 'a variable is written ${NAME} or ${NAME:-default}' : undefined
}

export function settingOf<T extends string | number | boolean>(
  value: T | string,
  as: Kind,
  at: Position,
  limits: Limits = {},
): Setting<T> {
  if (typeof value === 'string' && hasVariable(value)) return { text: value, as, at, ...limits }
  return { value: (as === 'number' ? Number(value) : value) as T }
}

/** What is wrong with the value where no variable is set: undefined as well when one has no default. */
export function defaultProblem<T>(setting: Setting<T>): string | undefined {
  if ('value' in setting) return undefined
  const { text, as } = setting
  const fallbacks = [...text.matchAll(VARIABLE)].map(([, , fallback]) => fallback)
  if (fallbacks.includes(undefined) || variableProblem(text) !== undefined) return undefined
  return problemOf(
    text.replaceAll(VARIABLE, (_all, _name, fallback: string) => fallback),
    as,
    setting,
  )
}

/** Whether there is an environment in which nothing is left of it. */
export const mayBeEmpty = (setting: Setting<string>): boolean =>
  'text' in setting &&
  setting.text.replaceAll(VARIABLE, (_all, _name, fallback?: string) => fallback ?? 'set') === ''

/** An empty variable counts as not set, as a shell's `:-` has it. Throws SLU1102 or SLU1103 naming variable and place. */
export function resolveSetting<T>(setting: Setting<T>, env: Env): T {
  if ('value' in setting) return setting.value
  const { text, as, at } = setting
  const where = `${at.file}:${at.line}`
  // A value is taken as it is: what looks like a variable or like YAML in it means nothing.
  const resolved = text.replaceAll(VARIABLE, (_all, name: string, fallback: string | undefined) => {
    const value = env[name]
    if (value !== undefined && value !== '') return value
    if (fallback !== undefined) return fallback
    throw new SluiceError('SLU1102', { message: `${name} is not set; ${where} reads it`, at })
  })
  const wrong = problemOf(resolved, as, setting)
  if (wrong === undefined)
    return (
      as === 'number' ? Number(resolved) : as === 'boolean' ? resolved === 'true' : resolved
    ) as T
  // What stands before an @ is mostly a password.
  const given = JSON.stringify(resolved.replaceAll(/[^\s,]*@/g, '***@').slice(0, 80))
  throw new SluiceError('SLU1103', {
    message: `${where} needs ${wrong}, and ${text} gives ${given}`,
    at,
  })
}

function problemOf(resolved: string, as: Kind, { between, form }: Limits): string | undefined {
  if (as === 'boolean' && resolved !== 'true' && resolved !== 'false') return 'true or false'
  if (as === 'number') {
    if (!/^[0-9]{1,15}$/.test(resolved)) return 'a whole number'
    const [least, most] = between ?? [-Infinity, Infinity]
    if (Number(resolved) < least || Number(resolved) > most)
      return `a number from ${least} to ${most}`
  }
  if (/\p{Cc}/u.test(resolved)) return 'a text without line breaks'
  return form === undefined || new RegExp(form.pattern, 'u').test(resolved) ? undefined : form.words
}
