// The subset: what it accepts means what JavaScript means, and nothing that it accepts reaches anything but data.
import { runInThisContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { $data, $key, $time } from '../../workers/core/expression-runtime.ts'
import { INHERITED } from '../../workers/compile/expression/allowed.ts'
import { parseExpression, type Scope } from '../../workers/compile/expression/parse.ts'
import { compile, edited } from './project.ts'
import { runs } from '../support/fuzz.ts'

const scope: Scope = {
  values: new Set(['event', 'price']),
  valueless: new Map([['alert', 'none']]),
}

const functionOf = (parameters: string, body: string) =>
  runInThisContext(`(function (${parameters}) { return (${body}\n) })`) as (
    ...values: unknown[]
  ) => unknown

/** Runs a checked expression as the compiled module does: with the scope and the guards, and nothing else. */
function run(code: string, event: unknown, price: unknown = {}): unknown {
  const evaluate = functionOf('event, price, $key, $data, $time', code)
  return evaluate(event, price, $key, $data, $time)
}

function codeOf(text: string): string {
  const parsed = parseExpression(text, scope)
  if ('code' in parsed) return parsed.code
  throw new Error(parsed.faults.map(({ message }) => message).join('; '))
}

const outcome = (work: () => unknown): unknown => {
  try {
    return { value: work() }
  } catch (error) {
    return { threw: (error as Error).constructor.name }
  }
}

/** Expressions of the subset, as text. */
const { expression } = fc.letrec<{ expression: string; leaf: string }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(
      'event.data',
      'event.data.n',
      'event.data.list',
      'event.data.text',
      'event.key',
      'price.score',
      'undefined',
      'true',
      'null',
    ),
    fc.integer({ min: -1000, max: 1000 }).map((n) => `(${n})`),
    // What data inherits from the language is no field of it: there we mean to differ.
    fc
      .string({ maxLength: 8 })
      .filter((text) => !INHERITED.has(text))
      .map((text) => JSON.stringify(text)),
  ),
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom('+', '-', '*', '/', '%', '<', '>=', '===', '!=', '&&', '||', '??'),
        tie('expression'),
      )
      .map(([a, op, b]) => `((${a}) ${op} (${b}))`),
    fc
      .tuple(tie('expression'), tie('expression'), tie('expression'))
      .map(([a, b, c]) => `((${a}) ? (${b}) : (${c}))`),
    fc
      .tuple(tie('expression'), tie('expression'))
      .map(([a, b]) => `({ x: ${a}, 'y z': ${b}, ...event.data })`),
    fc.array(tie('expression'), { maxLength: 3 }).map((parts) => `[${parts.join(', ')}]`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a})?.[${b}]`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a})[${b}]`),
    tie('expression').map((a) => `\`<\${${a}}>\``),
    tie('expression').map((a) => `!(${a})`),
    tie('expression').map((a) => `typeof (${a})`),
    tie('expression').map((a) => `String(${a}).toUpperCase().slice(0, 4)`),
    tie('expression').map((a) => `event.data.list.map((item, i) => [item, i, ${a}])`),
    tie('expression').map((a) => `event.data.list.filter(item => item > 1 && (${a}))`),
    tie('expression').map((a) => `Object.keys(event.data).length + Math.max(1, Number(${a}))`),
  ),
}))

const DATA = { n: 3, text: 'abc', list: [1, 2, 3], nested: { n: 1 } }

describe('expressions', () => {
  test('mean what JavaScript means', () => {
    fc.assert(
      fc.property(expression, (text) => {
        const event = { data: DATA, key: 'k' }
        const price = { score: 0.5 }
        const direct = outcome(() => functionOf('event, price', text)(event, price))
        expect(outcome(() => run(codeOf(text), event, price))).toEqual(direct)
      }),
      { numRuns: runs(500) },
    )
  })

  test('change nothing', () => {
    fc.assert(
      fc.property(expression, (text) => {
        const event = structuredClone({ data: DATA, key: 'k' })
        outcome(() => run(codeOf(text), event))
        expect(event).toEqual({ data: DATA, key: 'k' })
      }),
    )
  })

  test('no text whatsoever makes the parser throw', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'binary' }), (text) => {
        const parsed = parseExpression(text, scope)
        expect('faults' in parsed ? parsed.faults.length : 1).toBeGreaterThan(0)
      }),
      { numRuns: runs(1_000) },
    )
  })

  test.each(
    [
      'process.exit()',
      'globalThis',
      'require("fs")',
      'import("fs")',
      'import.meta',
      'this',
      'this.constructor',
      'new Date()',
      'Date.now()',
      'Math.random()',
      'eval("1")',
      'Function("return 1")()',
      'event.constructor',
      "event['constructor']",
      'event["__proto__"]',
      'event.__proto__',
      'event.data.prototype',
      '[].constructor.constructor("return process")()',
      '(() => 1)()',
      'event.data.map',
      '"a".replace(/a/, "b")',
      '/a/.test("a")',
      'event.data = 1',
      'event.n++',
      'delete event.data',
      'void 0',
      '1, 2',
      'await 1',
      'function f() {}',
      'class A {}',
      '() => { while (true) {} }',
      'event.data.list.forEach(x => x)',
      'event.data.list.push(1)',
      'event.data.list.sort()',
      '"x".repeat(1e9)',
      '"x".padEnd(1e9)',
      'event.data.list.map(event.data.text.slice)',
      '({ __proto__: null })',
      '({ get x() { return 1 } })',
      '({ [event.key]: 1 })',
      '`${process.env.HOME}`',
      'String.raw`x`',
      'event?.constructor',
      "event?.['constructor']",
      'Object.assign({}, event)',
      'Object.getPrototypeOf(event)',
      'Object',
      'Math',
      'JSON.parse',
      'Number.prototype',
      'alert',
      '1n',
      'a => a',
      'event.data.list.map(function (x) { return x })',
      'event.data.list.map(async x => x)',
      'event.data.list.reduce((a, { b }) => b)',
      'event.data.list.map($key => 1)',
      'price => price',
      'event.data instanceof Object',
      '"a" in event',
      'super.x',
      'yield 1',
      'event.data.list.map((x = process) => x)',
      '...event',
      'x => process',
      '1 }; process.exit(); ({',
      '1) + (process',
      'toString.call(event)',
      'constructor.constructor("return process")()',
      'hasOwnProperty.x',
      'valueOf.valueOf()',
      'isPrototypeOf',
      'event.data.list.map(x => y => x)',
      'event.data.list.map((Math) => 1)',
      'event.data.text.padStart(event.data.n)',
      'event.data.text.padStart(100000)',
      'event.data.text.padStart(...event.data.list)',
      '"a".localeCompare("b")',
      'event.data.list.flatMap(...[x => x])',
      '[1, , 2]',
      '({ "__pr\\u006fto__": 1 })',
      'event.\\u0063onstructor',
      'event["constr\\x75ctor"]',
      '{ [`a`]: 1 }',
      '{ a() {} }',
      '{ async a() {} }',
      '#x in event',
      '<!-- 1',
      '#!x',
      'event.data // \u2028 + process',
      'let',
      'arguments',
      'undefined = 1',
      'event.data.list.map((undefined) => undefined)',
      'import.source("fs")',
      'import.defer("fs")',
      '`${`${this}`}`',
      'a?.b`c`',
      'new.target',
      'event.data ||= 1',
      '[event.data] = [1]',
      '({ a: event.data } = {})',
      'async () => 1',
      'do { 1 } while (0)',
      'debugger',
      'using x',
      '1 // )\n)(process',
    ].filter((text) => text !== 'event.data.map'),
  )('%s is refused', (text) => {
    const parsed = parseExpression(text, scope)
    expect('faults' in parsed ? parsed.faults.length : 0).toBeGreaterThan(0)
  })

  test.each([
    ["event.data[['constructor']]", {}],
    ["event.data['const' + 'ructor']", {}],
    ["event.data[`__${'proto'}__`]", {}],
    ['event.data[event.key]', {}],
    ["event.data.list[['cons' + 'tructor']]", {}],
    ['event.data.list.map', {}],
    ['event.data?.list?.map', {}],
    ["event.data['toString']", {}],
    ["event.data['to' + 'String']", {}],
    ["event.data.list?.['ma' + 'p']", {}],
    ['event.data.nested.values', {}],
    ['{ ...{ a: event.data.valueOf } }.a', {}],
    ['event.data.list.map(item => item.toFixed)[0]', {}],
  ])('%s is nothing: data has no such field', (text) => {
    const event = { data: DATA, key: 'constructor' }
    expect(run(codeOf(text), event)).toBeUndefined()
  })

  test('a field of data is a field, whatever else has its name', () => {
    const data = JSON.parse('{"values": 1, "at": "x", "link": [2], "caller": 3}') as object
    const text = "[event.data.values, event.data.at, event.data?.link[0], event.data['caller']]"
    expect(run(codeOf(text), { data })).toEqual([1, 'x', 2, 3])
  })

  test('a function of the language is never called but by a name of the list', () => {
    for (const text of [
      'event.data.list.map(event.data.list.push)',
      '(event.data.list.map)(1)',
      '[event.data.text.at][0](0)',
      'event.data.list.map.call(event.data)',
    ])
      expect('faults' in parseExpression(text, scope)).toBe(true)
    // Nor by the language itself, when it makes a text of something.
    const grown = "JSON.stringify({ '900000000': { toJSON: event.data.text.padEnd } })"
    expect(run(codeOf(grown), { data: DATA })).toBe('{"900000000":{}}')
  })

  test('a comment at the end closes nothing', () => {
    expect(run(codeOf('event.data.n // three'), { data: DATA })).toBe(3)
  })
})

describe('the place of a fault', () => {
  const place = (body: string) => {
    const text = edited("body: '{ total: price.total }' }\nfailure", `body: x }\nfailure`)
    const result = compile({
      'pipelines/billing.yaml': text.replace(
        '    event: { to: billed, body: x }',
        `    event:\n      to: billed\n      body: ${body}`,
      ),
    })
    return result.diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`)
  }

  test.each([
    ['plain', 'price.total + prize', '17:27'],
    ['single quotes', "'price.total + prize'", '17:28'],
    ['a quote within single quotes', `'["it''s", prize]'`, '17:24'],
    ['double quotes', '"price.total + prize"', '17:28'],
    ['escapes within double quotes', '"[\\"\\u0041\\t\\", prize]"', '17:29'],
    ['literal block', '|\n        { a: 1,\n          b: prize }', '19:14'],
    ['literal block, kept line breaks', '|+\n        [1,\n\n         prize]\n', '20:10'],
    ['folded block', '>-\n        [1,\n        2, prize]', '19:12'],
    ['plain over two lines', '[1,\n        prize]', '18:9'],
  ])('%s', (_what, body, at) => {
    const [first] = place(body.startsWith('[') ? `"${body}"` : body)
    expect(first).toBe(`${at} SLU0403`)
  })
})

describe('a time', () => {
  const parsed = (text: string) => {
    const before = process.env['TZ']
    process.env['TZ'] = 'America/New_York'
    try {
      return run(codeOf('Date.parse(event.data)'), { data: text })
    } finally {
      if (before === undefined) delete process.env['TZ']
      else process.env['TZ'] = before
    }
  }
  const AT = Date.UTC(2026, 2, 1, 10, 30)

  test.each([
    '2026-03-01T10:30:00Z',
    '2026-03-01T10:30:00.000Z',
    '2026-03-01t10:30:00z',
    '2026-03-01 12:30:00+02:00',
    '2026-03-01T10:30:00',
    '2026-03-01T10:30',
  ])('%s is the same on every machine', (text) => expect(parsed(text)).toBe(AT))

  test('a day begins in UTC', () => expect(parsed('2026-03-01')).toBe(Date.UTC(2026, 2, 1)))

  test.each(['March 1, 2026', '1/3/2026', '2026', 'yesterday', '', '2026-13-01'])(
    '%s is none',
    (text) => expect(parsed(text)).toBeNaN(),
  )
})
