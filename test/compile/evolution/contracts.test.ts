// What happens to contracts themselves: they come, go, change their schema, and are held to what was agreed for each.
import { describe, expect, test } from 'vitest'
import { edited, FILES, FLEET, PIPELINE } from '../project.ts'
import { evolution, places, type Files } from './project-states.ts'

const ORDER = 'schemas/events/order.json'
const FLEET_FILE = 'pipelines/fleet.yaml'
const said = (changes: Files, before: Files = {}) => evolution(before, changes).diagnostics
const fleet = (from: string, to: string, text = FLEET) => ({ [FLEET_FILE]: edited(from, to, text) })

/** Contracts of the fixture that a change of their schema breaks, with the direction. */
function broken(schema: string, text: string, more: Files = {}): string[] {
  const files = { ...more, [FLEET_FILE]: text }
  return said({ [ORDER]: schema }, files)
    .map(
      ({ message }) => /^(.*) is not (.*) compatible/.exec(message)?.slice(1).join(' ') ?? message,
    )
    .toSorted()
}
const NARROWER = '{"type":"object","properties":{"total":{"type":"integer"}}}'
const WIDER = '{"type":"object","properties":{"total":{"type":["number","null"]}}}'

describe('the directions that a contract is held to', () => {
  test('follow from who reads and writes, where nothing is written', () => {
    expect(broken(NARROWER, FLEET)).toEqual([
      'cache "prices" backward',
      'queue "alerts" backward',
      'topic "orders" backward',
    ])
    expect(broken(WIDER, FLEET)).toEqual(['queue "alerts" forward', 'topic "billed" forward'])
  })

  test('are both for a topic that pipelines read and write, or that none knows', () => {
    const second = edited('billing', 'second', PIPELINE).replace('topic: orders', 'topic: billed')
    const read = { 'pipelines/second.yaml': second }
    expect(broken(NARROWER, FLEET, read)).toContain('topic "billed" backward')
    expect(broken(WIDER, FLEET, read)).toContain('topic "billed" forward')
    const other = edited('queues:', '  other: { in: events, schema: events/order }\nqueues:', FLEET)
    expect(broken(NARROWER, other)).toContain('topic "other" backward')
    expect(broken(WIDER, other)).toContain('topic "other" forward')
  })

  test.each([
    ['backward', ['topic "orders" backward'], []],
    ['forward', [], ['topic "orders" forward']],
    ['full', ['topic "orders" backward'], ['topic "orders" forward']],
    ['none', [], []],
  ])('are as it is written: %s', (word, narrower, wider) => {
    const none = FLEET.replaceAll(
      'schema: events/order',
      'schema: events/order, compatibility: none',
    )
    const text = edited('compatibility: none', `compatibility: ${word}`, none)
    expect(broken(NARROWER, text)).toEqual(narrower)
    expect(broken(WIDER, text)).toEqual(wider)
  })

  test('say which pipelines read and write', () => {
    const words = said({ [ORDER]: NARROWER }).map(({ message }) => message.split('; ').at(-1))
    expect(new Set(words)).toEqual(
      new Set(['read by billing', 'written by billing', 'read by billing, written by billing']),
    )
    const [lonely] = said(
      { [ORDER]: NARROWER },
      {
        [FLEET_FILE]: FLEET,
        'pipelines/billing.yaml': undefined,
      },
    ).slice(-1)
    expect(lonely?.message).toContain('no pipeline here reads or writes it')
  })
})

describe('a contract', () => {
  test('that is new, or did not change, is compatible', () => {
    expect(evolution({}, {})).toEqual({ diagnostics: [], compared: 4 })
    expect(said(fleet('queues:', '  more: { in: events, schema: events/order }\nqueues:'))).toEqual(
      [],
    )
  })

  test('that is gone is said at its section, with those who used it', () => {
    const found = said(fleet('  billed: { in: events, schema: events/order }\n', ''))
    expect(places(found)).toEqual([`error SLU0374 ${FLEET_FILE}:6:1`])
    expect(found[0]?.message).toBe('topic "billed" is gone; it was written by billing')
  })

  test('that is called something else is gone, and the hint names the other', () => {
    const [found, ...more] = said(fleet('  alerts:', '  alarms:'))
    expect(more).toEqual([])
    expect(found?.code).toBe('SLU0374')
    expect(found?.hint).toContain('also if "alarms" takes its place')
  })

  test('that is gone with its whole section, or was held to nothing', () => {
    const text = edited('queues:\n  alerts: { in: work, schema: events/order }\n', '', FLEET)
    expect(places(said({ [FLEET_FILE]: text }))).toEqual([`error SLU0374 ${FLEET_FILE}:1:1`])
    const none = fleet('alerts: { in: work,', 'alerts: { compatibility: none, in: work,')
    expect(said({ [FLEET_FILE]: text }, none)).toEqual([])
  })

  test('of a cache may go: nobody is left who reads it', () => {
    const without = FLEET.replace(/caches:\n.*\n/, '')
    expect(said({ [FLEET_FILE]: without })).toEqual([])
    const shared = fleet('whenDown: bypass', 'whenDown: bypass, compatibility: full')
    expect(places(said({ [FLEET_FILE]: without }, shared))).toEqual([
      `error SLU0374 ${FLEET_FILE}:1:1`,
    ])
  })

  test('with another schema file is compared with that', () => {
    const switched = fleet(
      'billed: { in: events, schema: events/order',
      'billed: { in: events, schema: events/bill',
    )
    const copy = { 'schemas/events/bill.json': FILES[ORDER] }
    expect(said({ ...switched, ...copy })).toEqual([])
    const wider = { 'schemas/events/bill.json': WIDER }
    const found = said({ ...switched, ...wider })
    expect(found[0]?.message).toContain('its schema was events/order')
    expect(places(found)).toEqual(['error SLU0378 schemas/events/bill.json:1:41'])
  })

  test('that gets its first schema, or loses it', () => {
    const bare = fleet(
      'billed: { in: events, schema: events/order }',
      'billed: { in: events, compatibility: full }',
    )
    const full = fleet(
      'billed: { in: events, schema',
      'billed: { in: events, compatibility: full, schema',
    )
    expect(places(said(full, bare))).toEqual([`warning SLU0373 ${FLEET_FILE}:8:54`])
    expect(places(said(bare, full))).toEqual([`error SLU0374 ${FLEET_FILE}:8:3`])
  })

  test.each([
    ['was not there', undefined],
    ['was no JSON', '{'],
    ['was no schema', '{"type":"objekt"}'],
    ['was of another draft', '{"$schema":"http://json-schema.org/draft-04/schema#"}'],
    ['led to another file', '{"$ref":"other.json"}'],
    ['had a pattern that runs for years', '{"pattern":"^(a+)+$"}'],
  ])('whose schema %s is not compared, and that is said', (_what, old) => {
    const found = said({ [ORDER]: FILES[ORDER] }, { [ORDER]: old })
    expect(new Set(found.map(({ severity, code }) => `${severity} ${code}`))).toEqual(
      new Set(['warning SLU0373']),
    )
    expect(found).toHaveLength(4)
  })

  test.each([
    ['is not there', undefined],
    ['is no JSON', '{'],
    ['leads to another file', '{"$ref":"other.json"}'],
  ])('whose schema %s now is the compiler’s business', (_what, now) => {
    expect(said({ [ORDER]: now })).toEqual([])
  })
})

test.each([
  ['not there', undefined],
  ['no YAML', '{'],
  ['no text', Buffer.from([0xff, 0xfe])],
])('a fleet.yaml that was %s gives nothing to compare with', (_what, old) => {
  expect(places(said({ [FLEET_FILE]: FLEET }, { [FLEET_FILE]: old }))).toEqual([
    `warning SLU0373 ${FLEET_FILE}:1:1`,
  ])
})

test('states that no version would run do not stop the comparison', () => {
  const odd = {
    'pipelines/odd.yaml': 'steps: 1\nfrom: []\npipeline: {}\n',
    'pipelines/list.yaml': '- 1\n',
  }
  const text = edited(
    'topics:',
    'topics:\n  odd: 1\n  toString: { in: 5, schema: [], compatibility: constructor }',
    FLEET,
  )
  expect(said({ ...odd, [FLEET_FILE]: text }, { ...odd, [FLEET_FILE]: text })).toEqual([])
  expect(said({ ...odd, [FLEET_FILE]: '- 1\n' }, odd).map(({ code }) => code)).toContain('SLU0374')
})
