// Reads a CloudEvent in binary mode: its attributes are headers, its data is the value.
import { isoTime } from '../core/clock.ts'
import { headerText, type Envelope, type Headers } from '../core/message.ts'
import { invalid } from './invalid.ts'

export interface CloudEventParts {
  readonly headers: Headers
  /** Before the names of attributes: `ce_` on Kafka, `cloudEvents_` or `cloudEvents:` on AMQP. */
  readonly prefix: string
  /** Milliseconds, for an event that says no time. */
  readonly timestamp: number
  readonly key: string | null
  readonly data: unknown
}

export const isCloudEvent = (headers: Headers, prefix: string): boolean =>
  headerText(headers, `${prefix}specversion`) !== undefined

/** Throws SLU5009 for one that lacks what every event has. */
export function cloudEvent({ headers, prefix, timestamp, key, data }: CloudEventParts): Envelope {
  const attribute = (name: string) => headerText(headers, prefix + name)
  const version = attribute('specversion') ?? ''
  const id = attribute('id')
  const source = attribute('source')
  const type = attribute('type')
  if (!version.startsWith('1.') || !id || !source || !type)
    throw invalid('SLU5009', 'the CloudEvents headers are incomplete or of an unknown version')
  const subject = attribute('subject')
  return {
    id,
    type,
    source,
    ...(subject === undefined ? {} : { subject }),
    time: attribute('time') ?? isoTime(timestamp),
    key,
    data,
  }
}
