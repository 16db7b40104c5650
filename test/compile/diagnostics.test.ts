// Each mistake gives its code at its place, with a hint that helps; and nothing else.
import { describe, expect, test } from 'vitest'
import { CODES } from '../../workers/core/codes.ts'
import { compile, edited, faults, FLEET, PIPELINE } from './project.ts'

interface Case {
  readonly what: string
  readonly pipeline?: readonly [from: string, to: string]
  readonly fleet?: readonly [from: string, to: string]
  readonly expect: string
  readonly hint?: string
}

const CASES: readonly Case[] = [
  // files and YAML
  {
    what: 'a key twice',
    pipeline: ['order: key', 'order: key\norder: key'],
    expect: 'billing.yaml:5:1 SLU0106',
  },
  {
    what: 'a tab as indentation',
    pipeline: ['  - id: price', '\t- id: price'],
    expect: 'billing.yaml:6:1 SLU0106',
  },
  {
    what: 'an alias',
    pipeline: ['from: { topic: orders }', 'from: &x { topic: orders }\nwindow: *x'],
    expect: 'billing.yaml:3:9 SLU0106',
  },
  {
    what: 'a tag',
    pipeline: ['order: key', 'order: !!js/function key'],
    expect: 'billing.yaml:4:8 SLU0106',
  },
  {
    what: 'a prototype key',
    pipeline: ['order: key', 'order: key\n__proto__: {}'],
    expect: 'billing.yaml:5:1 SLU0106',
  },
  // shape and values
  {
    what: 'an unknown field',
    pipeline: ['order: key', 'order: key\nconcurency: 3'],
    expect: 'billing.yaml:5:1 SLU0201',
    hint: 'concurrency',
  },
  {
    what: 'an unknown field below',
    pipeline: ['jitter: full', 'jitter: full, atempts: 3'],
    expect: 'billing.yaml:19:62 SLU0201',
  },
  {
    what: 'a missing field',
    pipeline: ['order: key\n', ''],
    expect: 'billing.yaml:1:1 SLU0202',
    hint: 'order',
  },
  {
    what: 'a missing field below',
    pipeline: [', jitter: full', ''],
    expect: 'billing.yaml:19:5 SLU0202',
    hint: 'jitter',
  },
  {
    what: 'a text for a number',
    pipeline: ['order: key', 'order: key\nwindow: many'],
    expect: 'billing.yaml:5:9 SLU0203',
  },
  {
    what: 'a word that is not allowed',
    pipeline: ['order: key', 'order: keys'],
    expect: 'billing.yaml:4:8 SLU0204',
    hint: '"key"',
  },
  {
    what: 'a negative number',
    pipeline: ['order: key', 'order: key\nconcurrency: -1'],
    expect: 'billing.yaml:5:14 SLU0205',
  },
  {
    what: 'no attempts',
    pipeline: ['attempts: 3', 'attempts: 0'],
    expect: 'billing.yaml:19:24 SLU0205',
  },
  {
    what: 'a duration with a blank',
    pipeline: ['first: 1s', 'first: 1 s'],
    expect: 'billing.yaml:19:34 SLU0206',
  },
  {
    what: 'a duration without a unit',
    pipeline: ['first: 1s', "first: '5'"],
    expect: 'billing.yaml:19:34 SLU0206',
  },
  { what: 'a ttl of nothing', fleet: ['ttl: 5m', 'ttl: 0s'], expect: 'fleet.yaml:13:27 SLU0205' },
  {
    what: 'an unknown kind of connection',
    fleet: ['{ redis: {', '{ reddis: {'],
    expect: 'fleet.yaml:5:10 SLU0208',
    hint: 'redis',
  },
  {
    what: 'a literal secret',
    fleet: ['{ secret: RABBITMQ_PASSWORD }', 'hunter2'],
    expect: 'fleet.yaml:4:50 SLU0209',
    hint: 'secret:',
  },
  {
    what: 'a URL with credentials',
    fleet: ['redis: { host: localhost }', "redis: { host: 'redis://u:p@h' }"],
    expect: 'fleet.yaml:5:25 SLU0209',
  },
  {
    what: 'a variable that is none',
    fleet: ["'localhost:9092'", "'${KAFKA'"],
    expect: 'fleet.yaml:3:31 SLU0210',
  },
  {
    what: 'a variable where none may stand',
    fleet: ['fleet: shop', "fleet: '${X:-shop}'"],
    expect: 'fleet.yaml:1:8 SLU0206',
  },
  {
    what: 'a step with two verbs',
    pipeline: [
      '  - id: announce\n',
      '  - id: announce\n    call: { handler: quote, input: event }\n',
    ],
    expect: 'billing.yaml:16:5 SLU0211',
  },
  // names
  {
    what: 'an unknown connection',
    fleet: ['orders: { in: events,', 'orders: { in: event,'],
    expect: 'fleet.yaml:7:17 SLU0301',
    hint: 'events',
  },
  {
    what: 'an unknown topic',
    pipeline: ['topic: orders', 'topic: order'],
    expect: 'billing.yaml:2:16 SLU0302',
    hint: 'orders',
  },
  {
    what: 'an unknown queue',
    pipeline: ['to: alerts', 'to: alert'],
    expect: 'billing.yaml:13:20 SLU0303',
    hint: 'alerts',
  },
  {
    what: 'an unknown cache',
    pipeline: ['in: prices', 'in: price'],
    expect: 'billing.yaml:8:11 SLU0304',
    hint: 'prices',
  },
  {
    what: 'an unknown handler',
    pipeline: ['call: quote', 'call: quota'],
    expect: 'billing.yaml:10:21 SLU0305',
    hint: 'workers/handlers/quota.ts',
  },
  {
    what: 'an unknown schema',
    fleet: [
      'billed: { in: events, schema: events/order',
      'billed: { in: events, schema: events/bill',
    ],
    expect: 'fleet.yaml:8:33 SLU0306',
  },
  {
    what: 'a connection of the wrong kind',
    fleet: ['prices: { in: hot', 'prices: { in: work'],
    expect: 'fleet.yaml:13:17 SLU0308',
  },
  {
    what: 'a source without a schema',
    fleet: ['orders: { in: events, schema: events/order }', 'orders: { in: events }'],
    expect: 'billing.yaml:2:16 SLU0309',
  },
  {
    what: 'dead letters to an ordinary topic',
    pipeline: ['invalid: { deadLetter: orders.dlq', 'invalid: { deadLetter: billed'],
    expect: 'billing.yaml:17:26 SLU0310',
  },
  {
    what: 'dead letters to the source',
    pipeline: ['invalid: { deadLetter: orders.dlq', 'invalid: { deadLetter: orders'],
    expect: 'billing.yaml:17:26 SLU0310',
  },
  {
    what: 'a reserved word',
    pipeline: ['id: announce', 'id: class'],
    expect: 'billing.yaml:14:9 SLU0311',
  },
  {
    what: 'an id twice',
    pipeline: ['id: announce', 'id: price'],
    expect: 'billing.yaml:14:9 SLU0312',
  },
  {
    what: 'an unknown pipeline',
    fleet: ['[billing]', '[biling]'],
    expect: 'fleet.yaml:15:22 SLU0314',
    hint: 'billing',
  },
  // expressions
  {
    what: 'half an expression',
    pipeline: ['when: event.data.total > 0', 'when: event.data.total >'],
    expect: 'billing.yaml:3:24 SLU0401',
  },
  {
    what: 'something new',
    pipeline: ["'{ total: price.total }' }\nfailure", "'{ total: new Date() }' }\nfailure"],
    expect: 'billing.yaml:15:42 SLU0402',
  },
  {
    what: 'a name that is not there',
    pipeline: ['when: price.total', 'when: prize.total'],
    expect: 'billing.yaml:12:11 SLU0403',
    hint: 'price',
  },
  {
    what: 'the value of a command',
    pipeline: ["'{ total: price.total }' }\nfailure", "'{ total: alert.total }' }\nfailure"],
    expect: 'billing.yaml:15:42 SLU0403',
    hint: 'has no value',
  },
  {
    what: 'a field that an event has not',
    pipeline: ['when: event.data', 'when: event.dat'],
    expect: 'billing.yaml:3:13 SLU0403',
    hint: 'data',
  },
  // impossible combinations
  {
    what: 'waits that shrink',
    pipeline: ['first: 1s', 'first: 1m'],
    expect: 'billing.yaml:19:43 SLU0501',
  },
  {
    what: 'a window below concurrency',
    pipeline: ['order: key', 'order: key\nwindow: 10'],
    expect: 'billing.yaml:5:9 SLU0502',
  },
  {
    what: 'a guard that never trips',
    pipeline: ['failure:', 'failure:\n  guard: { of: 5, tolerate: 5, then: pause }'],
    expect: 'billing.yaml:17:29 SLU0503',
  },
  {
    what: 'a step that outlasts a drain',
    pipeline: ['input: event.data }', 'input: event.data, timeout: 1m }'],
    expect: 'billing.yaml:10:56 SLU0504',
  },
]

describe('one mistake, one diagnostic', () => {
  test.each(CASES)('$what: $expect', ({ pipeline, fleet, expect: place, hint }) => {
    const result = compile({
      ...(pipeline === undefined ? {} : { 'pipelines/billing.yaml': edited(...pipeline) }),
      ...(fleet === undefined ? {} : { 'pipelines/fleet.yaml': edited(...fleet, FLEET) }),
    })
    expect(faults(result)).toEqual([place])
    expect(result.plan).toBeUndefined()
    if (hint !== undefined)
      expect(`${result.diagnostics[0]?.message} ${result.diagnostics[0]?.hint}`).toContain(hint)
  })

  test('each code of the compiler is shown by a case, or says why it is not', () => {
    const elsewhere = new Set([
      'SLU0101',
      'SLU0102',
      'SLU0103',
      'SLU0104',
      'SLU0105',
      'SLU0207',
      'SLU0307',
      'SLU0313',
      'SLU0505',
      'SLU0506',
    ])
    const shown = new Set(CASES.map(({ expect: place }) => place.split(' ')[1]))
    const codes = Object.keys(CODES).filter(
      (code) => code.startsWith('SLU0') && !elsewhere.has(code),
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
      'billing.yaml:2:1 SLU0202',
      'billing.yaml:2:9 SLU0201',
      'billing.yaml:5:1 SLU0106',
      'billing.yaml:5:8 SLU0204',
      'billing.yaml:11:21 SLU0305',
      'billing.yaml:14:20 SLU0303',
      'fleet.yaml:10:1 SLU0201',
    ])
  })

  test('two pipelines in one group, and two of one name', () => {
    const result = compile({ 'pipelines/other.yaml': PIPELINE })
    expect(faults(result)).toEqual(['other.yaml:1:11 SLU0313', 'other.yaml:2:7 SLU0506'])
    const alone = compile({
      'pipelines/other.yaml': edited(
        'pipeline: billing',
        'pipeline: other',
        edited('topic: orders', 'topic: orders, group: billing'),
      ),
    })
    expect(faults(alone)).toEqual(['other.yaml:2:31 SLU0506'])
  })

  test('a warning leaves the plan', () => {
    const result = compile({
      'pipelines/fleet.yaml': edited('maxBytes: 2MiB', 'maxBytes: 1KiB', FLEET),
    })
    expect(result.diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual(
      Array(3).fill('warning SLU0505'),
    )
    expect(result.plan).toBeDefined()
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
