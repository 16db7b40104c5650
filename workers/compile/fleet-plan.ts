// Turns fleet.yaml into the resources of a plan; names and kinds are checked here, once.
import type {
  CachePlan,
  ConnectionPlan,
  EnvelopePaths,
  QueuePlan,
  TopicPlan,
} from '../core/plan.ts'
import { planConnections } from './connection-plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import { FLEET } from './grammar/fleet.ts'
import { known } from './names.ts'
import { isMap, listOf, mapOf, position, textOf, type Raw } from './raw.ts'
import type { SchemaStore } from './schemas.ts'
import { checkShape } from './shape.ts'
import { whatThereIs } from './suggest.ts'
import { bytes, milliseconds } from './units.ts'
import { checkVariables } from './variables.ts'
import type { YamlFile } from './yaml-file.ts'

/** What is written in the file, whether it has the right shape or not. */
export interface DeclaredNames {
  readonly topics: readonly string[]
  readonly queues: readonly string[]
  readonly caches: readonly string[]
}

export interface Fleet {
  readonly fleet: string
  readonly profile: string
  readonly prefix: string
  readonly provision: boolean
  readonly connectWithinMs: number
  readonly drainWithinMs: number
  readonly connections: Readonly<Record<string, ConnectionPlan>>
  readonly topics: Readonly<Record<string, TopicPlan>>
  readonly queues: Readonly<Record<string, QueuePlan>>
  readonly caches: Readonly<Record<string, CachePlan>>
  readonly workers: Readonly<Record<string, { pipelines: readonly string[]; replicas: number }>>
  /** Undefined when the file could not be read: then nobody knows which names there are. */
  readonly declared: DeclaredNames | undefined
}

/** Kafka's own default for max.message.bytes. */
const DEFAULT_MAX_BYTES = 1_048_588

/** With faults of shape the rest is planned all the same, so that the faults of pipelines are found in the same run. */
export function planFleet(
  file: YamlFile | undefined,
  schemas: SchemaStore,
  out: Diagnostics,
): Fleet {
  const raw = mapOf(file?.value)
  if (file !== undefined) {
    checkShape(file, [], file.value, FLEET, out)
    checkVariables(file, out)
  }
  const usable = file !== undefined && isMap(file.value)
  const resources = usable ? new Resources(file, raw, schemas, out).plan() : NO_RESOURCES
  return {
    fleet: textOf(raw['fleet'], ''),
    profile: textOf(raw['profile'], 'development'),
    prefix: textOf(raw['prefix'], ''),
    provision: raw['provision'] !== false,
    connectWithinMs: within(raw['connect'], '30s'),
    drainWithinMs: within(raw['drain'], '25s'),
    ...resources,
    workers: each(raw['workers'], (_name, worker) => ({
      pipelines: listOf(worker['pipelines']).map(String),
      replicas: Number(worker['replicas'] ?? 1),
    })),
    declared: usable ? declaredIn(raw) : undefined,
  }
}

/** Undefined for one that is not declared, or not as it should be. */
export const topicOf = ({ topics }: Fleet, name: string): TopicPlan | undefined =>
  Object.hasOwn(topics, name) ? topics[name] : undefined

const NO_RESOURCES = { connections: {}, topics: {}, queues: {}, caches: {} }

const declaredIn = (raw: Raw): DeclaredNames => ({
  topics: Object.keys(mapOf(raw['topics'])),
  queues: Object.keys(mapOf(raw['queues'])),
  caches: Object.keys(mapOf(raw['caches'])),
})

const within = (section: unknown, fallback: string) =>
  milliseconds(mapOf(section)['within'] ?? fallback)

/** Plans the entries of a section that are maps. */
function each<T>(section: unknown, plan: (name: string, entry: Raw) => T): Record<string, T> {
  const entries = Object.entries(mapOf(section)).flatMap(([name, entry]): [string, T][] =>
    isMap(entry) ? [[name, plan(name, entry)]] : [],
  )
  return Object.fromEntries(entries)
}

class Resources {
  private readonly file: YamlFile
  private readonly raw: Raw
  private readonly schemas: SchemaStore
  private readonly out: Diagnostics
  private readonly connections: Record<string, ConnectionPlan>

  constructor(file: YamlFile, raw: Raw, schemas: SchemaStore, out: Diagnostics) {
    this.file = file
    this.raw = raw
    this.schemas = schemas
    this.out = out
    this.connections = planConnections(file, mapOf(raw['connections']), out)
  }

  plan(): Pick<Fleet, 'connections' | 'topics' | 'queues' | 'caches'> {
    const { connections, raw } = this
    return {
      connections,
      topics: each(raw['topics'], (name, entry) => this.topic(name, entry)),
      queues: each(raw['queues'], (name, entry) => this.queue(name, entry)),
      caches: each(raw['caches'], (name, entry) => this.cache(name, entry)),
    }
  }

  private topic(name: string, entry: Raw): TopicPlan {
    const { maxBytes } = entry
    this.schema('topics', name, entry)
    return {
      ...this.common('topics', name, entry, 'kafka'),
      partitions: Number(entry['partitions'] ?? 1),
      schema: typeof entry['schema'] === 'string' ? entry['schema'] : undefined,
      envelope: envelopeOf(entry['envelope']),
      tombstones: (entry['tombstones'] ?? 'invalid') as TopicPlan['tombstones'],
      deadLetters: entry['deadLetters'] === true,
      maxBytes: maxBytes === undefined ? DEFAULT_MAX_BYTES : bytes(maxBytes),
    }
  }

  private queue(name: string, entry: Raw): QueuePlan {
    this.schema('queues', name, entry)
    if (name.startsWith('amq.'))
      this.out.error(
        'SLU0315',
        this.file.key(['queues', name]),
        `RabbitMQ keeps names that begin with "amq." for itself`,
        'choose another name',
      )
    return {
      ...this.common('queues', name, entry, 'rabbitmq'),
      type: (entry['type'] ?? 'quorum') as QueuePlan['type'],
      schema: String(entry['schema']),
    }
  }

  private cache(name: string, entry: Raw): CachePlan {
    this.schema('caches', name, entry)
    return {
      ...this.common('caches', name, entry, 'redis'),
      ttlMs: milliseconds(entry['ttl']),
      schema: String(entry['schema']),
      whenDown: entry['whenDown'] as CachePlan['whenDown'],
    }
  }

  /** Name, place and connection, which must be there and of the right kind. */
  private common(section: string, name: string, entry: Raw, kind: ConnectionPlan['kind']) {
    const { file, raw, out, connections } = this
    const path = [section, name, 'in']
    const written = entry['in']
    const declared = Object.keys(mapOf(raw['connections']))
    if (known(file, path, 'connection', written, declared, 'SLU0301', out)) {
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
    return { name, connection: String(written), at: position(file, [section, name]) }
  }

  private schema(section: string, name: string, entry: Raw): void {
    this.schemas.read(entry['schema'], this.file.at([section, name, 'schema']), this.out)
  }
}

function envelopeOf(raw: unknown): EnvelopePaths {
  const paths = Object.entries(mapOf(raw))
  return Object.fromEntries(
    paths.map(([attribute, path]) => [attribute, String(path).split('.').slice(1)]),
  )
}
