// Parked messages in pipeline tests: a case waits for them in virtual time, and tells one message from its copies.
import { expect, test } from 'vitest'
import { failuresOf, FILES, HANDLERS, oneCase, order, runOne } from './project.ts'
import { QUEUED } from './queued.ts'
import { WORKING } from './working.ts'

const parking = (pipeline = '') =>
  pipeline
    .replace('order: key', 'order: none')
    .replace('jitter: none }', 'jitter: none, park: { after: 2, tiers: [10m, 1h] } }')

const PARKING = { 'pipelines/billing.yaml': parking(FILES['pipelines/billing.yaml']) }
const FAILS = '{ throw: { message: away } }'

test('a parked message comes back, as the message it was', async () => {
  const failing = (times: number) => `[${`${FAILS}, `.repeat(times)}{ return: {} }]`
  const result = await runOne(
    oneCase(
      `events: [${order('a1', `, handlers: { charge: ${failing(3)} }`)}, ${order('b1')}]`,
      `events: { billed: [{ value: { total: 5 } }, { value: { total: 5 } }] }
counts: { accepted: 4, acked: 2, parked: 2, retried: 3 }
calls: { charge: 5 }`,
    ),
    HANDLERS,
    PARKING,
  )
  expect(failuresOf(result)).toEqual([])
  const [story] = result.cases[0]?.given ?? []
  expect(story?.story).toMatchObject({ settlement: 'acked', attempts: 4 })
  expect(story?.story?.faults.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
  // In place, then ten minutes, then an hour.
  expect(result.cases[0]?.virtualMs).toBeGreaterThanOrEqual(30_000 + 600_000 + 3_600_000)
})

test('one whose attempts are used up ends with the place that it came from', async () => {
  const result = await runOne(
    oneCase(
      `events: [${order('a1')}]\nhandlers: { charge: [${FAILS}] }`,
      'deadLetters: { orders.dlq: [{ code: SLU5101, step: settle, attempts: 4 }] }',
    ),
    HANDLERS,
    PARKING,
  )
  expect(failuresOf(result)).toEqual([])
})

test('a message of a queue comes back with its id, and its dead letter tells it by that', async () => {
  const result = await runOne(
    oneCase(
      `commands:
  - id: m-1
    headers: { x-death: forged, sluice-park-attempt: '9' }
    value: { id: a1, sku: dear }
    handlers: { charge: [${FAILS}, ${FAILS}, ${FAILS}, { return: {} }] }
  - id: m-2
    value: { id: b1, sku: dear }
    handlers: { charge: [${FAILS}] }`,
      `events: { billed: [{ headers: { ce_id: a1/billing/announce } }] }
deadLetters:
  orders.dlq:
    - { code: SLU5101, attempts: 4, headers: { sluice-dlq-queue: orders_in, sluice-dlq-message-id: m-2 } }
counts: { accepted: 6, acked: 1, deadLettered: 1, parked: 4 }
others: allow`,
    ),
    HANDLERS,
    {
      'pipelines/fleet.yaml': QUEUED.fleet,
      'pipelines/billing.yaml': parking(QUEUED.pipeline),
    },
  )
  expect(failuresOf(result)).toEqual([])
  const [story] = result.cases[0]?.given ?? []
  expect(story?.story).toMatchObject({ settlement: 'acked', attempts: 4 })
})

test('a job that is parked is the same job, and fails for good once its attempts are used up', async () => {
  const result = await runOne(
    oneCase(
      `jobs:
  - { id: j-1, value: { id: a1, sku: dear }, handlers: { charge: [${FAILS}, ${FAILS}, ${FAILS}, { return: {} }] } }
  - { id: j-2, value: { id: b1, sku: dear }, handlers: { charge: [${FAILS}] } }`,
      `events: { billed: [{ headers: { ce_id: j-1/billing/announce } }] }
deadLetters: { orders_in: [{ code: SLU5101, attempts: 4, headers: { sluice-dlq-message-id: j-2 } }] }
counts: { accepted: 6, acked: 1, deadLettered: 1, parked: 4 }
others: allow`,
    ),
    HANDLERS,
    {
      'pipelines/fleet.yaml': WORKING.fleet,
      'pipelines/billing.yaml': parking(WORKING.pipeline),
    },
  )
  expect(failuresOf(result)).toEqual([])
  const [story] = result.cases[0]?.given ?? []
  expect(story?.story).toMatchObject({ settlement: 'acked', attempts: 4 })
  expect(result.cases[0]?.virtualMs).toBeGreaterThanOrEqual(30_000 + 600_000 + 3_600_000)
})
