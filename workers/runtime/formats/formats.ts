// The formats of a fleet's topics, each made at its first use; topics of plain JSON have none.
import { topicAt } from '../../core/address.ts'
import type { Clock } from '../../core/clock.ts'
import type { FleetPlan } from '../../core/plan.ts'
import { isRegistered } from './registered.ts'
import type { RegistryDriver, Subject } from '../../core/registry.ts'
import { avroPayload } from './avro.ts'
import { jsonPayload, type Payload } from './payload.ts'
import { createTopicFormat, type TopicFormat } from './topic-format.ts'

/** What says how values of topics are written. */
type WrittenPlan = Pick<FleetPlan, 'topics' | 'schemas' | 'avro'>

export interface FormatParts {
  readonly plan: WrittenPlan
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
  avro,
}: WrittenPlan): (topic: string) => Payload | undefined {
  return remembering((name) => {
    const topic = Object.hasOwn(topics, name) ? topics[name] : undefined
    if (topic === undefined || !isRegistered(topic)) return undefined
    // The compiler has seen to it that such a topic has its schemas.
    const schema = topic.schema as string
    return topic.format === 'avro'
      ? avroPayload(name, avro[schema] as string)
      : jsonPayload(schemas[schema] as object)
  })
}

/** What is registered for topics, by their names. */
export function subjectsOf(plan: WrittenPlan, prefix: string): ReadonlyMap<string, Subject> {
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
