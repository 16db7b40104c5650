// What is told of an effect: all that its receiver gets, and nothing that is another in each run.
import { expect, test } from 'vitest'
import { effectOf } from '../../workers/recording/effect.ts'

const sent = { id: 'e-1/billing/tell', value: Buffer.from('{"total":1}') }

test.each([
  ['JSON', '{"total":[1,null]}', { value: { total: [1, null] } }],
  ['a text', 'no JSON', { raw: 'no JSON' }],
  ['nothing', '', { raw: '' }],
  ['the word null, which is no tombstone', 'null', { raw: 'null' }],
  ['no text', Buffer.from([0xff, 0x00]), { base64: '/wA=' }],
])('%s as a body', (_, body, told) => {
  const value = Buffer.from(body)
  expect(effectOf('event', 'billed', {}, { ...sent, value })).toEqual({
    kind: 'event',
    to: 'billed',
    id: sent.id,
    ...told,
  })
})

test('a tombstone, and what a registry has another form for', () => {
  expect(effectOf('event', 'billed', {}, { ...sent, value: null })).toMatchObject({ value: null })
  const framed = { ...sent, value: Buffer.from([0, 0, 0, 0, 1, 2]), plain: sent.value }
  expect(effectOf('event', 'billed', {}, framed)).toMatchObject({ value: { total: 1 } })
})

test('the step, the key, the version and the terms of a job', () => {
  const by = { step: 'tell', item: '3' }
  expect(
    effectOf('store', 'totals', by, { ...sent, key: Buffer.from('k'), version: 7 }),
  ).toMatchObject({ step: 'tell', item: '3', key: 'k', version: 7 })
  const job = { delayMs: 5, priority: undefined }
  expect(effectOf('job', 'bills', by, { ...sent, key: null, job }).job).toEqual({ delayMs: 5 })
  expect(effectOf('command', 'notices', by, { ...sent, routingKey: 'large' }).key).toBe('large')
})

test('of headers those of its sender, of a dead letter why it is one', () => {
  const headers = {
    tenant: 'a',
    traceparent: '00-1',
    'sluice-dlq-code': 'SLU5102',
    'sluice-dlq-stack': 'at …',
    'sluice-dlq-failed-at': 'now',
  }
  expect(effectOf('event', 'billed', {}, { ...sent, headers }).headers).toEqual({ tenant: 'a' })
  expect(effectOf('dead-letter', 'letters', {}, { ...sent, headers })).toMatchObject({
    headers: { tenant: 'a' },
    failure: { code: 'SLU5102' },
  })
})
