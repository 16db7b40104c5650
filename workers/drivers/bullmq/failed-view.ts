// What the failed jobs of a queue hold, each as its dead letter; reads what BullMQ keeps and changes none of it.
import type { LogView } from '../../core/log-view.ts'
import type { Headers, LogMessage } from '../../core/message.ts'
import { LETTER } from './letter-field.ts'

/** The row of failed jobs as Redis has it, the oldest first. */
export interface FailedRow {
  count(): Promise<number>
  /** `last` included. */
  ids(from: number, last: number): Promise<string[]>
  fields(id: string, ...names: string[]): Promise<(string | null)[]>
}

const PAGE = 100

/** The oldest failure is 0. `ask`: one question, bounded. */
export function failedView(
  ask: <T>(question: (row: FailedRow) => Promise<T>) => Promise<T>,
): LogView {
  return {
    async ranges() {
      const count = await ask((row) => row.count())
      return [{ partition: 0, from: 0, to: count }]
    },
    async *read({ partition, from, to }) {
      if (partition !== 0) return
      for (let at = from; at < to; at += PAGE) {
        const last = Math.min(at + PAGE, to) - 1
        const page = await ask(async (row) => {
          const ids = await row.ids(at, last)
          return Promise.all(
            ids.map(async (id, nth) => {
              const fields = await row.fields(id, 'data', LETTER, 'timestamp')
              return messageOf(fields, at + nth)
            }),
          )
        })
        if (page.length === 0) return
        yield page
      }
    },
  }
}

function messageOf(
  [data, letter, timestamp]: readonly (string | null | undefined)[],
  offset: number,
): LogMessage {
  return {
    key: null,
    value: Buffer.from(data ?? ''),
    headers: headersOf(letter ?? '{}'),
    timestamp: Number(timestamp ?? 0),
    offset,
  }
}

/** Whoever can write to the Redis can write anything. */
export function headersOf(letter: string): Headers {
  try {
    const written: unknown = JSON.parse(letter)
    if (typeof written !== 'object' || written === null) return {}
    return Object.fromEntries(
      Object.entries(written).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    )
  } catch {
    return {}
  }
}
