// Topics whose schemas stand in a registry: cases are written as data all the same, and raw bytes stay what they are.
import { expect, test } from 'vitest'
import { failuresOf, HANDLERS, oneCase, order, runOne } from './project.ts'
import { FLEET_WITH_REGISTRY } from './registry.ts'

const failures = async (given: string, wanted: string) =>
  failuresOf(
    await runOne(oneCase(given, wanted), HANDLERS, { 'pipelines/fleet.yaml': FLEET_WITH_REGISTRY }),
  )

test('what is given and what arrives is data', async () => {
  expect(
    await failures(
      `events: [${order('a1')}, ${order('a2')}]`,
      'events: { billed: [{ value: { total: 5 } }, { value: { total: 5 } }] }',
    ),
  ).toEqual([])
})

test('plain JSON is no value of such a topic', async () => {
  expect(
    await failures(
      `events: [{ key: a, raw: '{"id":"a1","sku":"a1"}' }]`,
      'deadLetters: { orders.dlq: [{ code: SLU5011, class: invalid, raw: \'{"id":"a1","sku":"a1"}\' }] }',
    ),
  ).toEqual([])
})

test('bytes that lead nowhere are invalid, and their letter holds them', async () => {
  const wire = Buffer.from([0, 0, 0, 0x27, 0x0f, 0x7b, 0x7d]).toString('base64')
  expect(
    await failures(
      `events: [{ key: a, base64: '${wire}' }]`,
      `deadLetters: { orders.dlq: [{ code: SLU5012, base64: '${wire}' }] }`,
    ),
  ).toEqual([])
})

test('what does not fit its schema is invalid, and its letter says what it was', async () => {
  expect(
    await failures(
      'events: [{ key: a, value: { id: a1 }, invalid: true }]',
      'deadLetters: { orders.dlq: [{ code: SLU5002, value: { id: a1 } }] }',
    ),
  ).toEqual([])
})
