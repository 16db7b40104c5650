// CloudEvents 1.0 in Kafka's binary mode: the headers of an event of ours. https://github.com/cloudevents/spec kafka-protocol-binding
import { isoTime } from './clock.ts'
import type { OutMessage } from './contract.ts'
import type { Headers } from './message.ts'

/** The message's own headers, and `ce_*` if it is an event or command of ours. */
export function withCloudEvents({
  id,
  type,
  source,
  timestamp,
  contentType,
  headers,
}: OutMessage): Headers {
  if (type === undefined || source === undefined) return headers
  return {
    ...headers,
    ce_specversion: '1.0',
    ce_id: id,
    ce_source: source,
    ce_type: type,
    ce_time: isoTime(timestamp),
    'content-type': contentType,
  }
}
