// Sends messages to topics from outside a pipeline: for `send`, for feeds and for the demo; on connections of its own.
import type { World } from '../core/clock.ts'
import type { Sink } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { ConnectionPlan, FleetPlan } from '../core/plan.ts'
import { connectWithin, makeConnections, type DriverFactories } from '../runtime/connections.ts'

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

export async function openSender(parts: SenderParts): Promise<Sender> {
  const { plan, prefix, world } = parts
  const names = Object.values(plan.connections)
    .filter(({ kind }) => kind === 'kafka')
    .map(({ name }) => name)
  const connections = makeConnections(parts, names)
  const connecting = new Map<string, Promise<void>>()
  const connect = (name: string): Promise<void> => {
    const known = connecting.get(name)
    if (known !== undefined) return known
    const connection = plan.connections[name] as ConnectionPlan
    const attempt = connectWithin(connections.log(name), connection, plan.connectWithinMs, world)
    connecting.set(name, attempt)
    return attempt
  }
  return {
    sink(name) {
      const topic = Object.hasOwn(plan.topics, name) ? plan.topics[name] : undefined
      if (topic === undefined) throw unknownTopic(name, plan.topics)
      const driver = connections.log(topic.connection)
      const sink = driver.sink({ ...topic, address: prefix + name })
      return {
        async send(message) {
          await connect(topic.connection)
          await sink.send(message)
        },
      }
    },
    async close() {
      await Promise.all([...connections.all.values()].map((driver) => driver.close()))
    },
  }
}

export const unknownTopic = (name: string, topics: FleetPlan['topics']): SluiceError =>
  new SluiceError('SLU1001', {
    message: `there is no topic "${name}"; there is: ${Object.keys(topics).join(', ')}`,
  })
