// Parking in the whole runtime on embedded drivers: what waits elsewhere holds no place, comes back in time, and is known again.
import { expect, test } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import { permanent } from '../../workers/core/handler.ts'
import { edited } from '../compile/project.ts'
import { eventually } from '../support/eventually.ts'
import {
  billed,
  committed,
  counts,
  FLOW,
  handlers,
  idle,
  letters,
  log,
  put,
  queues,
  startWorker,
  topics,
  totals,
} from './billing-worker.ts'

const parking = (park: string, attempts = 4) =>
  [
    ['order: key', 'order: none'] as const,
    ['attempts: 3', `attempts: ${attempts}`] as const,
    ['jitter: none }', `jitter: none, park: ${park} }`] as const,
  ].reduce((text, [from, to]) => edited(from, to, text), FLOW)

const parked = (tier: string) =>
  topics.get(`billing.retry.${tier}`)?.partitions.flatMap(({ messages }) => messages) ?? []
const header = (message: { headers: object } | undefined, name: string) =>
  String((message?.headers as Record<string, unknown> | undefined)?.[name])

const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)

test('a message is tried in place, then parked, and its attempts and effects go on where they were', async () => {
  const attempts: number[] = []
  handlers['charge'] = (_input, { message }) => {
    attempts.push(message.attempt)
    if (message.attempt < 4) throw new Error('not yet')
    return {}
  }
  put(1)
  const worker = await startWorker(parking('{ after: 2, tiers: [1s] }'))
  await idle(worker)
  expect(attempts).toEqual([1, 2, 3, 4])
  expect(parked('1s').map((copy) => header(copy, 'sluice-park-attempt'))).toEqual(['3', '4'])
  // The command before the failing step is not sent again.
  expect(totals(queues.peek('alerts'))).toEqual([1])
  expect(totals(billed())).toEqual([1])
  expect(counts(worker)).toMatchObject({
    accepted: 3,
    acked: 1,
    parked: 2,
    retried: 3,
    deadLettered: 0,
    inFlight: 0,
  })
  await worker.stop()
  expect(committed()).toBe(1)
})

test('what is parked holds no place: a full window of failing messages lets the others through', async () => {
  handlers['charge'] = (input) => {
    if ((input as { total: number }).total < 40) throw new Error('down')
    return {}
  }
  for (let n = 0; n < 60; n++) put(n, `k${n}`)
  const worker = await startWorker(parking('{ after: 1, tiers: [1h] }'))
  await eventually('the others are through', () => billed().length === 20)
  expect(parked('1h')).toHaveLength(40)
  await eventually('all is committed', () => committed() === 60)
  expect(await worker.isIdle()).toBe(false)
  await worker.stop()
  expect(counts(worker)).toMatchObject({ parked: 40, acked: 20, released: 0, deadLettered: 0 })
})

test('it survives the worker that parked it, and waits its time', async () => {
  handlers['charge'] = () => {
    throw new Error('down')
  }
  put(7, 'k')
  const first = await startWorker(parking('{ after: 1, tiers: [1s] }'))
  await eventually('it is parked', () => counts(first)?.parked === 1)
  const since = systemWorld.clock.monotonic()
  await first.stop()
  handlers['charge'] = () => ({})
  const second = await startWorker(parking('{ after: 1, tiers: [1s] }'))
  await idle(second)
  expect(systemWorld.clock.monotonic() - since).toBeGreaterThan(800)
  expect(totals(billed())).toEqual([7])
  expect(counts(second)).toMatchObject({ accepted: 1, acked: 1, parked: 0 })
})

test('the dead letter of a message that was parked names where it came from, with its own headers and none of ours', async () => {
  handlers['charge'] = (_input, { message }) => {
    throw message.attempt < 2 ? new Error('not yet') : permanent('never')
  }
  put(0, 'first')
  topics.get('orders')?.append({
    key: Buffer.from('k'),
    value: Buffer.from('{"total":5}'),
    headers: { 'x-own': 'kept', 'sluice-park-attempt': '99', 'sluice-park-done': 'alert' },
    timestamp: 12_345,
  })
  const worker = await startWorker(parking('{ after: 1, tiers: [1s] }'))
  await idle(worker)
  expect(letters()).toHaveLength(2)
  const letter = letters().find(({ key }) => String(key && Buffer.from(key)) === 'k')
  const dlq = (name: string) => header(letter, `sluice-dlq-${name}`)
  expect([dlq('topic'), dlq('partition'), dlq('offset')]).toEqual(['orders', '0', '1'])
  expect([dlq('attempts'), dlq('code')]).toEqual(['2', 'SLU5102'])
  expect(dlq('timestamp')).toBe('1970-01-01T00:00:12.345Z')
  expect(header(letter, 'x-own')).toBe('kept')
  expect(Object.keys(letter?.headers ?? {}).filter((name) => name.includes('park'))).toEqual([])
  // What a sender claims of attempts and effects is not believed.
  expect(sorted(totals(queues.peek('alerts')))).toEqual([0, 5])
})

test('a tier that is away keeps the message where it is, and nothing is passed', async () => {
  handlers['charge'] = () => {
    throw new Error('down')
  }
  topics.create('billing.retry.1h', 1, 10)
  put(1)
  const worker = await startWorker(parking('{ after: 1, tiers: [1h] }'))
  // It does not fit there at all: it is tried in its place instead, and ends as it must.
  await idle(worker)
  expect(letters()).toHaveLength(1)
  expect(counts(worker)).toMatchObject({ parked: 0, deadLettered: 1, retried: 3 })
})

test('a handler that knows better is given a longer tier', async () => {
  const { retryAfter } = await import('../../workers/core/handler.ts')
  handlers['charge'] = () => {
    throw retryAfter(90_000, 'busy')
  }
  put(1)
  const worker = await startWorker(parking('{ after: 1, tiers: [1s, 10s, 5m] }'))
  await eventually('it is parked', () => counts(worker)?.parked === 1)
  expect([parked('1s').length, parked('10s').length, parked('5m').length]).toEqual([0, 0, 1])
})

test('a copy that somebody put there by hand is due at once, and is nobody’s second attempt', async () => {
  topics.create('billing.retry.1s', 1, 1_048_588)
  topics.get('billing.retry.1s')?.append({
    key: null,
    value: Buffer.from('{"total":3}'),
    headers: { 'sluice-park-attempt': '-4', 'sluice-park-due': 'never' },
    timestamp: 0,
  })
  put(1)
  const worker = await startWorker(parking('{ after: 1, tiers: [1s] }'))
  await idle(worker)
  expect(sorted(totals(billed()))).toEqual([1, 3])
  expect(log.lines.some((line) => JSON.stringify(line).includes('SLU9001'))).toBe(false)
})
