// A filter over letters, in the expression language of pipelines: checked before anything is read, and unable to do anything but compute.
import { pathToFileURL } from 'node:url'
import { writeModule } from '../../compile/build.ts'
import { emitExpression } from '../../compile/emit.ts'
import { parseExpression } from '../../compile/expression/parse.ts'
import { SluiceError } from '../../core/errors.ts'
import type { Letter } from './letter.ts'

/** What a filter and an edit may name. */
export interface LetterScope {
  readonly code: string
  /** invalid, transient or defect: `class` is a word of JavaScript. */
  readonly failure: string
  readonly reason: string
  readonly pipeline: string
  readonly step: string | undefined
  readonly attempts: number
  readonly failedAt: string
  readonly destination: string
  readonly fingerprint: string
  readonly event: {
    readonly id: string | undefined
    readonly key: string | null
    readonly data: unknown
  }
}

export type LetterExpression = (scope: LetterScope) => unknown

const NAMES: readonly (keyof LetterScope)[] = [
  'code',
  'failure',
  'reason',
  'pipeline',
  'step',
  'attempts',
  'failedAt',
  'destination',
  'fingerprint',
  'event',
]

/** `what` names the option for people. Rejects with SLU1001 where the text is no expression, with every fault in it. */
export async function compileLetterExpression(
  root: string,
  what: string,
  text: string,
): Promise<LetterExpression> {
  const parsed = parseExpression(text, { values: new Set(NAMES), valueless: new Map() })
  if ('faults' in parsed)
    throw new SluiceError('SLU1001', {
      message: parsed.faults
        .map(({ from, message, hint }) => `${what}, character ${from + 1}: ${message} (${hint})`)
        .join('; '),
    })
  const file = writeModule(root, 'letters', emitExpression(NAMES, parsed.code))
  const module = (await import(pathToFileURL(file).href)) as { default: LetterExpression }
  return module.default
}

export function scopeOf(letter: Letter, fingerprint: string): LetterScope {
  const { code, reason, pipeline, step, attempts, failedAt, spot, id, message, content } = letter
  return {
    code,
    failure: letter.class,
    reason,
    pipeline,
    step,
    attempts,
    failedAt,
    destination: spot.destination,
    fingerprint,
    event: {
      id,
      key: message.key === null ? null : Buffer.from(message.key).toString(),
      data: dataOf(content),
    },
  }
}

/** Undefined for what is no JSON. */
export function dataOf(value: Uint8Array | null): unknown {
  if (value === null) return null
  try {
    return JSON.parse(Buffer.from(value).toString()) as unknown
  } catch {
    return undefined
  }
}

/** A letter on which the expression fails (a field of a value that is not there) does not match. */
export function matches(expression: LetterExpression, scope: LetterScope): boolean {
  try {
    return expression(scope) === true
  } catch {
    return false
  }
}
