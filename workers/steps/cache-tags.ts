// What entries are about. Each tag has a generation in the cache; an entry notes those that it was loaded under, and is none any more
// once one of them is another. To forget a tag is to delete its generation: nothing is searched for, and no list of entries is kept.
import { hash } from 'node:crypto'
import { SluiceError } from '../core/errors.ts'
import type { Position } from '../core/plan.ts'

/** Each is looked at whenever its entry is read. */
const MOST = 16

/** A tag and its generation. */
export type Generation = readonly [tag: string, generation: string]

/** `namespace` is that of the cache's entries: no entry has such an address. */
export const tagAddress = (namespace: string, tag: string): string =>
  `${namespace}tag:${hash('sha256', tag, 'base64url')}`

/** Each once. Throws SLU5409 for what is no list of texts or numbers. */
export function tagsOf(written: unknown, at: Position): string[] {
  if (!Array.isArray(written)) throw new SluiceError('SLU5409', { at })
  const tags = new Set(written.map((tag) => tagOf(tag, at)))
  if (tags.size <= MOST) return [...tags]
  const message = `an entry has at most ${MOST} tags, and this one ${tags.size}`
  throw new SluiceError('SLU5409', { message, at })
}

/** Throws SLU5409. */
export function tagOf(tag: unknown, at: Position): string {
  if ((typeof tag === 'string' && tag !== '') || typeof tag === 'number') return String(tag)
  throw new SluiceError('SLU5409', { at })
}

/** What others may have written is believed only where it has the right type. */
export const isGenerations = (value: unknown): value is readonly Generation[] =>
  Array.isArray(value) &&
  value.length <= MOST &&
  value.every(
    (one: unknown) =>
      Array.isArray(one) && one.length === 2 && one.every((part) => typeof part === 'string'),
  )
