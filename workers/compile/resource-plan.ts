// Plans topics, exchanges, queues, jobs, stores and caches: each is on a connection of the right kind and has a schema that is there.
import type {
  BindingPlan,
  CachePlan,
  ConnectionPlan,
  EnvelopePaths,
  ExchangePlan,
  FleetPlan,
  JobsPlan,
  QueuePlan,
  RetentionPlan,
  StorePlan,
  TopicPlan,
} from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { FLEET } from './grammar/fleet.ts'
import type { Written } from './grammar/parts.ts'
import type { CACHE, EXCHANGE, JOBS, QUEUE, STORE, TOPIC } from './grammar/resources.ts'
import { known } from './names.ts'
import { isMap, mapOf, position, type Raw } from './raw.ts'
import type { SchemaStore } from './schemas.ts'
import { whatThereIs } from './suggest.ts'
import { bytes, milliseconds } from './units.ts'
import type { YamlFile } from './yaml-file.ts'

export type Resources = Pick<
  FleetPlan,
  'topics' | 'exchanges' | 'queues' | 'jobs' | 'stores' | 'caches'
>

interface Parts {
  readonly file: YamlFile
  readonly written: Written<typeof FLEET>
  /** The same as it stands in the file. */
  readonly raw: Raw
  /** Those without faults. */
  readonly connections: Readonly<Record<string, ConnectionPlan>>
  readonly schemas: SchemaStore
  readonly out: Diagnostics
}

type Section = keyof Resources

const KIND: Readonly<Record<Section, ConnectionPlan['kind']>> = {
  topics: 'kafka',
  exchanges: 'rabbitmq',
  queues: 'rabbitmq',
  jobs: 'redis',
  stores: 'redis',
  caches: 'redis',
}

/** https://kafka.apache.org/documentation/#topicconfigs_max.message.bytes */
const KAFKA_MAX_BYTES = 1_048_588
const LETTER_HEADERS = 64 * 1024

export class ResourcePlanner {
  private readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  plan(): Resources {
    const { written } = this.parts
    return {
      topics: this.each('topics', written.topics, (name, topic) => this.topic(name, topic)),
      exchanges: this.each('exchanges', written.exchanges, (name, exchange) =>
        this.exchange(name, exchange),
      ),
      queues: this.each('queues', written.queues, (name, queue) => this.queue(name, queue)),
      jobs: this.each('jobs', written.jobs, (name, jobs) => this.jobs(name, jobs)),
      stores: this.each('stores', written.stores, (name, store) => this.store(name, store)),
      caches: this.each('caches', written.caches, (name, cache) => this.cache(name, cache)),
    }
  }

  private each<A extends { readonly in: string; readonly schema?: string }, B>(
    section: Section,
    table: Readonly<Record<string, A>>,
    plan: (name: string, entry: A) => B,
  ): Record<string, B> {
    const { file, schemas, out } = this.parts
    const entries = Object.entries(table).map(([name, entry]): [string, B] => {
      this.checkConnection(section, name, entry.in)
      schemas.read(entry.schema, file.at([section, name, 'schema']), out)
      return [name, plan(name, entry)]
    })
    return Object.fromEntries(entries)
  }

  private topic(name: string, topic: Written<typeof TOPIC>): TopicPlan {
    const { schema, deadLetters, tombstones, partitions, cleanup, compression } = topic
    const { file, schemas, out } = this.parts
    if (topic.format === 'avro') schemas.readAvro(schema, file.at(['topics', name, 'format']), out)
    return {
      ...this.place('topics', name, topic.in),
      partitions,
      replication: topic.replication,
      minInSync: topic.minInSync,
      retention: retentionOf(topic.retention),
      cleanup,
      compression,
      schema: typeof schema === 'string' ? schema : undefined,
      format: topic.format,
      registers: topic.registers,
      envelope: envelopeOf(topic.envelope),
      tombstones,
      deadLetters,
      parked: false,
      maxBytes: topic.maxBytes === undefined ? this.usualBytes(deadLetters) : bytes(topic.maxBytes),
    }
  }

  /** A letter is a message of another topic, with more headers. */
  private usualBytes(deadLetters: boolean): number {
    if (!deadLetters) return KAFKA_MAX_BYTES
    const others = Object.values(this.parts.written.topics)
      .filter((topic) => !topic.deadLetters)
      .map(({ maxBytes }) => (maxBytes === undefined ? KAFKA_MAX_BYTES : bytes(maxBytes)))
    return Math.max(KAFKA_MAX_BYTES, ...others) + LETTER_HEADERS
  }

  private exchange(name: string, exchange: Written<typeof EXCHANGE>): ExchangePlan {
    const { file, raw, out } = this.parts
    this.refuseReserved('exchanges', name)
    if (Object.hasOwn(mapOf(raw['queues']), name))
      out.error(
        'SLU0317',
        file.key(['exchanges', name]),
        `there is a queue "${name}" as well`,
        'a command names either: give one of them another name',
      )
    const { type, schema } = exchange
    return { ...this.place('exchanges', name, exchange.in), type, schema }
  }

  private queue(name: string, queue: Written<typeof QUEUE>): QueuePlan {
    this.refuseReserved('queues', name)
    const { file, schemas, out } = this.parts
    schemas.read(queue.reply, file.at(['queues', name, 'reply']), out)
    const { type, schema, deadLetters, limit, singleActiveConsumer, deliveryLimit } = queue
    this.needsSchema(name, schema, deadLetters)
    return {
      ...this.place('queues', name, queue.in),
      type,
      schema: typeof schema === 'string' ? schema : undefined,
      deadLetters,
      reply: typeof queue.reply === 'string' ? queue.reply : undefined,
      envelope: envelopeOf(queue.envelope),
      bindings: queue.bindings.map((binding, index) =>
        this.binding(['queues', name, 'bindings', index], binding, queue.in),
      ),
      limit:
        limit === undefined
          ? undefined
          : {
              messages: limit.messages,
              bytes: limit.bytes === undefined ? undefined : bytes(limit.bytes),
              overflow: limit.overflow,
            },
      singleActiveConsumer,
      deliveryLimit,
      retention: retentionOf(queue.retention),
      parked: false,
      waits: undefined,
    }
  }

  /** As the grammar says it of what is required everywhere. */
  private needsSchema(name: string, schema: unknown, deadLetters: boolean): void {
    const { file, raw, out } = this.parts
    if (schema !== undefined || deadLetters || !isMap(mapOf(raw['queues'])[name])) return
    out.error(
      'SLU0202',
      file.key(['queues', name]),
      `"schema" is missing in "queues.${name}"`,
      'add schema: commands/alert, the JSON Schema of its messages; only a stream with deadLetters: true has none',
    )
  }

  private binding(
    path: readonly (string | number)[],
    written: Written<typeof QUEUE>['bindings'][number],
    connection: string,
  ): BindingPlan {
    const { file, raw, out } = this.parts
    const { exchange, key } = written
    const names = Object.keys(mapOf(raw['exchanges']))
    if (known(file, [...path, 'exchange'], 'exchange', exchange, names, 'SLU0318', out)) {
      const other = this.parts.written.exchanges[exchange]
      if (other !== undefined && other.in !== connection)
        out.error(
          'SLU0308',
          file.at([...path, 'exchange']),
          `exchange "${exchange}" is on connection "${other.in}", and the queue on "${connection}"`,
          'a queue is bound to exchanges of its own connection',
        )
      if (other?.type === 'fanout' && key !== '')
        out.error(
          'SLU0508',
          file.at([...path, 'key']),
          `exchange "${exchange}" is of type fanout and looks at no key`,
          'remove the key, or make the exchange one of type topic',
        )
      if ((other?.type === 'topic' || other?.type === 'direct') && key === '')
        out.error(
          'SLU0508',
          file.at(path),
          `exchange "${exchange}" is of type ${other.type}, and the binding has no key`,
          other.type === 'topic'
            ? "no message would come: add key: '#' for all, or a pattern as 'high.*'"
            : 'no message would come: add the key of those that are wanted',
        )
    }
    return { exchange, key }
  }

  private jobs(
    name: string,
    { in: connection, schema, retention }: Written<typeof JOBS>,
  ): JobsPlan {
    this.refuseShared('jobs', name)
    const { completed, failed } = retention
    return {
      ...this.place('jobs', name, connection),
      schema,
      retention: { completedMs: keptMs(completed), failedMs: keptMs(failed) },
    }
  }

  private store(
    name: string,
    { in: connection, ttl, sliding, as, schema }: Written<typeof STORE>,
  ): StorePlan {
    this.refuseShared('stores', name)
    this.holdsObjects('stores', name, as, schema)
    return {
      ...this.place('stores', name, connection),
      ttlMs: milliseconds(ttl),
      sliding,
      as,
      schema,
    }
  }

  private cache(name: string, cache: Written<typeof CACHE>): CachePlan {
    const { as, schema, whenDown, absent } = cache
    this.holdsObjects('caches', name, as, schema)
    return {
      ...this.place('caches', name, cache.in),
      ttlMs: milliseconds(cache.ttl),
      jitter: cache.jitter,
      as,
      schema,
      whenDown,
      staleMs: milliseconds(cache.staleWhileRevalidate),
      flight: cache.flight,
      absentMs: absent === undefined ? undefined : milliseconds(absent.ttl),
    }
  }

  /** Dead letters name topics, queues and jobs; what was sent is counted by name. */
  private refuseShared(section: 'jobs' | 'stores', name: string): void {
    const { file, raw, out } = this.parts
    for (const [other, what] of SHARED)
      if (other !== section && Object.hasOwn(mapOf(raw[other]), name))
        out.error(
          'SLU0317',
          file.key([section, name]),
          `there is ${what} "${name}" as well`,
          'a name says where something goes: give one of them another',
        )
  }

  /** A hash has named fields. */
  private holdsObjects(
    section: 'caches' | 'stores',
    name: string,
    as: 'string' | 'hash',
    schema: string,
  ): void {
    const { file, schemas, out } = this.parts
    const found = schemas.get(schema)
    if (as === 'hash' && found !== undefined && !isAlwaysObject(found))
      out.error(
        'SLU0514',
        file.at([section, name, 'as']),
        `a hash holds properties, and a value of ${schema} need not be an object`,
        'write as: string, or give the schema "type": "object"',
      )
  }

  private place(section: Section, name: string, connection: string) {
    return { name, connection, at: position(this.parts.file, [section, name]) }
  }

  private refuseReserved(section: Section, name: string): void {
    const { file, out } = this.parts
    if (name.startsWith('amq.'))
      out.error(
        'SLU0315',
        file.key([section, name]),
        `RabbitMQ keeps names that begin with "amq." for itself`,
        'choose another name',
      )
  }

  private checkConnection(section: Section, name: string, written: unknown): void {
    const { file, raw, connections, out } = this.parts
    const path = [section, name, 'in']
    const kind = KIND[section]
    const declared = Object.keys(mapOf(raw['connections']))
    if (!known(file, path, 'connection', written, declared, 'SLU0301', out)) return
    // One with faults of its own is said to be wrong where it stands.
    const actual = Object.hasOwn(connections, written) ? connections[written]?.kind : undefined
    const right = Object.values(connections).filter((connection) => connection.kind === kind)
    if (actual !== undefined && actual !== kind)
      out.error(
        'SLU0308',
        file.at(path),
        `connection "${written}" is ${actual}, and ${section} need ${kind}`,
        whatThereIs(right.map((connection) => connection.name)),
      )
  }
}

const SHARED = [
  ['topics', 'a topic'],
  ['exchanges', 'an exchange'],
  ['queues', 'a queue'],
  ['jobs', 'a queue of jobs'],
] as const

const keptMs = (written: string) => (written === 'forever' ? written : milliseconds(written))

function retentionOf(written: Written<typeof TOPIC>['retention']): RetentionPlan {
  const { time, bytes: size } = written
  return {
    ...(time === undefined ? {} : { timeMs: keptMs(time) }),
    ...(size === undefined ? {} : { bytes: bytes(size) }),
  }
}

const envelopeOf = (written: Written<typeof TOPIC>['envelope']): EnvelopePaths =>
  Object.fromEntries(
    Object.entries(written).map(([attribute, path]) => [
      attribute,
      String(path).split('.').slice(1),
    ]),
  )

/** One that says so at its root, or in each of its variants. */
function isAlwaysObject(schema: object): boolean {
  const { type, oneOf, anyOf } = schema as { type?: unknown; oneOf?: unknown; anyOf?: unknown }
  const variants = oneOf ?? anyOf
  return type === undefined && Array.isArray(variants)
    ? variants.every((variant) => isAlwaysObject(Object(variant) as object))
    : type === 'object'
}
