// Turns a well-shaped fleet.yaml into the resources of a plan; names and kinds are checked here, once.
import type { CachePlan, ConnectionPlan, QueuePlan, SecretRef, TopicPlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import { CONNECTIONS, FLEET } from './grammar/fleet.ts'
import { known } from './names.ts'
import { readSchema } from './schemas.ts'
import { settingOf, variableProblem } from './settings.ts'
import { checkShape } from './shape.ts'
import { didYouMean } from './suggest.ts'
import { bytes, milliseconds } from './units.ts'
import type { Path, YamlFile } from './yaml-file.ts'

type Raw = Record<string, unknown>
type Table = Record<string, Raw>

export interface FleetResources {
  readonly fleet: string
  readonly profile: string
  readonly prefix: string
  readonly provision: boolean
  readonly connectWithinMs: number
  readonly drainWithinMs: number
  readonly connections: Record<string, ConnectionPlan>
  readonly topics: Record<string, TopicPlan>
  readonly queues: Record<string, QueuePlan>
  readonly caches: Record<string, CachePlan>
  readonly workers: Record<string, { pipelines: string[]; replicas: number }>
  readonly schemas: Record<string, object>
}

const DEFAULT_MAX_BYTES = 1_048_588

/**
 * Undefined when the file is no map at all. With other faults of shape the rest is planned all the same, so that the
 * faults of pipelines are found in the same run.
 */
export function planFleet(
  root: string,
  file: YamlFile,
  out: Diagnostics,
): FleetResources | undefined {
  checkShape(file, [], file.value, FLEET, out)
  if (!isMap(file.value)) return undefined
  const raw = file.value
  checkVariables(file, [], raw, out)
  const connections = planConnections(file, tableOf(raw['connections']), out)
  const schemas: Record<string, object> = {}
  const wrong = new Set<string>()
  const schema = (path: Path, name: unknown) => {
    if (typeof name !== 'string' || schemas[name] !== undefined || wrong.has(name)) return
    const found = readSchema(root, name, file.at(path), out)
    if (found === undefined) wrong.add(name)
    else schemas[name] = found
  }
  const on = (section: string, name: string, target: Raw, kind: ConnectionPlan['kind']) => {
    const path = [section, name, 'in']
    const connection = String(target['in'])
    if (
      !known(
        file,
        path,
        'connection',
        target['in'],
        Object.keys(tableOf(raw['connections'])),
        'SLU0301',
        out,
      )
    )
      return connection
    const actual = connections[connection]?.kind
    if (actual !== undefined && actual !== kind)
      out.error(
        'SLU0308',
        file.at(path),
        `connection "${connection}" is ${actual}, and ${section} need ${kind}`,
        didYouMean('', ofKind(connections, kind)),
      )
    return connection
  }
  const each = <T>(section: string, plan: (name: string, target: Raw) => T): Record<string, T> =>
    Object.fromEntries(
      Object.entries(tableOf(raw[section])).map(([name, target]) => [name, plan(name, target)]),
    )

  const topics = each('topics', (name, target): TopicPlan => {
    schema(['topics', name, 'schema'], target['schema'])
    const envelope = Object.entries(isMap(target['envelope']) ? target['envelope'] : {})
    return {
      name,
      connection: on('topics', name, target, 'kafka'),
      at: position(file, ['topics', name]),
      partitions: Number(target['partitions'] ?? 1),
      schema: target['schema'] as string | undefined,
      envelope: Object.fromEntries(
        envelope.map(([field, path]) => [field, String(path).split('.').slice(1)]),
      ),
      tombstones: (target['tombstones'] ?? 'invalid') as TopicPlan['tombstones'],
      deadLetters: target['deadLetters'] === true,
      maxBytes:
        target['maxBytes'] === undefined ? DEFAULT_MAX_BYTES : bytes(target['maxBytes'] as string),
    }
  })
  const queues = each('queues', (name, target): QueuePlan => {
    schema(['queues', name, 'schema'], target['schema'])
    return {
      name,
      connection: on('queues', name, target, 'rabbitmq'),
      at: position(file, ['queues', name]),
      type: (target['type'] ?? 'quorum') as QueuePlan['type'],
      schema: String(target['schema']),
    }
  })
  const caches = each('caches', (name, target): CachePlan => {
    schema(['caches', name, 'schema'], target['schema'])
    const ttlMs = milliseconds(String(target['ttl']))
    if (ttlMs === 0)
      out.error(
        'SLU0205',
        file.at(['caches', name, 'ttl']),
        '"ttl" is 0',
        'an entry must live for some time',
      )
    return {
      name,
      connection: on('caches', name, target, 'redis'),
      at: position(file, ['caches', name]),
      ttlMs,
      schema: String(target['schema']),
      whenDown: target['whenDown'] as CachePlan['whenDown'],
    }
  })
  return {
    fleet: textOf(raw['fleet'], ''),
    profile: textOf(raw['profile'], 'development'),
    prefix: textOf(raw['prefix'], ''),
    provision: raw['provision'] !== false,
    connectWithinMs: within(raw['connect'], '30s'),
    drainWithinMs: within(raw['drain'], '25s'),
    connections,
    topics,
    queues,
    caches,
    workers: each('workers', (_name, target) => ({
      pipelines: Array.isArray(target['pipelines']) ? (target['pipelines'] as string[]) : [],
      replicas: Number(target['replicas'] ?? 1),
    })),
    schemas,
  }
}

const isMap = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The entries that are maps; the grammar has spoken about the others. */
const tableOf = (value: unknown): Table =>
  isMap(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, Raw] => isMap(entry[1])),
      )
    : {}

/** A text as it is written; the grammar has spoken about anything else. */
export const textOf = (value: unknown, fallback: string): string =>
  typeof value === 'string' ? value : fallback

export function position(file: YamlFile, path: Path) {
  const { file: name, line, column } = file.key(path)
  return { file: name, line, column }
}

const within = (section: unknown, fallback: string) =>
  milliseconds((section as { within?: string } | undefined)?.within ?? fallback)

const ofKind = (connections: Record<string, ConnectionPlan>, kind: string) =>
  Object.values(connections)
    .filter((connection) => connection.kind === kind)
    .map(({ name }) => name)

function planConnections(
  file: YamlFile,
  table: Table,
  out: Diagnostics,
): Record<string, ConnectionPlan> {
  const plans: Record<string, ConnectionPlan> = {}
  for (const [name, body] of Object.entries(table)) {
    const path = ['connections', name]
    const [kind = ''] = Object.keys(body)
    const grammar = CONNECTIONS[kind]
    if (grammar === undefined) {
      out.error(
        'SLU0208',
        file.key([...path, kind]),
        `"${kind}" is no kind of connection`,
        didYouMean(kind, Object.keys(CONNECTIONS)),
      )
      continue
    }
    const raw = body[kind] as Raw
    if (typeof raw === 'object' && raw !== null && typeof raw['password'] === 'string') {
      out.error(
        'SLU0209',
        file.at([...path, kind, 'password']),
        'a secret is written out',
        'password: { secret: NAME_OF_VARIABLE }',
      )
      continue
    }
    if (!checkShape(file, [...path, kind], raw, grammar, out)) continue
    refuseCredentials(file, [...path, kind], raw, out)
    plans[name] = connectionPlan(file, [...path, kind], name, kind, raw)
  }
  return plans
}

function connectionPlan(
  file: YamlFile,
  path: Path,
  name: string,
  kind: string,
  raw: Raw,
): ConnectionPlan {
  const at = position(file, path.slice(0, -1))
  const string = (field: string, fallback: string) =>
    settingOf<string>(
      (raw[field] ?? fallback) as string,
      'string',
      position(file, [...path, field]),
    )
  const number = (field: string, fallback: number) =>
    settingOf<number>(
      (raw[field] ?? fallback) as number | string,
      'number',
      position(file, [...path, field]),
    )
  const password = raw['password'] as { secret: string; optional?: boolean } | undefined
  const secret: SecretRef | undefined =
    password === undefined
      ? undefined
      : { secret: password.secret, optional: password.optional === true }
  if (kind === 'kafka') return { kind, name, at, brokers: string('brokers', ''), client: 'kafkajs' }
  if (kind === 'rabbitmq')
    return {
      kind,
      name,
      at,
      host: string('host', 'localhost'),
      port: number('port', 5672),
      user: string('user', 'guest'),
      password: secret,
      vhost: string('vhost', '/'),
    }
  return {
    kind: 'redis',
    name,
    at,
    host: string('host', 'localhost'),
    port: number('port', 6379),
    password: secret,
  }
}

function refuseCredentials(file: YamlFile, path: Path, raw: Raw, out: Diagnostics): void {
  for (const [field, value] of Object.entries(raw))
    if (typeof value === 'string' && /:\/\/|[^/]+:[^/]+@/.test(value))
      out.error(
        'SLU0209',
        file.at([...path, field]),
        `"${field}" is a URL or holds credentials`,
        'host and port only; user and password have fields of their own',
      )
}

/** A `${` that is no variable; where variables may stand at all is for the grammar to say. */
function checkVariables(file: YamlFile, path: Path, value: unknown, out: Diagnostics): void {
  if (typeof value === 'string') {
    const problem = value.includes('${') ? variableProblem(value) : undefined
    if (problem !== undefined)
      out.error('SLU0210', file.at(path), 'a variable that cannot be read', problem)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value))
    checkVariables(file, [...path, Array.isArray(value) ? Number(key) : key], child, out)
}
