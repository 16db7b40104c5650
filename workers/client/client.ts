// A fleet as other services use it: its commands, topics, requests, jobs, stores and caches, each by its name in fleet.yaml.
import { exchangeAt, jobsAt, queueAt, topicAt } from '../core/address.ts'
import type { FleetPlan, QueuePlan, TopicPlan } from '../core/plan.ts'
import { textAt } from '../runtime/plain-envelope.ts'
import { jobsUse, topicUses } from '../runtime/connections.ts'
import { encodingSink } from '../runtime/formats/topic-format.ts'
import { createAsking } from './asking.ts'
import { createCaching } from './caching.ts'
import { ClientConnections, named, type ClientParts } from './parts.ts'
import { TopicReader } from './reading.ts'
import { createSending } from './sending.ts'
import { createStoring } from './storing.ts'
import { createWatching } from './watching.ts'
import type {
  CommandClient,
  FleetClient,
  FleetShape,
  JobsClient,
  ReadTerms,
  TopicClient,
} from './shape.ts'

/** Connects nothing yet. */
export function createClient<Fleet extends FleetShape>(parts: ClientParts): FleetClient<Fleet> {
  const connections = new ClientConnections(parts)
  const readers = new Set<TopicReader>()
  const once = <Made>(make: (name: string) => Made) => {
    const made = new Map<string, Made>()
    return (name: string): Made => {
      const known = made.get(name) ?? make(name)
      made.set(name, known)
      return known
    }
  }
  const client = {
    command: once((name) => commandClient(parts, connections, name)),
    topic: once((name) => topicClient(parts, connections, readers, name)),
    request: once((name) => createAsking(parts, connections, name)),
    jobs: once((name) => jobsClient(parts, connections, name)),
    store: once((name) => createStoring(parts, connections, name)),
    cache: once((name) => createCaching(parts, connections, name)),
    async close() {
      await Promise.all([...readers].map((reader) => reader.close()))
      await connections.close()
    },
  }
  // By name it is what the generated types say: both come from the same fleet.yaml.
  return client as unknown as FleetClient<Fleet>
}

function commandClient(
  parts: ClientParts,
  connections: ClientConnections,
  name: string,
): CommandClient<unknown> {
  const { plan, prefix, checkOf } = parts
  const { connection, at, schema } = named('queue or exchange for commands', commandsOf(plan), name)
  const driver = () => connections.of(connection).queue(connection)
  const sink = () => {
    const exchange = plan.exchanges[name]
    return exchange === undefined
      ? driver().sink(queueAt(prefix, plan.queues[name] as QueuePlan))
      : driver().exchange(exchangeAt(prefix, exchange))
  }
  const check = checkOf(schema as string)
  const send = createSending(parts, connections, {
    name,
    system: 'rabbitmq',
    uses: [connection],
    at,
    check,
    sink: lazily(sink),
  })
  return {
    send: (body, { id, trace, routingKey } = {}) =>
      send({
        ...common(plan, name),
        body,
        id,
        trace,
        ...(routingKey === undefined ? {} : { routingKey }),
      }),
  }
}

const commandsOf = ({ queues, exchanges }: FleetPlan) => ({
  ...Object.fromEntries(
    Object.entries(queues).filter(
      ([, { schema, reply }]) => schema !== undefined && reply === undefined,
    ),
  ),
  ...exchanges,
})

function topicClient(
  parts: ClientParts,
  connections: ClientConnections,
  readers: Set<TopicReader>,
  name: string,
): TopicClient<unknown> {
  const { plan, prefix, checkOf } = parts
  const topics = Object.fromEntries(
    Object.entries(plan.topics).filter(([, { schema }]) => schema !== undefined),
  )
  const topic = named('topic for events', topics, name)
  const send = createSending(parts, connections, {
    name,
    system: 'kafka',
    uses: topicUses(topic),
    at: topic.at,
    check: checkOf(topic.schema as string),
    sink: lazily(() =>
      encodingSink(
        connections.of(topic.connection).log(topic.connection).sink(topicAt(prefix, topic)),
        connections.formats(name),
      ),
    ),
  })
  return {
    publish: (data, { id, trace, key } = {}) =>
      send({
        ...eventAttributes(plan, topic, id),
        body: data,
        id: id ?? textAt(data, topic.envelope.id),
        trace,
        key,
      }),
    events: (terms) => iteration(parts, connections, readers, topic, terms),
  }
}

/** Where the data says who it is, headers must not say otherwise. */
function eventAttributes(plan: FleetPlan, { name, envelope }: TopicPlan, id: string | undefined) {
  const speaksForItself = id === undefined && (envelope.id ?? envelope.type) !== undefined
  return speaksForItself ? {} : common(plan, name)
}

async function* iteration(
  parts: ClientParts,
  connections: ClientConnections,
  readers: Set<TopicReader>,
  topic: TopicPlan,
  terms: ReadTerms,
) {
  await connections.allConnected(topicUses(topic))
  const reader = new TopicReader(parts, connections, topic, terms)
  readers.add(reader)
  try {
    yield* reader.events()
  } finally {
    readers.delete(reader)
  }
}

function jobsClient(
  parts: ClientParts,
  connections: ClientConnections,
  name: string,
): JobsClient<unknown> {
  const { plan, prefix, checkOf } = parts
  const jobs = named('queue of jobs', plan.jobs, name)
  const use = jobsUse(jobs.connection)
  const send = createSending(parts, connections, {
    name,
    system: 'bullmq',
    uses: [use],
    at: jobs.at,
    check: checkOf(jobs.schema),
    sink: lazily(() => connections.of(use).jobs(jobs.connection).sink(jobsAt(prefix, jobs))),
  })
  return {
    ...createWatching({
      name,
      clock: parts.world.clock,
      async status(id) {
        await connections.connected(use)
        return connections.of(use).jobs(jobs.connection).status(jobsAt(prefix, jobs), id)
      },
    }),
    add: (body, { id, trace, delayMs = 0, priority } = {}) =>
      send({ ...common(plan, name), body, id, trace, job: { delayMs, priority } }),
  }
}

const common = ({ fleet }: FleetPlan, name: string) => ({ type: name, source: `/${fleet}` })

function lazily<Made>(make: () => Made): () => Made {
  let made: Made | undefined
  return () => (made ??= make())
}
