// Whether each hostile message became what it should, and every good one beside it was taken, in their order.
import { expect } from 'vitest'
import { headerText, type Headers } from '../../workers/core/message.ts'
import { fateOf, walk, type Kind } from './hostile-messages.ts'

export interface Found {
  readonly headers: Headers
  readonly value: Uint8Array | null
}

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]/u
/** The letter of what is larger than its destination takes goes without; every destination takes as much. */
const ROOM = 1024 * 1024

/** `letters` of the source, `taken` by the numbers that what was taken led to. `kept`: a value as its broker keeps it. */
export function expectFates(
  kind: Kind,
  letters: readonly Found[],
  taken: readonly number[],
  kept = (value: Uint8Array): Uint8Array => value,
): void {
  const messages = walk(kind)
  const isGood = (one: (typeof messages)[number]) => fateOf(one, kind) === 'taken'
  const named = (numbers: readonly number[]) => numbers.map((n) => `${n} ${messages[n]?.what}`)
  expect(named(taken)).toEqual(named(messages.filter(isGood).map(({ n }) => n)))

  const bad = messages.filter((one) => !isGood(one))
  const said = (at: number, name: string) =>
    headerText(letters[at]?.headers ?? {}, `sluice-dlq-${name}`)
  expect(letters.map((_letter, at) => [bad[at]?.what, said(at, 'code')])).toEqual(
    bad.map((one) => [one.what, fateOf(one, kind)]),
  )
  bad.forEach((one, at) => {
    const what = `${kind}: ${one.what}`
    const isFailure = fateOf(one, kind) === 'SLU5101'
    const of = (name: string) => said(at, name) ?? ''
    expect([what, of('pipeline'), of('attempts')]).toEqual([
      what,
      `by_${kind}`,
      isFailure ? '2' : '1',
    ])
    expect([what, of('class')]).toEqual([what, isFailure ? 'transient' : 'invalid'])
    expect(of('reason').length, what).toBeGreaterThan(5)
    for (const name of ['reason', 'cause', 'id', 'step'])
      expect(of(name), what).not.toMatch(CONTROL)
    const value = kind === 'jobs' ? (one.value(one.n) ?? 'null') : one.value(one.n)
    const bytes = Buffer.from(kept(Buffer.from(value ?? '')))
    expect([what, of('payload-bytes')]).toEqual([what, String(bytes.length)])
    const none = kind === 'topic' && one.value(one.n) === null
    expect([what, of('payload') === 'none']).toEqual([what, none])
    const isOmitted = of('payload') === 'omitted'
    expect(isOmitted && bytes.length <= ROOM, what).toBe(false)
    const left = isOmitted ? Buffer.alloc(0) : bytes
    expect(Buffer.from(letters[at]?.value ?? []).equals(left), what).toBe(true)
    if (kind === 'topic')
      expect([what, of('topic'), of('offset')]).toEqual([what, 'arrived', `${one.n}`])
    else expect([what, said(at, 'topic'), said(at, 'offset')]).toEqual([what, undefined, undefined])
  })
}
