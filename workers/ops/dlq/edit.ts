// Edits the value of a letter before it goes back: new bytes are another message, so they get another id.
import { createHash } from 'node:crypto'
import { SluiceError } from '../../core/errors.ts'
import type { FleetPlan } from '../../core/plan.ts'
import { dataOf, scopeOf, type LetterExpression } from './filter.ts'
import { fingerprint } from './fingerprint.ts'
import type { Letter } from './letter.ts'
import type { Original } from './origin.ts'

/** Bytes that somebody wrote, or an expression over the letter that gives the new value. */
export type Edit =
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'expression'; readonly expression: LetterExpression }

/** The same for every try of the same edit. SLU5708 when the expression gives nothing that can be sent. */
export function edited(
  plan: FleetPlan,
  letter: Letter,
  original: Original,
  edit: Edit,
): { value: Uint8Array; id: string } {
  const value = edit.kind === 'bytes' ? edit.value : computed(letter, original, edit.expression)
  const id = newId(letter, value)
  const path = pathOfId(plan, letter)
  const before = dataOf(original.content)
  const after = dataOf(value)
  if (path === undefined || after === undefined) return { value, id }
  // The id of plain JSON stands in it. Whoever wrote another one has named the new message.
  const [old, now] = [at(before, path), at(after, path)]
  if (now !== old && (typeof now === 'string' || typeof now === 'number'))
    return { value, id: String(now) }
  if (typeof now !== 'string') return { value, id }
  return { value: Buffer.from(JSON.stringify(withId(after, path, id))), id }
}

function computed(letter: Letter, original: Original, expression: LetterExpression): Uint8Array {
  const { content, ...rest } = original
  const message = { ...letter.message, ...rest }
  const scope = scopeOf({ ...letter, message, content }, fingerprint(letter))
  try {
    const text = JSON.stringify(expression(scope)) as string | undefined
    if (text !== undefined) return Buffer.from(text)
  } catch (cause) {
    throw new SluiceError('SLU5708', {
      message: `the edit failed: ${(cause as Error).message}`,
      cause,
    })
  }
  throw new SluiceError('SLU5708', { message: 'the edit gives no value' })
}

/** In the form of a UUID, version 8: some schemas ask for one. */
function newId(letter: Letter, value: Uint8Array): string {
  const hex = createHash('sha256').update(letter.key).update(value).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function pathOfId(
  { topics, queues }: FleetPlan,
  { origin }: Letter,
): readonly string[] | undefined {
  // The id of a job, and of a firing, is outside of its value.
  if (origin.kind === 'jobs' || origin.kind === 'schedule') return undefined
  const source = origin.kind === 'topic' ? topics[origin.topic] : queues[origin.queue]
  return source?.envelope.id
}

function at(data: unknown, path: readonly string[]): unknown {
  let value: unknown = data
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

function withId(data: unknown, [name = '', ...rest]: readonly string[], id: string): unknown {
  const map = data as Record<string, unknown>
  return { ...map, [name]: rest.length === 0 ? id : withId(map[name], rest, id) }
}
