// Each mistake gives its code at its place, with a hint that helps; and nothing else.
import { describe, expect, test } from 'vitest'
import { CODES } from '../../workers/core/codes.ts'
import { COMBINATIONS } from './cases/combinations.ts'
import { EXPRESSIONS } from './cases/expressions.ts'
import { NAMES } from './cases/names.ts'
import { RESOURCES } from './cases/resources.ts'
import { SHAPE } from './cases/shape.ts'
import { YAML } from './cases/yaml.ts'
import { compile, edited, faults, FLEET, PIPELINE } from './project.ts'

const CASES = [...YAML, ...SHAPE, ...NAMES, ...RESOURCES, ...EXPRESSIONS, ...COMBINATIONS]

/** Shown in types/cases. */
const isOfTypes = (code: string) => code >= 'SLU0330' && code < 'SLU0350'
/** Shown in ../ops. */
const isOfChanges = (code: string) => code >= 'SLU0390' && code < 'SLU0400'

describe('one mistake, one diagnostic', () => {
  test.each(CASES)(
    '$what: $expect',
    ({ pipeline, fleet, files, expect: place, hint, warns = false }) => {
      const result = compile({
        ...files,
        ...(pipeline === undefined ? {} : { 'pipelines/billing.yaml': edited(...pipeline) }),
        ...(fleet === undefined ? {} : { 'pipelines/fleet.yaml': edited(...fleet, FLEET) }),
      })
      expect(faults(result)).toEqual([place])
      expect(result.plan !== undefined).toBe(warns)
      if (hint !== undefined)
        expect(`${result.diagnostics[0]?.message} ${result.diagnostics[0]?.hint}`).toContain(hint)
    },
  )

  test('each code of the compiler is shown by a case, or says why it is not', () => {
    const elsewhere = new Set([
      'SLU0101',
      'SLU0102',
      'SLU0103',
      'SLU0104',
      'SLU0105',
      'SLU0107',
      'SLU0108',
      'SLU0307',
      'SLU0313',
      'SLU0316',
      'SLU0320',
      'SLU0505',
      'SLU0506',
      'SLU0512',
      // Found by the tools for dead letters: test/cli.
      'SLU0542',
      // Of routes and splits: test/compile/types/nesting.test.ts.
      'SLU0535',
      'SLU0536',
      'SLU0537',
      'SLU0538',
      // Of `apply`: test/ops.
      'SLU0563',
      // Of Avro: test/compile/avro.test.ts.
      'SLU0589',
      'SLU0590',
      // Of `up`: test/cli/up.test.ts.
      'SLU0555',
      'SLU0556',
      'SLU0583',
      // Of pipeline tests: test/testing/mistakes.test.ts.
      ...Object.keys(CODES).filter((code) => /^SLU03[56]/.test(code)),
    ])
    /** They take two states of a project: test/compile/evolution and test/cli show them. */
    const OF_EVOLUTION = /^SLU03[78]/
    const shown = new Set(CASES.map(({ expect: place }) => place.split(' ')[1]))
    const codes = Object.keys(CODES).filter(
      (code) =>
        code.startsWith('SLU0') &&
        !elsewhere.has(code) &&
        !isOfTypes(code) &&
        !isOfChanges(code) &&
        !OF_EVOLUTION.test(code),
    )
    expect(codes.filter((code) => !shown.has(code))).toEqual([])
  })
})

describe('files that are no configuration', () => {
  const one = (bytes: string | Uint8Array) => {
    const before = performance.now()
    const result = compile({ 'pipelines/billing.yaml': bytes })
    expect(performance.now() - before).toBeLessThan(1_000)
    return result.diagnostics
      .filter(({ file }) => file.endsWith('billing.yaml'))
      .map(({ code }) => code)
  }

  test.each([
    ['empty', '', ['SLU0104']],
    ['only comments', '# nothing\n', ['SLU0104']],
    ['UTF-16', Buffer.from('a: 1', 'utf16le'), ['SLU0102']],
    ['invalid UTF-8', Buffer.from([0x61, 0xff]), ['SLU0102']],
    ['a NUL byte', 'a: \u0000', ['SLU0102']],
    ['5,000 brackets', `a: ${'['.repeat(5_000)}`, ['SLU0103']],
    ['100,000 brackets', `a: ${'['.repeat(100_000)}`, ['SLU0103']],
    [
      '10,000 levels of blocks',
      Array.from({ length: 700 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'),
      ['SLU0103'],
    ],
    ['300 KiB', `a: ${'x'.repeat(300 * 1024)}`, ['SLU0101']],
    ['two documents', `${PIPELINE}---\n${PIPELINE}`, ['SLU0105']],
    ['a list', '- 1\n- 2\n', ['SLU0203']],
  ] as const)('%s', (_what, bytes, codes) => {
    expect(one(bytes)).toEqual(codes)
  })

  test('billions of laughs are not laughed', () => {
    const bomb = [
      'a: &a [x,x]',
      ...'bcdefghi'.split('').map((c, n) => `${c}: &${c} [*${'abcdefgh'[n]},*${'abcdefgh'[n]}]`),
    ].join('\n')
    expect(new Set(one(bomb))).toEqual(new Set(['SLU0106']))
  })

  test('nothing is polluted', () => {
    one('__proto__: { polluted: 1 }\nconstructor: { prototype: { polluted: 1 } }\n')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('more than one', () => {
  test('faults of all kinds and files are found in one run, in order', () => {
    const pipeline = edited(
      'order: key',
      'order: none\norder: keyy',
      edited('call: quote', 'call: quot', edited('topic: orders', 'topik: orders')),
    )
    const result = compile({
      'pipelines/billing.yaml': pipeline,
      'pipelines/fleet.yaml': edited('queues:', 'queue:', FLEET),
    })
    expect(faults(result)).toEqual([
      'fleet.yaml:10:1 SLU0201',
      'billing.yaml:2:9 SLU0201',
      'billing.yaml:5:1 SLU0106',
      'billing.yaml:5:8 SLU0204',
      'billing.yaml:11:21 SLU0305',
    ])
  })

  test('two pipelines in one group, and two of one name', () => {
    const result = compile({ 'pipelines/other.yaml': PIPELINE })
    expect(faults(result)).toEqual(['other.yaml:1:11 SLU0313'])
    const alone = compile({
      'pipelines/other.yaml': edited(
        'pipeline: billing',
        'pipeline: other',
        edited('topic: orders', 'topic: orders, group: billing'),
      ),
    })
    expect(faults(alone)).toEqual(['other.yaml:2:31 SLU0506'])
  })

  test('two pipelines in one group, of different topics', () => {
    const other = edited('pipeline: billing', 'pipeline: other').replace(
      'topic: orders',
      'topic: billed, group: billing',
    )
    const { diagnostics } = compile({ 'pipelines/other.yaml': other })
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'SLU0506 pipeline "billing" reads topic "orders" as group "billing" as well',
    ])
  })

  test('pipelines that feed each other for ever are told once, unless something may end it', () => {
    const always = edited('when: event.data.total > 0\n', '')
    const back = always
      .replace('pipeline: billing', 'pipeline: back')
      .replace('topic: orders', 'topic: billed')
      .replace('to: billed', 'to: orders')
    const both = { 'pipelines/billing.yaml': always, 'pipelines/back.yaml': back }
    const { diagnostics } = compile(both)
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'SLU0521 each message of "billed" leads to another one of "billed" by way of "orders", for ever',
    ])
    expect(faults(compile({ 'pipelines/back.yaml': back }))).toEqual([])
    const onceInAWhile = back.replace(
      '  - id: announce\n',
      '  - id: announce\n    when: price.total > 10\n',
    )
    expect(faults(compile({ ...both, 'pipelines/back.yaml': onceInAWhile }))).toEqual([])
  })

  test('a warning leaves the plan', () => {
    const { diagnostics, plan } = compile({
      'pipelines/fleet.yaml': edited('ttl: 5m', 'ttl: 5m, staleWhileRevalidate: 2h', FLEET),
    })
    expect(diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'warning SLU0512',
    ])
    expect(plan).toBeDefined()
  })

  test('a dead-letter topic takes what its sources take, unless it says that it does not', () => {
    const limits = (sizes: readonly [string, string]) => {
      const [orders, letters] = sizes
      return compile({
        'pipelines/fleet.yaml': edited(
          'orders: { in: events,',
          `orders: { in: events${orders},`,
          edited(', maxBytes: 2MiB', letters, FLEET),
        ),
        'pipelines/billing.yaml': edited('topic: orders', 'topic: orders, maxBytes: 4MiB'),
      })
    }
    expect(limits([', maxBytes: 4MiB', '']).plan?.topics['orders.dlq']?.maxBytes).toBe(
      4 * 1024 * 1024 + 64 * 1024,
    )
    expect(faults(limits([', maxBytes: 4MiB', ', maxBytes: 3MiB']))).toEqual([
      'fleet.yaml:9:58 SLU0505',
    ])
  })

  test('a schema that cannot be checked is named', () => {
    const bad = (schema: string) =>
      compile({ 'schemas/events/order.json': schema }).diagnostics.map(
        ({ code, file }) => `${code} ${file}`,
      )
    for (const schema of [
      '{',
      '[]',
      '{"type":"objekt"}',
      '{"$ref":"https://example.com/x.json"}',
      '{"typo":1}',
    ])
      expect(new Set(bad(schema))).toEqual(new Set(['SLU0307 schemas/events/order.json']))
  })
})
