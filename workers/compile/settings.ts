// `${VAR}` and `${VAR:-default}` on parsed values: kept by name in the plan, resolved when a worker starts.
import { SluiceError } from '../core/errors.ts'
import type { Position, Setting } from '../core/plan.ts'

type Env = Readonly<Record<string, string | undefined>>
type Kind = 'string' | 'number' | 'boolean'

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

export const hasVariable = (text: string) => /\$\{/.test(text)

/** What is wrong with the `${…}` of a text, or undefined. */
export function variableProblem(text: string): string | undefined {
  const rest = text.replaceAll(VARIABLE, '')
  return rest.includes('${') ? 'a variable is written ${NAME} or ${NAME:-default}' : undefined
}

export function settingOf<T extends string | number | boolean>(
  value: T | string,
  as: Kind,
  at: Position,
): Setting<T> {
  return typeof value === 'string' && hasVariable(value)
    ? { text: value, as, at }
    : { value: value as T }
}

/** An empty variable counts as not set, as a shell's `:-` has it. Throws SLU1102 or SLU1103 naming variable and place. */
export function resolveSetting<T>(setting: Setting<T>, env: Env): T {
  if ('value' in setting) return setting.value
  const { text, as, at } = setting
  const where = `${at.file}:${at.line}`
  const resolved = text.replaceAll(VARIABLE, (_all, name: string, fallback: string | undefined) => {
    const value = env[name]
    if (value !== undefined && value !== '') return value
    if (fallback !== undefined) return fallback
    throw new SluiceError('SLU1102', { message: `${name} is not set; ${where} reads it`, at })
  })
  if (as === 'number' && !/^-?[0-9]+(\.[0-9]+)?$/.test(resolved.trim()))
    throw new SluiceError('SLU1103', {
      message: `${where} needs a number, and ${text} gives "${resolved}"`,
      at,
    })
  if (as === 'boolean' && resolved !== 'true' && resolved !== 'false')
    throw new SluiceError('SLU1103', {
      message: `${where} needs true or false, and ${text} gives "${resolved}"`,
      at,
    })
  if (as === 'number') return Number(resolved) as T
  return (as === 'boolean' ? resolved === 'true' : resolved) as T
}
