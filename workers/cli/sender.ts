// Sends messages to topics from outside a pipeline: for `send`, for feeds and for the demo; on connections of its own.
import { ClientConnections } from '../client/parts.ts'
import { topicAt } from '../core/address.ts'
import type { World } from '../core/clock.ts'
import type { Sink } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { FleetPlan } from '../core/plan.ts'
import { topicUses, type DriverFactories } from '../runtime/connections.ts'
import { encodingSink } from '../runtime/formats/topic-format.ts'

export interface Sender {
  /** A topic of fleet.yaml; SLU1001 when there is no such topic. Connects at its first use. */
  sink(topic: string): Sink
  close(): Promise<void>
}

export interface SenderParts {
  readonly plan: FleetPlan
  readonly factories: DriverFactories
  readonly prefix: string
  readonly world: World
  readonly log: Logger
}

export function openSender(parts: SenderParts): Sender {
  const { plan, prefix } = parts
  const connections = new ClientConnections(parts)
  return {
    sink(name) {
      const topic = Object.hasOwn(plan.topics, name) ? plan.topics[name] : undefined
      if (topic === undefined) throw unknownTopic(name, plan.topics)
      const { connection } = topic
      const sink = encodingSink(
        connections.of(connection).log(connection).sink(topicAt(prefix, topic)),
        connections.formats(name),
      )
      return {
        async send(message) {
          await connections.allConnected(topicUses(topic))
          await sink.send(message)
        },
      }
    },
    close: () => connections.close(),
  }
}

export const unknownTopic = (name: string, topics: FleetPlan['topics']): SluiceError =>
  new SluiceError('SLU1001', {
    message: `there is no topic "${name}"; there is: ${Object.keys(topics).join(', ')}`,
  })
