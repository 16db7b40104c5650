// Messages out of what one fetch brought of a partition: without control records, and without what a transaction gave up.
import type { fetchV17, RecordsBatch } from '@platformatic/kafka'
import type { Headers, HeaderValue, LogMessage } from '../../../core/message.ts'
import type { Page } from '../client.ts'

/** Attributes of a batch: https://kafka.apache.org/documentation/#recordbatch */
const LOG_APPEND_TIME = 1 << 3
const TRANSACTIONAL = 1 << 4
const CONTROL = 1 << 5
/** Of a control record. */
const ABORT = 0

export type FetchedPartition = Pick<
  fetchV17.FetchResponsePartition,
  'records' | 'abortedTransactions'
>

/** From `from` on; a batch that holds it begins earlier. */
export function pageIn({ records, abortedTransactions }: FetchedPartition, from: number): Page {
  const messages: LogMessage[] = []
  const aborted = new Aborted(abortedTransactions ?? [])
  let next: number | undefined
  for (const batch of records ?? []) {
    const base = Number(batch.firstOffset)
    next = base + batch.lastOffsetDelta + 1
    if (aborted.hides(batch, next - 1)) continue
    for (const record of batch.records) {
      const offset = base + record.offsetDelta
      if (offset < from) continue
      messages.push({
        offset,
        key: record.key,
        value: record.value,
        headers: headersOf(record.headers),
        timestamp: timeOf(batch, record.timestampDelta),
      })
    }
  }
  return { messages, next: next === undefined ? undefined : Math.max(next, from) }
}

function timeOf({ attributes, firstTimestamp, maxTimestamp }: RecordsBatch, delta: bigint): number {
  return (attributes & LOG_APPEND_TIME) === 0
    ? Number(firstTimestamp + delta)
    : Number(maxTimestamp)
}

type Foreign = readonly [Buffer | null, Buffer | null]
const NONE: Headers = {}
const NOTHING = Buffer.alloc(0)

/** Other producers write null as a header's value; our port has no such thing, so it arrives empty. */
function headersOf(entries: readonly Foreign[]): Headers {
  if (entries.length === 0) return NONE
  const headers = Object.create(null) as Record<string, HeaderValue>
  for (const [key, bytes] of entries) {
    const name = key?.toString() ?? ''
    const value = bytes ?? NOTHING
    const before = headers[name]
    if (before === undefined) headers[name] = value
    else if (Array.isArray(before)) (before as HeaderValue[]).push(value)
    else headers[name] = [before as Buffer, value]
  }
  return headers
}

/** Which batches belong to transactions that were given up: from the offset that Kafka names, up to the marker of the same producer. */
class Aborted {
  private readonly coming: { readonly producer: bigint; readonly from: bigint }[]
  private readonly open = new Set<bigint>()

  constructor(transactions: readonly fetchV17.FetchResponsePartitionAbortedTransaction[]) {
    this.coming = transactions
      .map(({ producerId, firstOffset }) => ({ producer: producerId, from: firstOffset }))
      .sort((a, b) => (a.from < b.from ? -1 : 1))
  }

  /** To be asked of every batch, in their order. */
  hides(batch: RecordsBatch, last: number): boolean {
    while (this.coming[0] !== undefined && this.coming[0].from <= BigInt(last))
      this.open.add((this.coming.shift() as { producer: bigint }).producer)
    if ((batch.attributes & CONTROL) !== 0) {
      if (batch.records[0]?.key?.readInt16BE(2) === ABORT) this.open.delete(batch.producerId)
      return true
    }
    return (batch.attributes & TRANSACTIONAL) !== 0 && this.open.has(batch.producerId)
  }
}
