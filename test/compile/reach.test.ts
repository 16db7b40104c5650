// Nothing that is accepted reaches anything but data: not by design of an attack, not by any mixture of words.
import { createContext, runInContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { $data, $key, $time } from '../../workers/core/expression-runtime.ts'
import { parseExpression, type Scope } from '../../workers/compile/expression/parse.ts'
import { runs } from '../support/fuzz.ts'

const scope: Scope = { values: new Set(['event', 'price']), valueless: new Map() }

/**
 * A world of its own, where making code of text fails with an EvalError of its own: an expression that got hold of
 * a Function constructor would show itself.
 */
const world = createContext({}, { codeGeneration: { strings: false, wasm: false } })
const evaluate = (code: string, event: unknown): unknown =>
  (
    runInContext(`(event, price, $key, $data, $time) => (${code}\n)`, world) as (
      ...values: unknown[]
    ) => unknown
  )(event, { score: 1 }, $key, $data, $time)

const inWorld = (value: unknown): unknown =>
  runInContext(`(text) => JSON.parse(text)`, world)(JSON.stringify(value))

const DATA = {
  id: 'i',
  key: 'constructor',
  data: { n: 3, text: 'ab', list: [1, [2]], constructed: { x: null } },
}

/** Everything that can be reached from a value by its own properties is data. */
function onlyData(value: unknown, seen = new Set<unknown>()): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false
  if (typeof value !== 'object' || value === null || seen.has(value)) return true
  seen.add(value)
  return Reflect.ownKeys(value).every(
    (key) => typeof key === 'string' && onlyData((value as Record<string, unknown>)[key], seen),
  )
}

function check(text: string): 'refused' | 'ran' {
  const parsed = parseExpression(text, scope)
  if ('faults' in parsed) return 'refused'
  const event = inWorld(DATA)
  let value: unknown
  try {
    value = evaluate(parsed.code, event)
  } catch (error) {
    // A mistake with data is the user's; a name that is not there would be one of the world's.
    expect((error as Error).name, text).toMatch(/^(TypeError|RangeError)$/)
  }
  expect(onlyData(value), text).toBe(true)
  expect(JSON.parse(JSON.stringify(event)), text).toEqual(DATA)
  return 'ran'
}

const NAMES = [
  'event',
  'price',
  'data',
  'list',
  'text',
  'n',
  'key',
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'call',
  'apply',
  'bind',
  'map',
  'reduce',
  'at',
  'concat',
  'length',
  'name',
  'caller',
  'arguments',
  'eval',
  'Function',
  'globalThis',
  'process',
  'Math',
  'Object',
  'String',
  'keys',
  'JSON',
  'stringify',
  'toJSON',
  'then',
  '__defineGetter__',
  '__lookupGetter__',
  'hasOwnProperty',
  'undefined',
  'x',
  'this',
  'new',
  'import',
  'typeof',
  'async',
]
const tokens = fc.constantFrom(
  ...NAMES,
  '.',
  '.',
  '.',
  '?.',
  '[',
  ']',
  '(',
  ')',
  '{',
  '}',
  ':',
  ',',
  '+',
  '=>',
  '?',
  '??',
  '`',
  '${',
  "'",
  '"',
  '...',
  '!',
  '=',
  ';',
  '//',
  '/*',
  '*/',
  '0',
  '1',
  "'a'",
  '\\u0063',
)

/** Chains of properties, the way out of most sandboxes. */
const chain = fc
  .tuple(
    fc.constantFrom(
      'event',
      'event.data',
      'event.data.list',
      'event.data.text',
      '[]',
      '({})',
      "''",
      '(1)',
      'true',
      'price',
      'event.key',
    ),
    fc.array(
      fc.oneof(
        fc.constantFrom(...NAMES).map((name) => `.${name}`),
        fc.constantFrom(...NAMES).map((name) => `?.${name}`),
        fc.constantFrom(...NAMES).map((name) => `['${name}']`),
        fc.constantFrom(...NAMES).map((name) => `[['${name}']]`),
        fc.constantFrom(...NAMES).map((name) => `?.['${name.slice(0, 2)}' + '${name.slice(2)}']`),
        fc.constantFrom(
          '[event.key]',
          '[event.data.list]',
          '[`${event.key}`]',
          '[0]',
          '[{ toString: 1 }]',
        ),
        fc.constantFrom(
          '.map(x => x.constructor)',
          ".map(x => x['con' + 'structor'])",
          '.map(x => x)',
          '.at(0)',
          '.concat([1])',
          '.toString()',
          '?.slice(1)',
          '.reduce((a, b) => a[b], event)',
        ),
      ),
      { maxLength: 5 },
    ),
  )
  .map(([start, parts]) => start + parts.join(''))

const wrapped = fc
  .tuple(chain, chain, fc.nat({ max: 7 }))
  .map(
    ([a, b, how]) =>
      [
        a,
        `{ x: ${a}, ...${b} }`,
        `[${a}, ...[${b}]]`,
        `String({ toString: ${a}, valueOf: ${b} })`,
        `JSON.stringify({ '9': { toJSON: ${a} }, b: ${b} })`,
        `\`\${${a}}\${${b}}\``,
        `(${a}) ?? (${b})`,
        `event.data.list.map((x, i) => [x, ${a}][${b}])`,
      ][how] as string,
  )

describe('what an expression reaches', () => {
  test('chains of any names', () => {
    const counts = { refused: 0, ran: 0 }
    fc.assert(
      fc.property(wrapped, (text) => void counts[check(text)]++),
      { numRuns: runs(5_000) },
    )
    // Both happen often enough to mean something.
    expect(Math.min(counts.refused, counts.ran)).toBeGreaterThan(500)
  })

  test('any mixture of words', () => {
    fc.assert(
      fc.property(
        fc.array(tokens, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('', ' '),
        (parts, between) => {
          expect(check(parts.join(between))).toMatch(/refused|ran/)
        },
      ),
      { numRuns: runs(10_000) },
    )
  })

  test('the world of this test would show a way out', () => {
    const out = "event.constructor.constructor('return 1')()"
    expect(() => evaluate(out, inWorld(DATA))).toThrow(/Code generation from strings disallowed/)
    expect(onlyData(evaluate('[[].map]', DATA))).toBe(false)
  })
})

/** One part that is not allowed anywhere. */
const forbidden = fc.constantFrom(
  'this',
  'new Object',
  'globalThis',
  'process.env',
  'eval',
  'import("fs")',
  '(() => 1)',
  '(function () {})',
  '/a/',
  '1n',
  '(event.n = 1)',
  'event.n++',
  '(1, 2)',
  'event.constructor',
  "event['__proto__']",
  'event`x`',
  'Date.now()',
  'Math.random()',
  'delete event.n',
  "('a' in event)",
  '"a".repeat(9)',
  'event.data.list.push(1)',
  '({ __proto__: 1 })',
  'class {}',
  'unknown',
)
/** Places where an expression may stand in another one. */
const around = fc.constantFrom<(inner: string) => string>(
  (inner) => `(${inner})`,
  (inner) => `[1, ${inner}]`,
  (inner) => `[...${inner}]`,
  (inner) => `({ a: ${inner} })`,
  (inner) => `({ ...${inner} })`,
  (inner) => `true ? ${inner} : 1`,
  (inner) => `${inner} && 1`,
  (inner) => `1 + ${inner}`,
  (inner) => `!${inner}`,
  (inner) => `\`a\${${inner}}\``,
  (inner) => `event.data[${inner}]`,
  (inner) => `event?.[${inner}]?.x`,
  (inner) => `(${inner}).x`,
  (inner) => `(${inner})?.x.toString()`,
  (inner) => `event.data.list.map(x => ${inner})`,
  (inner) => `event.data.list.reduce((a, b) => a, ${inner})`,
  (inner) => `Math.max(1, ${inner})`,
  (inner) => `String(${inner})`,
)

test('a part that is not allowed is refused wherever it stands', () => {
  fc.assert(
    fc.property(forbidden, fc.array(around, { maxLength: 6 }), (part, shells) => {
      const text = shells.reduce<string>((inner, shell) => `(${shell(inner)})`, part)
      expect('faults' in parseExpression(text, scope), text).toBe(true)
    }),
    { numRuns: runs(2_000) },
  )
})
