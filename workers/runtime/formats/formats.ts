// The formats of a fleet's topics, each made at its first use; topics of plain JSON have none.
import { topicAt } from '../../core/address.ts'
import type { Clock } from '../../core/clock.ts'
import type { FleetPlan } from '../../core/plan.ts'
import { isRegistered } from './registered.ts'
import type { RegistryDriver, Subject } from '../../core/registry.ts'
import { jsonPayload, type Payload } from './payload.ts'
import { createTopicFormat, type TopicFormat } from './topic-format.ts'

export interface FormatParts {
  readonly plan: Pick<FleetPlan, 'topics' | 'schemas'>
  readonly prefix: string
  /** Of a connection, by its name. */
  readonly registryOf: (connection: string) => RegistryDriver
  readonly clock: Clock
}

/** By a topic's name in fleet.yaml; undefined: plain JSON, or bytes of any kind. */
export type Formats = (topic: string) => TopicFormat | undefined

export function createFormats({ plan, prefix, registryOf, clock }: FormatParts): Formats {
  const payloads = payloadsOf(plan)
  return remembering((name) => {
    const payload = payloads(name)
    const topic = plan.topics[name]
    if (payload === undefined || topic === undefined) return undefined
    const { address, connection } = topicAt(prefix, topic)
    const subject = subjectOf(address, payload)
    return createTopicFormat(name, subject, payload, registryOf(connection), clock)
  })
}

/** How the values of a topic are written behind their schema ids: what can be known without asking anybody. */
export function payloadsOf({
  topics,
  schemas,
}: Pick<FleetPlan, 'topics' | 'schemas'>): (topic: string) => Payload | undefined {
  return remembering((name) => {
    const topic = Object.hasOwn(topics, name) ? topics[name] : undefined
    if (topic === undefined || !isRegistered(topic)) return undefined
    // The compiler has seen to it that such a topic has a schema.
    return jsonPayload(schemas[topic.schema as string] as object)
  })
}

/** What is registered for topics, by their names. */
export function subjectsOf(
  plan: Pick<FleetPlan, 'topics' | 'schemas'>,
  prefix: string,
): ReadonlyMap<string, Subject> {
  const payloads = payloadsOf(plan)
  return new Map(
    Object.values(plan.topics).flatMap((topic) => {
      const payload = payloads(topic.name)
      if (payload === undefined) return []
      return [[topic.name, subjectOf(topicAt(prefix, topic).address, payload)]]
    }),
  )
}

/** As Confluent's serialisers call the subject of a topic's values. */
const subjectOf = (address: string, { kind, schema }: Payload): Subject => ({
  subject: `${address}-value`,
  kind,
  text: schema,
})

function remembering<Made>(make: (name: string) => Made): (name: string) => Made {
  const made = new Map<string, Made>()
  return (name) => {
    if (!made.has(name)) made.set(name, make(name))
    return made.get(name) as Made
  }
}
