// Dead letters as pipelines write them, for tests of the tools that read them.
import { SluiceError } from '../../../workers/core/errors.ts'
import type { Headers, LogMessage } from '../../../workers/core/message.ts'
import { readLetter, type Foreign, type Letter } from '../../../workers/ops/dlq/letter.ts'
import { deadLetter } from '../../../workers/runtime/dead-letter.ts'
import { OffsetTracker } from '../../../workers/runtime/offset-tracker.ts'
import { LaneState, Task } from '../../../workers/runtime/task.ts'

export interface Written {
  readonly offset?: number
  readonly value?: string | null
  readonly headers?: Headers
  readonly reason?: string
  readonly code?: 'SLU5102' | 'SLU5002'
  readonly step?: string
  readonly at?: { readonly file: string; readonly line: number; readonly column: number }
  readonly fleet?: string
  readonly coordinates?: Readonly<Record<string, string>>
  readonly payload?: boolean
  readonly failedAt?: number
}

/** What stands on the dead-letter topic, as the runtime sends it. */
export function stored(written: Written = {}): LogMessage {
  const { offset = 7, value = '{"total":3}', headers = {}, payload = true } = written
  const message: LogMessage = {
    key: Buffer.from('k1'),
    value: value === null ? null : Buffer.from(value),
    headers,
    timestamp: Date.UTC(2026, 0, 2),
    offset,
  }
  const lane = { id: 'orders/3', partition: 3, live: () => true }
  const task = new Task(new LaneState(lane, new OffsetTracker(0, ''), 0), message, 0, undefined)
  const { code = 'SLU5102', reason = 'no such card', at, step = 'charge' } = written
  const error = new SluiceError(code, { message: reason, ...(at === undefined ? {} : { at }) })
  const letter = deadLetter(
    task,
    { error, step },
    {
      id: 'letter',
      fleet: written.fleet ?? 'shop',
      pipeline: 'billing',
      coordinates: written.coordinates ?? {
        topic: 'orders',
        partition: '3',
        offset: String(offset),
      },
      failedAt: written.failedAt ?? Date.UTC(2026, 0, 3),
      trace: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
    },
    payload,
  )
  return { ...letter, offset: 0 }
}

export const spot = { destination: 'orders.dlq', partition: 0, offset: 0 }

export const letterOf = (written: Written = {}): Letter => {
  const letter = readLetter(spot, stored(written))
  if (letter.kind === 'foreign') throw new Error(letter.why)
  return letter
}

/** A letter whose headers somebody changed. */
export const forged = (headers: Record<string, string | undefined>): Letter | Foreign => {
  const message = stored()
  const kept = Object.entries({ ...message.headers, ...headers }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return readLetter(spot, { ...message, headers: Object.fromEntries(kept) })
}
