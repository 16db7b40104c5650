// Things as nobody would send them by intent, for property tests: texts, names, bytes and headers of every kind.
import fc from 'fast-check'
import type { HeaderValue, Headers } from '../../workers/core/message.ts'

const ODD = [
  '',
  ' ',
  '\u0000',
  '\r\n',
  '\u001b[31mred',
  '\u2028',
  '\uFEFF',
  '\uD800',
  '\uDC00x',
  '😀',
  'é',
  '\u202Egnp.exe',
  '__proto__',
  'constructor',
  'toString',
  '{"level":"error"}',
  '%00',
  ':',
  '12',
  '-1',
  '1e999',
  'NaN',
  'null',
]

/** Any text: lone surrogates, control characters, names of Object.prototype. */
export const texts = (maxLength = 30): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...ODD) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength }) },
    { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength }) },
    {
      weight: 1,
      arbitrary: fc.array(fc.constantFrom(...ODD), { maxLength: 5 }).map((parts) => parts.join('')),
    },
  )

/** Text as it can be written: UTF-8 knows no lone surrogates. */
export const written = (maxLength = 30): fc.Arbitrary<string> =>
  texts(maxLength).map((text) => text.toWellFormed())

export const bytes = (maxLength = 60): fc.Arbitrary<Buffer> =>
  fc.oneof(
    fc.uint8Array({ maxLength }).map((array) => Buffer.from(array)),
    written(maxLength).map((text) => Buffer.from(text)),
  )

export const headerValues: fc.Arbitrary<HeaderValue> = fc.oneof(
  written(),
  bytes(),
  // Once is a value of its own, and never is none.
  fc.array(fc.oneof(written(), bytes()), { minLength: 2, maxLength: 3 }),
)

/** `names`: some that the code under test knows itself. */
export const headersWith = (...names: readonly string[]): fc.Arbitrary<Headers> =>
  fc
    .array(fc.tuple(fc.oneof(written(20), fc.constantFrom('tenant', ...names)), headerValues), {
      maxLength: 8,
    })
    .map((entries) => Object.fromEntries(entries))

/** A header as the bytes that it is. */
export const asBytes = (value: HeaderValue): string | string[] =>
  Array.isArray(value)
    ? value.map((part) => Buffer.from(part as Uint8Array).toString('base64'))
    : Buffer.from(value as Uint8Array).toString('base64')
