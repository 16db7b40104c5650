// What becomes of the batches of one fetch: places, times and headers, and what transactions hide.
import type { RecordsBatch } from '@platformatic/kafka'
import { describe, expect, it } from 'vitest'
import { pageIn } from '../../../../workers/drivers/kafka/platformatic/records.ts'

const TRANSACTIONAL = 1 << 4
const CONTROL = 1 << 5
const LOG_APPEND_TIME = 1 << 3

interface Made {
  readonly at: number
  readonly values?: readonly string[]
  readonly attributes?: number
  readonly producer?: number
  /** As a compacted topic leaves it. */
  readonly lastOffsetDelta?: number
  readonly headers?: [Buffer | null, Buffer | null][]
}

function batchOf(made: Made): RecordsBatch {
  const { at, values = [], attributes = 0, producer = -1, headers = [] } = made
  return {
    firstOffset: BigInt(at),
    length: 0,
    partitionLeaderEpoch: 0,
    magic: 2,
    crc: 0,
    attributes,
    lastOffsetDelta: made.lastOffsetDelta ?? values.length - 1,
    firstTimestamp: 1_000n,
    maxTimestamp: 9_000n,
    producerId: BigInt(producer),
    producerEpoch: 0,
    firstSequence: 0,
    records: values.map((value, offsetDelta) => ({
      length: 0,
      attributes: 0,
      timestampDelta: BigInt(offsetDelta),
      offsetDelta,
      key: null,
      value: Buffer.from(value),
      headers,
    })),
  }
}

/** The end of a transaction: 0 gave it up, 1 committed it. */
function marker(at: number, producer: number, type: 0 | 1): RecordsBatch {
  const batch = batchOf({ at, values: [''], attributes: CONTROL | TRANSACTIONAL, producer })
  const key = Buffer.from([0, 0, 0, type])
  return { ...batch, records: batch.records.map((record) => ({ ...record, key })) }
}

const read = (
  records: RecordsBatch[] | null,
  from = 0,
  aborted: readonly (readonly [producer: number, from: number])[] = [],
) => {
  const abortedTransactions = aborted.map(([producer, first]) => ({
    producerId: BigInt(producer),
    firstOffset: BigInt(first),
  }))
  const { messages, next } = pageIn({ records, abortedTransactions }, from)
  return { texts: messages.map(({ value }) => String(value)), next, messages }
}

describe('places', () => {
  it('nothing at all leads nowhere', () => {
    expect(read(null)).toMatchObject({ texts: [], next: undefined })
    expect(read([])).toMatchObject({ texts: [], next: undefined })
  })

  it('a batch that begins before what was asked for is read from there on', () => {
    const { messages, next } = read([batchOf({ at: 10, values: ['a', 'b', 'c'] })], 11)
    expect(messages.map(({ offset }) => offset)).toEqual([11, 12])
    expect(next).toBe(13)
  })

  it('what a compacted batch lost at its end is passed over', () => {
    expect(read([batchOf({ at: 5, values: ['a'], lastOffsetDelta: 7 })]).next).toBe(13)
  })

  it('a batch wholly before what was asked for never leads backwards', () => {
    expect(read([batchOf({ at: 5, values: ['a'] })], 9)).toMatchObject({ texts: [], next: 9 })
  })
})

describe('what a message carries', () => {
  it('the time of its sender, or of the broker where the topic says so', () => {
    const values = ['a', 'b']
    expect(read([batchOf({ at: 0, values })]).messages.map(({ timestamp }) => timestamp)).toEqual([
      1_000, 1_001,
    ])
    const stamped = batchOf({ at: 0, values, attributes: LOG_APPEND_TIME })
    expect(read([stamped]).messages.map(({ timestamp }) => timestamp)).toEqual([9_000, 9_000])
  })

  it('headers that come twice, without a value, and with the name of a prototype', () => {
    const names = ['a', 'a', 'a', 'none', '__proto__']
    const headers = names.map((name, n): [Buffer, Buffer | null] => [
      Buffer.from(name),
      name === 'none' ? null : Buffer.from(String(n)),
    ])
    const [message] = read([batchOf({ at: 0, values: ['x'], headers })]).messages
    const shown = Object.entries(message?.headers ?? {}).map(([name, value]) => [
      name,
      String(value),
    ])
    expect(shown).toEqual([
      ['a', '0,1,2'],
      ['none', ''],
      ['__proto__', '4'],
    ])
  })
})

describe('transactions', () => {
  const mine = (at: number, values: string[], producer = 7) =>
    batchOf({ at, values, producer, attributes: TRANSACTIONAL })

  it('one that was committed is shown, its marker is not', () => {
    expect(read([mine(0, ['a', 'b']), marker(2, 7, 1)])).toMatchObject({
      texts: ['a', 'b'],
      next: 3,
    })
  })

  it('one that was given up is hidden, and what the same producer did before and after is not', () => {
    const log = [
      mine(0, ['a']),
      marker(1, 7, 1),
      mine(2, ['b']),
      mine(3, ['c'], 8),
      marker(4, 7, 0),
      marker(5, 8, 1),
      mine(6, ['d']),
      marker(7, 7, 1),
      batchOf({ at: 8, values: ['e'], producer: 7 }),
    ]
    expect(read(log, 0, [[7, 2]])).toMatchObject({ texts: ['a', 'c', 'd', 'e'], next: 9 })
  })

  it('one whose beginning was asked for long ago is hidden to its marker', () => {
    const log = [mine(50, ['b']), marker(51, 7, 0), mine(52, ['c']), marker(53, 7, 1)]
    expect(read(log, 50, [[7, 2]])).toMatchObject({ texts: ['c'], next: 54 })
  })

  it('two in a row of one producer are hidden, each to its own marker', () => {
    const log = [
      mine(0, ['a']),
      marker(1, 7, 0),
      mine(2, ['b']),
      marker(3, 7, 0),
      mine(4, ['c']),
      marker(5, 7, 1),
    ]
    const hidden = [
      [7, 2],
      [7, 0],
    ] as const
    expect(read(log, 0, hidden)).toMatchObject({ texts: ['c'], next: 6 })
  })
})
