// What becomes of exchanges, queues and bindings that are missing, the same, or different.
import { describe, expect, test } from 'vitest'
import type { FoundExchange, FoundQueue, FoundQueues } from '../../workers/core/admin.ts'
import type { Exchange, Queue } from '../../workers/core/contract.ts'
import type { Change, Flag } from '../../workers/ops/changes.ts'
import { diffQueues } from '../../workers/ops/queue-diff.ts'
import { allowing, boundTo, exchangeOf, foundQueue, queueOf } from './support.ts'

const foundExchange = (
  settings: object = {},
  bindings = [boundTo('eu.#')],
  others: Record<string, string> = {},
): FoundExchange => ({
  details: {
    settings: { type: 'topic', durable: true, autoDelete: false, internal: false, ...settings },
    others,
    bindings,
  },
})

interface Scene {
  readonly exchange?: Exchange
  readonly queue?: Queue
  readonly there?: { readonly exchange?: FoundExchange; readonly queue?: FoundQueue }
  readonly undeclared?: FoundQueues['undeclared']
}

const diff = (
  { exchange = exchangeOf(), queue = queueOf(), there = {}, undeclared = [] }: Scene,
  ...allow: Flag[]
) =>
  diffQueues(
    { connection: 'work', exchanges: [exchange], queues: [queue] },
    {
      compared: true,
      exchanges: new Map(there.exchange === undefined ? [] : [[exchange.address, there.exchange]]),
      queues: new Map(there.queue === undefined ? [] : [[queue.address, there.queue]]),
      undeclared,
    },
    allowing(...allow),
  )

const short = ({ symbol, kind, name, field, from, to, risk, code }: Change) =>
  [symbol, kind, name, field, from, to, risk, code]
    .map((part) => (typeof part === 'object' ? JSON.stringify(part) : String(part)))
    .join(' ')

const ALL: readonly Flag[] = ['partitions', 'retention', 'recreate', 'unbind']

test('what is missing is made: exchange, queue, binding, in that order', () => {
  const queue = queueOf({ limit: { messages: 5, bytes: undefined, overflow: 'reject' } })
  expect(diff({ queue }).changes.map(short)).toEqual([
    '+ exchange p.shipping null null {"type":"topic"} safe null',
    '+ queue p.parcels null null {"type":"quorum","limit.messages":5,"limit.overflow":"reject"} safe null',
    '+ binding p.shipping → p.parcels key null eu.# safe null',
  ])
})

test('a queue in which messages wait is made with where they go, and nobody loses them on the way', () => {
  const queue = queueOf({
    bindings: [],
    parked: true,
    waits: { ms: 60_000, then: 'p.billing.retry' },
  })
  expect(diff({ queue, there: { exchange: foundExchange() } }).changes.map(short)).toEqual([
    '+ queue p.parcels null null {"type":"quorum","limit.overflow":"reject","x-message-ttl":60000,"x-dead-letter-routing-key":"p.billing.retry","x-dead-letter-strategy":"at-least-once"} safe null',
  ])
})

test('what is as declared needs nothing', () => {
  const there = { exchange: foundExchange(), queue: foundQueue() }
  expect(diff({ there }, ...ALL)).toEqual({ changes: [], drift: [] })
})

describe('a queue that differs', () => {
  test.each<[string, Partial<Queue>, FoundQueue, string]>([
    ['type', {}, foundQueue({ type: 'classic' }), 'type classic quorum'],
    ['durable', {}, foundQueue({ durable: false }), 'durable false true'],
    [
      'limit.messages',
      { limit: { messages: 5, bytes: undefined, overflow: 'reject' } },
      foundQueue({ 'limit.messages': 9, 'limit.overflow': 'reject' }),
      'limit.messages 9 5',
    ],
    ['limit.bytes', {}, foundQueue({ 'limit.bytes': 9 }), 'limit.bytes 9 null'],
    [
      'singleActiveConsumer',
      { singleActiveConsumer: true },
      foundQueue(),
      'singleActiveConsumer false true',
    ],
    ['deliveryLimit', { deliveryLimit: 3 }, foundQueue(), 'deliveryLimit null 3'],
    [
      'retention.time',
      { type: 'stream', retention: { timeMs: 1_500 } },
      foundQueue({ type: 'stream', 'retention.time': 9_000 }),
      'retention.time 9000 2000',
    ],
  ])('in %s is not changed in place', (_, declared, queue, words) => {
    const scene = { queue: queueOf(declared), there: { exchange: foundExchange(), queue } }
    const verdict = (...allow: Flag[]) => diff(scene, ...allow).changes.map(short)
    expect(verdict()).toEqual([`! queue p.parcels ${words} refused SLU0393`])
    expect(verdict('partitions', 'retention', 'unbind')).toEqual(verdict())
    expect(verdict('recreate')).toEqual([`! queue p.parcels ${words} allowed SLU0393`])
  })

  test.each<[string, Partial<FoundQueue>, object[]]>([
    ['it holds 1 message', { messages: 1 }, [boundTo('eu.#')]],
    ['it has 2 consumers', { consumers: 2 }, [boundTo('eu.#')]],
    ['1 binding of it not declared', {}, [boundTo('eu.#'), boundTo('us')]],
  ])('is not even made anew when %s', (words, state, bindings) => {
    const queue = foundQueue({ type: 'classic' }, { ...state, bindings: bindings as [] })
    const scene = { there: { exchange: foundExchange(), queue } }
    const change = diff(scene, 'recreate').changes.find(({ kind }) => kind === 'queue')
    expect(change).toMatchObject({ risk: 'refused', code: 'SLU0398', flag: null })
    expect(change?.action).toBeUndefined()
    expect(change?.reason).toContain(words)
  })
})

describe('an exchange that differs', () => {
  const scene = (bindings = [boundTo('eu.#')]) => ({
    there: { exchange: foundExchange({ type: 'direct' }, bindings), queue: foundQueue() },
  })
  test('is made anew only when that is allowed', () => {
    const verdict = (...allow: Flag[]) => diff(scene(), ...allow).changes.map(short)
    expect(verdict()).toEqual(['! exchange p.shipping type direct topic refused SLU0393'])
    expect(verdict('recreate')).toEqual(['! exchange p.shipping type direct topic allowed SLU0393'])
  })
  test('is left alone while others are bound to it', () => {
    const others = scene([boundTo('eu.#'), boundTo('eu.#', { to: 'somebody.else' })])
    expect(diff(others, ...ALL).changes.map(short)).toEqual([
      '! exchange p.shipping type direct topic refused SLU0398',
    ])
  })
  test('need not wait for a binding of our own queue that is removed with it', () => {
    const bound = [boundTo('eu.#'), boundTo('us')]
    const there = { ...scene(bound).there, queue: foundQueue({}, { bindings: bound }) }
    const verdict = (...allow: Flag[]) => diff({ there }, ...allow).changes[0]?.risk
    expect([verdict('recreate'), verdict('recreate', 'unbind')]).toEqual(['refused', 'allowed'])
  })
})

describe('bindings', () => {
  const there = (...keys: string[]) => ({
    exchange: foundExchange(),
    queue: foundQueue({}, { bindings: keys.map((key) => boundTo(key)) }),
  })
  test('one that is declared is made, one that is not is removed only when that is allowed', () => {
    const verdict = (...allow: Flag[]) => diff({ there: there('us') }, ...allow).changes.map(short)
    expect(verdict('partitions', 'retention', 'recreate')).toEqual([
      '+ binding p.shipping → p.parcels key null eu.# safe null',
      '- binding p.shipping → p.parcels key us null refused SLU0394',
    ])
    expect(verdict('unbind')[1]).toBe(
      '- binding p.shipping → p.parcels key us null allowed SLU0394',
    )
  })
  test('one with arguments is not the declared one', () => {
    const queue = foundQueue(
      {},
      { bindings: [{ ...boundTo('eu.#'), arguments: { 'x-match': 'all' } }] },
    )
    const { changes } = diff({ there: { exchange: foundExchange(), queue } })
    expect(changes.map(({ symbol }) => symbol)).toEqual(['+', '-'])
  })
})

test('what nobody declared is drift, and no change', () => {
  const queue = foundQueue(
    { deliveryLimit: 7 },
    { others: { 'x-message-ttl': '1000', policy: 'short: {"max-length":5}' } },
  )
  const exchange = foundExchange({}, [boundTo('eu.#')], { 'alternate-exchange': 'other' })
  const undeclared = [{ kind: 'queue', name: 'p.old' }] as const
  const { changes, drift } = diff({ there: { exchange, queue }, undeclared }, ...ALL)
  expect(changes).toEqual([])
  expect(drift.map(({ kind, name, field, value }) => [kind, name, field, value])).toEqual([
    ['queue', 'p.old', null, null],
    ['exchange', 'p.shipping', 'alternate-exchange', 'other'],
    ['queue', 'p.parcels', 'deliveryLimit', 7],
    ['queue', 'p.parcels', 'x-message-ttl', '1000'],
    ['queue', 'p.parcels', 'policy', 'short: {"max-length":5}'],
  ])
})

test('where nobody could be asked, what is there counts as right', () => {
  const there = {
    exchange: { details: undefined },
    queue: { messages: 3, consumers: 1, details: undefined },
  }
  expect(diff({ there }, ...ALL)).toEqual({ changes: [], drift: [] })
})
