// A queue as a source: a message is what its sender called it, and is acknowledged by itself.
import type { Check } from '../core/check.ts'
import type { World } from '../core/clock.ts'
import type { Driver, Lane, QueueSource } from '../core/contract.ts'
import type { QueueMessage } from '../core/message.ts'
import type { FromPlan } from '../core/plan.ts'
import type { SourcePlan } from '../core/source-plan.ts'
import { Acknowledger } from './acknowledger.ts'
import { cloudEvent, isCloudEvent } from './cloud-event.ts'
import { createDecode } from './decode.ts'
import type { Origin } from './origin.ts'
import { invalid } from './invalid.ts'
import { PlainEnvelope } from './plain-envelope.ts'

export interface QueueOriginParts {
  readonly fleet: string
  readonly plan: SourcePlan
  readonly from: Pick<FromPlan, 'maxBytes'>
  readonly source: QueueSource
  readonly driver: Driver
  readonly check: Check
  readonly world: World
}

/** The AMQP binding of CloudEvents knows both. https://github.com/cloudevents/spec amqp-protocol-binding */
const CE = ['cloudEvents_', 'cloudEvents:']

/** Exclusive queues that only who asked can read: ours, those that RabbitMQ names, and direct reply-to. */
const mayAnswer = (queue: string): boolean =>
  /^(?:sluice\.replies\.|amq\.gen-|amq\.rabbitmq\.reply-to)/.test(queue)

export function queueOrigin(parts: QueueOriginParts): Origin {
  const { fleet, plan, from, source, driver, check, world } = parts
  const { name, envelope, tombstones } = plan
  const sourceName = `/${fleet}/${name}`
  const identity = (message: QueueMessage, _lane: Lane, data: unknown) => {
    const { headers, timestamp, id, type } = message
    if (message.replyTo !== undefined && !mayAnswer(message.replyTo))
      throw invalid('SLU5010', 'the message asks for an answer on a queue that takes none')
    const key = message.key === null ? null : Buffer.from(message.key).toString('utf8')
    const prefix = CE.find((one) => isCloudEvent(headers, one))
    if (prefix !== undefined) return cloudEvent({ headers, prefix, timestamp, key, data })
    return new PlainEnvelope(
      envelope,
      {
        // Nothing else tells a message without an id from another one: each delivery of it is a message of its own.
        id: id ?? `${name}/${world.ids.next()}`,
        type: type ?? name,
        source: message.source ?? sourceName,
        key,
        timestamp,
      },
      data,
    )
  }
  return {
    name,
    source,
    driver,
    decode: createDecode({ tombstones, maxBytes: from.maxBytes, check, envelope: identity }),
    settlement: () => new Acknowledger(source),
    operation: (_lane, message) => {
      const { id } = message as QueueMessage
      return { system: 'rabbitmq', ...(id === undefined ? {} : { messageId: id }) }
    },
    place: ({ group, event, message }) =>
      `${name}/${(message as QueueMessage).id ?? event?.id ?? `${group.lane.id}/${message.offset}`}`,
    delivery({ message }) {
      const { id = '', redelivered, deliveries = 1 } = message as QueueMessage
      const known = `${name}/${id}`
      const again = redelivered ? Math.max(1, deliveries) : 0
      return { place: `${known}/${world.ids.next()}`, message: known, again }
    },
    timePlace: () => '',
    coordinates: ({ message }) => {
      const { id, type, source: sender } = message as QueueMessage
      return {
        queue: name,
        ...(id === undefined ? {} : { 'message-id': id }),
        ...(type === undefined ? {} : { 'message-type': type }),
        ...(sender === undefined ? {} : { 'message-source': sender }),
      }
    },
  }
}
