// A step for each item of a list: in their order, each with an identity of its own, and another attempt goes on where the last one failed.
import { describe, expect, test } from 'vitest'
import type { Handler } from '../../workers/core/handler.ts'
import { failuresOf, FILES, HANDLERS, oneCase, runOne } from './project.ts'

const ORDER = {
  type: 'object',
  required: ['id', 'sku'],
  properties: {
    id: { type: 'string' },
    sku: { type: 'string' },
    parts: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'count'],
        properties: { name: { type: 'string' }, count: { type: 'number' }, tags: {} },
      },
    },
  },
}

/** The shop's pipeline with a split between the price and what follows. */
const splitting = (body: string, over = 'event.data.parts') => ({
  'schemas/events/order.json': JSON.stringify(ORDER),
  'pipelines/billing.yaml': (FILES['pipelines/billing.yaml'] ?? '').replace(
    "  - id: alert\n    when: price.total > 100\n    command: { to: alerts, body: '{ total: price.total }' }\n",
    `  - id: parts
    split:
      over: ${over}
      as: part
${body}
`,
  ),
})

const ANNOUNCE = `      steps:
        - id: alert
          command: { to: alerts, body: '{ total: part.count }' }
        - id: check
          call: { handler: charge, input: part }
        - id: told
          when: part.count !== 2
          event: { to: billed, key: part.name, body: '{ total: part.count, note: part.name }' }`

const parts = (...counts: readonly number[]) =>
  `[${counts.map((count) => `{ name: p${count}, count: ${count} }`).join(', ')}]`
const order = (id: string, list: string) =>
  `{ key: a, value: { id: ${id}, sku: a, parts: ${list} } }`

describe('a split', () => {
  test('runs its steps for each item, in their order, and each effect has an id of its own', async () => {
    const result = await runOne(
      oneCase(
        `events: [${order('a1', parts(1, 2, 3))}]`,
        `commands: { alerts: [{ value: { total: 1 } }, { value: { total: 2 } }, { value: { total: 3 } }] }
events:
  billed:
    - { key: p1, value: { total: 1, note: p1 }, headers: { ce_id: a1/billing/told/0 } }
    - { key: p3, value: { total: 3, note: p3 }, headers: { ce_id: a1/billing/told/2 } }
    - { value: { total: 5 }, headers: { ce_id: a1/billing/announce } }
calls: { charge: 4 }`,
      ),
      HANDLERS,
      splitting(ANNOUNCE),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('of an empty list does nothing, and the pipeline goes on', async () => {
    const result = await runOne(
      oneCase(`events: [${order('a1', '[]')}]`, 'events: { billed: [{ value: { total: 5 } }] }'),
      HANDLERS,
      splitting(ANNOUNCE),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('goes on at the item and the step that failed, and does nothing twice', async () => {
    const asked: unknown[] = []
    let left = 2
    const charge: Handler<unknown, unknown> = (input, { message }) => {
      asked.push([(input as { count?: number }).count, message.item, message.attempt])
      if ((input as { count?: number }).count === 2 && left-- > 0) throw new Error('busy')
      return {}
    }
    const result = await runOne(
      oneCase(
        `events: [${order('a1', parts(1, 2, 3))}]`,
        `commands: { alerts: [{ value: { total: 1 } }, { value: { total: 2 } }, { value: { total: 3 } }] }
events: { billed: [{}, {}, {}] }
counts: { retried: 2 }`,
      ),
      { ...HANDLERS, charge },
      splitting(ANNOUNCE),
    )
    expect(failuresOf(result)).toEqual([])
    expect(asked).toEqual([
      [1, '0', 1],
      [2, '1', 1],
      [2, '1', 2],
      [2, '1', 3],
      [3, '2', 3],
      [undefined, undefined, 3],
    ])
  })

  test('ends in one dead letter that names the step and the item', async () => {
    const result = await runOne(
      oneCase(
        `handlers: { charge: [{ return: {} }, { throw: { message: no, permanent: true } }] }
events: [${order('a1', parts(1, 2, 3))}]`,
        `commands: { alerts: [{ value: { total: 1 } }, { value: { total: 2 } }] }
events: { billed: [{ value: { total: 1, note: p1 } }] }
deadLetters: { orders.dlq: [{ code: SLU5102, step: check, item: '1' }] }`,
      ),
      HANDLERS,
      splitting(ANNOUNCE),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('calls its items by the id that is written, which may hold any character', async () => {
    const named = `[{ name: x/y, count: 1 }, { name: "ü", count: 3 }]`
    const result = await runOne(
      oneCase(
        `events: [${order('a1', named)}]`,
        `commands: { alerts: [{}, {}] }
events:
  billed:
    - { headers: { ce_id: a1/billing/told/x%2Fy } }
    - { headers: { ce_id: a1/billing/told/%C3%BC } }
    - {}`,
      ),
      HANDLERS,
      splitting(`      id: part.name\n${ANNOUNCE}`),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test.each([
    [
      'two items have the same id',
      parts(1, 1),
      'id: part.name',
      'SLU5118',
      'items 0 and 1 of split parts have the same id',
    ],
    [
      'an id is neither a text nor a number',
      '[{ name: "", count: 1 }]',
      'id: part.name',
      'SLU5118',
      'item 0 of split parts has an id that is neither a text nor a number',
    ],
    [
      'there are more than the limit',
      parts(1, 2, 3),
      'limit: 2',
      'SLU5116',
      'split parts was given 3 items, and its limit is 2',
    ],
  ])('is a defect before anything happens where %s', async (_what, list, field, code, message) => {
    const result = await runOne(
      oneCase(
        `events: [${order('a1', list)}]`,
        `deadLetters: { orders.dlq: [{ code: ${code}, step: parts, attempts: 1 }] }\ncalls: { charge: 0 }`,
      ),
      HANDLERS,
      splitting(`      ${field}\n${ANNOUNCE}`),
    )
    expect(failuresOf(result)).toEqual([])
    expect(result.cases[0]?.given[0]?.story?.faults[0]?.message).toBe(message)
  })

  test('of what turns out to be no list is a defect at the line of its list', async () => {
    const result = await runOne(
      oneCase(
        `events: [{ key: a, value: { id: a1, sku: a } }]`,
        `deadLetters: { orders.dlq: [{ code: SLU5117, reason: split parts needs a list, and was given undefined }] }`.replace(
          'reason: split parts needs a list, and was given undefined',
          "reason: 'split parts needs a list, and was given undefined'",
        ),
      ),
      HANDLERS,
      splitting(ANNOUNCE),
    )
    expect(failuresOf(result)).toEqual([])
    expect(result.cases[0]?.given[0]?.story?.faults[0]?.at).toMatchObject({ line: 13, column: 13 })
  })

  test('may stand in a branch, and hold routes and splits', async () => {
    const result = await runOne(
      oneCase(
        `events: [${order('a1', '[{ name: p, count: 1, tags: [u, v] }, { name: q, count: 2, tags: [] }, { name: r, count: 9, tags: [w] }]')}]`,
        `commands: { alerts: [{ value: { total: 2 } }] }
events:
  billed:
    - { value: { total: 1, note: u }, headers: { ce_id: a1/billing/told/0/0 } }
    - { value: { total: 1, note: v }, headers: { ce_id: a1/billing/told/0/1 } }
    - { value: { total: 9, note: w }, headers: { ce_id: a1/billing/told/2/0 } }
    - {}`,
      ),
      HANDLERS,
      splitting(`      steps:
        - id: by_count
          route:
            branches:
              - when: part.count === 2
                steps: [{ id: alert, command: { to: alerts, body: '{ total: part.count }' } }]
            otherwise:
              steps:
                - id: tags
                  split:
                    over: part.tags
                    as: tag
                    steps: [{ id: told, event: { to: billed, body: '{ total: part.count, note: tag }' } }]`),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('shows in a report what was done for which item, and not thousands of lines', async () => {
    const many = Array.from({ length: 40 }, (_, index) => index + 10)
    const { text } = await runOne(
      oneCase(`events: [${order('a1', parts(...many))}]`, 'events: { billed: [] }'),
      HANDLERS,
      splitting(ANNOUNCE),
    )
    expect(text).toMatch(
      /parts +split: 40 items\n +alert\[0\] +command to alerts .*\n +check\[0\] +call charge/,
    )
    expect(text).toMatch(/… 64 more\n/)
    expect(text).toMatch(/told\[39\] +event to billed/)
  })

  describe('of a message that waits outside of its pipeline', () => {
    const parked = (split: string, over?: string) => {
      const files = splitting(split, over)
      const yaml = files['pipelines/billing.yaml']
        .replace('order: key', 'order: none')
        .replace(
          'attempts: 4, first: 30s, max: 30s, jitter: none',
          'attempts: 4, first: 1s, max: 1s, jitter: none, park: { after: 1, tiers: [30s] }',
        )
      return { ...files, 'pipelines/billing.yaml': yaml }
    }
    /** The list comes from a handler, which is asked again. */
    const listing = (files: ReturnType<typeof parked>) => ({
      ...files,
      'workers/handlers/list.ts': 'export default () => []',
      'pipelines/billing.yaml': files['pipelines/billing.yaml'].replace(
        '  - id: parts\n',
        '  - id: listed\n    call: { handler: list, input: event.data }\n  - id: parts\n',
      ),
    })
    const NESTED = `      steps:
        - id: alert
          command: { to: alerts, body: '{ total: part.count }' }
        - id: tags
          split:
            over: '[1, 2]'
            as: tag
            steps:
              - id: told
                event: { to: billed, key: part.name, body: '{ total: part.count, note: String(tag) }' }
              - id: check
                call: { handler: charge, input: part }`

    test('goes on at the item, and does nothing twice', async () => {
      const result = await runOne(
        oneCase(
          `handlers: { charge: [{ return: {} }, { return: {} }, { return: {} }, { throw: { message: no } }, { return: {} }] }
events: [${order('a1', parts(1, 2))}]`,
          `commands: { alerts: [{ value: { total: 1 } }, { value: { total: 2 } }] }
events:
  billed:
    - { value: { total: 1, note: '1' } }
    - { value: { total: 1, note: '2' } }
    - { value: { total: 2, note: '1' } }
    - { value: { total: 2, note: '2' } }
    - { value: { total: 5 } }
counts: { parked: 1, acked: 1 }`,
        ),
        HANDLERS,
        parked(NESTED),
      )
      expect(failuresOf(result)).toEqual([])
    })

    test('begins anew where the list is another one: no item is passed over for the work on another', async () => {
      let asked = 0
      let left = 1
      const handlers: Readonly<Record<string, Handler<unknown, unknown>>> = {
        quote: () => ({ total: 5 }),
        list: () => (asked++ === 0 ? ['p1', 'p2'] : ['p2', 'p1']),
        charge: (input) => {
          if (input === 'p2' && left-- > 0) throw new Error('busy')
          return {}
        },
      }
      const result = await runOne(
        oneCase(
          `events: [${order('a1', '[]')}]`,
          `events:
  billed:
    - { value: { note: p1 }, headers: { ce_id: a1/billing/told/p1 } }
    - { value: { note: p2 }, headers: { ce_id: a1/billing/told/p2 } }
    - { value: { note: p2 }, headers: { ce_id: a1/billing/told/p2 } }
    - { value: { note: p1 }, headers: { ce_id: a1/billing/told/p1 } }
    - { contains: { total: 5 } }
caches: {}
others: allow`.replaceAll('value: { note', 'contains: { note'),
        ),
        handlers,
        listing(
          parked(
            `      id: part
      steps:
        - id: told
          event: { to: billed, body: '{ total: 1, note: part }' }
        - id: check
          call: { handler: charge, input: part }`,
            'listed',
          ),
        ),
      )
      expect(failuresOf(result)).toEqual([])
    })
  })
})
