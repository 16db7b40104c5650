// Pipelines that ask and pipelines that answer, as their tests see them.
import { describe, expect, test } from 'vitest'
import { compileOne, failuresOf, FILES, HANDLERS, oneCase, order, runOne } from './project.ts'

const replaced = (file: keyof typeof FILES, ...changes: [from: string, to: string][]) =>
  changes.reduce((text, [from, to]) => {
    expect(text).toContain(from)
    return text.replace(from, to)
  }, `${FILES[file]}`)

/** The shop asks another one for its prices. */
const ASKING = {
  'pipelines/fleet.yaml': replaced('pipelines/fleet.yaml', [
    'queues:\n',
    'queues:\n  quotes: { in: work, schema: events/order, reply: events/bill }\n',
  ]),
  'pipelines/billing.yaml': replaced('pipelines/billing.yaml', [
    `    cache:
      in: prices
      key: event.data.sku
      load: { call: quote, input: event.data }
`,
    `    request: { to: quotes, body: '{ id: event.data.id, sku: event.data.sku }', timeout: 2s }
`,
  ]),
}

/** The shop is asked. */
const ANSWERING = {
  'pipelines/fleet.yaml': ASKING['pipelines/fleet.yaml'],
  'pipelines/billing.yaml': replaced(
    'pipelines/billing.yaml',
    [
      "from: { topic: orders }\nwhen: event.data.sku !== 'free'\norder: key",
      'from: { queue: quotes }\norder: none',
    ],
    ['failure:', "reply: '{ total: price.total }'\nfailure:"],
  ),
}
const asked = (id: string) => `{ asks: true, value: { id: ${id}, sku: ${id} } }`

describe('a pipeline that asks', () => {
  test('goes on with the answer, and asks under one id', async () => {
    const text = oneCase(
      `events: [${order('a1')}]
answers: { quotes: [{ return: { total: 7 } }] }`,
      `commands: { quotes: [{ value: { id: a1, sku: a1 } }] }
events: { billed: [{ value: { total: 7 } }] }`,
    )
    expect(failuresOf(await runOne(text, HANDLERS, ASKING))).toEqual([])
  })

  test('asks for each item of a split, and asks again for the item that had no answer', async () => {
    const text = oneCase(
      `events: [${order('a1')}]
answers: { quotes: [{ timeout: true }, { return: { total: 7 } }] }`,
      `commands: { quotes: [${['x', 'y'].map((sku) => `{ value: { id: a1, sku: ${sku} } }`).join(', ')}] }
events: { billed: [{ value: { total: 7 } }, { value: { total: 7 } }] }
counts: { retried: 2 }`,
    )
    const split = `steps:
  - id: each
    split:
      over: "['x', 'y']"
      as: sku
      steps:
        - id: price
          request: { to: quotes, body: '{ id: event.data.id, sku }', timeout: 2s }
        - id: announce
          event: { to: billed, body: '{ total: price.total }' }
`
    const result = await runOne(text, HANDLERS, {
      ...ASKING,
      'pipelines/billing.yaml': ASKING['pipelines/billing.yaml'].replace(
        /steps:[^]*(?=failure:)/,
        () => split,
      ),
    })
    expect(failuresOf(result)).toEqual([])
  })

  test('asks again when nobody answers in time', async () => {
    const text = oneCase(
      `events: [${order('a1')}]
answers: { quotes: [{ timeout: true }, { throw: { message: not yet } }, { return: { total: 7 } }] }`,
      `events: { billed: [{ value: { total: 7 } }] }
counts: { retried: 2 }
others: allow`,
    )
    expect(failuresOf(await runOne(text, HANDLERS, ASKING))).toEqual([])
  })

  test('gives up at once when the question was refused for good, or the answer is no answer', async () => {
    const refused = oneCase(
      `events: [${order('a1')}]
answers: { quotes: [{ throw: { message: no such sku, permanent: true } }] }`,
      `deadLetters: { orders.dlq: [{ code: SLU5311, class: defect, step: price, attempts: 1 }] }
others: allow`,
    )
    expect(failuresOf(await runOne(refused, HANDLERS, ASKING))).toEqual([])
    const unfit = oneCase(
      `events: [${order('a1')}]
answers: { quotes: [{ return: { total: -1 } }] }`,
      `deadLetters: { orders.dlq: [{ code: SLU5313, step: price }] }
others: allow`,
    )
    expect(failuresOf(await runOne(unfit, HANDLERS, ASKING))).toEqual([])
  })

  test('that is left without an answer ends in a dead letter after its attempts', async () => {
    const text = oneCase(
      `events: [${order('a1')}]`,
      `deadLetters: { orders.dlq: [{ code: SLU5310, class: transient, step: price, attempts: 4 }] }
others: allow`,
    )
    expect(failuresOf(await runOne(text, HANDLERS, ASKING))).toEqual([])
  })

  test('waits for a broker that is away, which is no attempt', async () => {
    const text = oneCase(
      `events: [${order('a1')}]
answers: { quotes: [{ return: { total: 7 } }] }
faults: [{ connection: work, away: { from: 0ms, for: 1m } }]`,
      `events: { billed: [{ value: { total: 7 } }] }
counts: { retried: 0, acked: 1 }
others: allow`,
    )
    expect(failuresOf(await runOne(text, HANDLERS, ASKING))).toEqual([])
  })
})

describe('a pipeline that answers', () => {
  test('tells who asked, and nobody else', async () => {
    const text = oneCase(
      `commands: [${asked('a1')}, { value: { id: a2, sku: a2 } }]`,
      `replies: { quotes: [{ value: { total: 5 } }] }
counts: { acked: 2 }
others: allow`,
    )
    expect(failuresOf(await runOne(text, HANDLERS, ANSWERING))).toEqual([])
  })

  test('says why there is no answer', async () => {
    const text = oneCase(
      `commands: [${asked('a1')}]
handlers: { quote: [{ throw: { message: no such sku, permanent: true } }] }`,
      `deadLetters: { orders.dlq: [{ code: SLU5102 }] }
replies: { quotes: [{ refused: SLU5102 }] }`,
    )
    expect(failuresOf(await runOne(text, HANDLERS, ANSWERING))).toEqual([])
  })

  test('answers once, however often a later attempt is needed', async () => {
    const text = oneCase(
      `commands: [${asked('a1')}]
handlers: { charge: [{ throw: { message: not now } }, { real: true }] }`,
      `replies: { quotes: [{ contains: { total: 5 } }] }
counts: { retried: 1 }
others: allow`,
    )
    expect(failuresOf(await runOne(text, HANDLERS, ANSWERING))).toEqual([])
  })
})

describe('a pipeline that answers once', () => {
  const ONCE = {
    'pipelines/fleet.yaml': `${ANSWERING['pipelines/fleet.yaml']}state: { in: hot }\n`,
    'pipelines/billing.yaml': ANSWERING['pipelines/billing.yaml'].replace(
      'order: none',
      'once: { window: 1h }\norder: none',
    ),
  }
  const question = '{ asks: true, id: q1, value: { id: a1, sku: a1 } }'

  test('gives who asks the same again the answer that it gave', async () => {
    const text = oneCase(
      `commands: [${question}, ${question}]
handlers: { quote: [{ return: { total: 5 } }, { return: { total: 6 } }] }`,
      `replies: { quotes: [{ value: { total: 5 } }, { value: { total: 5 } }] }
calls: { charge: 1 }
counts: { acked: 1, duplicates: 1 }
others: allow`,
    )
    expect(failuresOf(await runOne(text, HANDLERS, ONCE))).toEqual([])
  })

  test('answers again while the store comes and goes', async () => {
    const again = question.replace('{ asks', '{ after: 10s, asks')
    const text = oneCase(
      `commands: [${question}, ${again}]
faults: [{ connection: hot, away: { from: 10s, for: 1m } }]`,
      `replies: { quotes: [{ value: { total: 5 } }, { value: { total: 5 } }] }
counts: { acked: 1, duplicates: 1, retried: 0 }
others: allow`,
    )
    expect(failuresOf(await runOne(text, HANDLERS, ONCE))).toEqual([])
  })
})

test('what is not asked, or answers nobody, is a mistake in a test', async () => {
  const mistakes = async (text: string, files: Record<string, string>) =>
    (await compileOne(text, files)).diagnostics.map(({ code, message }) => `${code} ${message}`)
  expect(
    await mistakes(
      oneCase(
        `events: [${order('a1')}]\nanswers: { alerts: [{ timeout: true }] }`,
        'others: allow',
      ),
      ASKING,
    ),
  ).toEqual(['SLU0355 pipeline "billing" asks no queue "alerts"'])
  expect(
    await mistakes(oneCase(`events: [${order('a1')}]`, 'replies: { quotes: [] }'), ASKING),
  ).toEqual(['SLU0355 pipeline "billing" answers nobody on "quotes"'])
})
