// Each message gets a trace of its own, whose id is its number: whatever carries the trace was led to by that message.
import type { Headers } from '../core/message.ts'
import { headerText } from '../core/message.ts'

export const traceOf = (number: number): string =>
  `00-${(number + 1).toString(16).padStart(32, '0')}-0000000000000001-01`

/** Undefined for what carries no such trace. */
export function numberOf(headers: Headers): number | undefined {
  const [, id] =
    /^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/.exec(headerText(headers, 'traceparent') ?? '') ?? []
  const number = id === undefined ? 0 : Number.parseInt(id, 16)
  return number > 0 && Number.isSafeInteger(number) ? number - 1 : undefined
}
