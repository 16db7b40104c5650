// Examines each connection of a fleet step by step, as one would by hand: settings, DNS, TCP, TLS, login, permissions, topology, then what the broker says of itself.
import { SluiceError } from '../../core/errors.ts'
import type { RabbitmqFacts } from '../../core/facts.ts'
import type { ConnectionPlan } from '../../core/plan.ts'
import type { AdminFactories } from '../brokers.ts'
import { contextOf } from '../../runtime/connections.ts'
import {
  fine,
  worst,
  wrong,
  type Component,
  type HealthCheck,
  type Status,
} from '../health/health.ts'
import type { MonitorParts } from '../health/monitor.ts'
import { healthOf, makeProbe } from '../health/probe.ts'
import { wantedQueues } from '../health/wanted.ts'
import { clusterCheck, clustered, listens, login, quoted, stuck } from './next.ts'
import { permissionsCheck } from './permissions.ts'
import { addressesOf, connectTo, reasonOf, type Endpoint } from './reach.ts'
import { topologyChecks } from './topology.ts'

/** Where a connection leads, once its variables are in place. */
export interface Whereabouts {
  readonly endpoints: readonly Endpoint[]
  /** Of RabbitMQ. */
  readonly user: string
  readonly vhost: string
}

export interface DoctorParts extends Omit<MonitorParts, 'state' | 'profile'> {
  readonly admins: AdminFactories
  /** Throws SLU1102 or SLU1103. */
  readonly whereabouts: (connection: ConnectionPlan) => Whereabouts
}

export interface Examined {
  readonly connection: string
  readonly kind: Component
  readonly status: Status
  readonly where: string
  readonly target: string
  readonly version: string | null
  /** False: nothing was learnt from the broker itself. */
  readonly answered: boolean
  /** In the order in which they were looked at. */
  readonly findings: readonly HealthCheck[]
}

export interface Diagnosis {
  readonly version: 1
  readonly status: Status
  readonly fleet: string
  readonly connections: readonly Examined[]
}

/** Never rejects. */
export async function examineFleet(parts: DoctorParts): Promise<Diagnosis> {
  const { plan } = parts
  const connections = await Promise.all(
    Object.values(plan.connections).map((connection) => examine(parts, connection)),
  )
  return { version: 1, status: worst(connections), fleet: plan.fleet, connections }
}

async function examine(parts: DoctorParts, connection: ConnectionPlan): Promise<Examined> {
  const { name, kind, at } = connection
  const findings: HealthCheck[] = []
  const told = { target: '', version: null as string | null, answered: false }
  const done = (): Examined => ({
    connection: name,
    kind,
    status: worst(findings),
    where: `${at.file}:${at.line}`,
    ...told,
    findings,
  })
  let whereabouts: Whereabouts
  try {
    whereabouts = parts.whereabouts(connection)
  } catch (thrown) {
    findings.push(settingsProblem(thrown))
    return done()
  }
  const { endpoints } = whereabouts
  told.target = endpoints.map(({ host, port }) => `${host}:${port}`).join(', ')
  const reached = await Promise.all(
    endpoints.map(async (endpoint) => ({ endpoint, found: await reach(parts, kind, endpoint) })),
  )
  const first = reached.find(({ found }) => worst(found) === 'pass')?.endpoint
  const found = reached.flatMap((one) => one.found)
  // A client needs one address of a cluster to find the others.
  findings.push(...(first === undefined ? found : found.map(softened)))
  if (first === undefined) return done()
  findings.push(fine('TLS', 'not used: the connection is in plain text'))
  const { factories, prefix, plan } = parts
  const context = contextOf(parts, connection)
  const probe = makeProbe({ plan, prefix, factories, context }, connection)
  try {
    const health = await healthOf(probe)
    if (health.facts === null) {
      findings.push(...health.checks.map((check) => silence(check, kind, first, whereabouts)))
      return done()
    }
    told.answered = true
    told.version = health.version
    findings.push(fine('login', loginOf(connection, whereabouts)))
    findings.push(...permissions(parts, connection, whereabouts, health.facts))
    if (kind !== 'redis') findings.push(...(await topologyChecks(inspect(parts), name)))
    findings.push(...health.checks.map((check) => asked(check, first)))
    return done()
  } finally {
    await probe.close()
  }
}

const softened = (check: HealthCheck): HealthCheck =>
  check.status === 'fail' ? { ...check, status: 'warn' } : check

function settingsProblem(thrown: unknown): HealthCheck {
  const { code, message } =
    thrown instanceof SluiceError ? thrown : new SluiceError('SLU9001', { cause: thrown })
  return { ...wrong('settings', 'fail', code, message), next: 'npx sluice explain --config' }
}

async function reach(
  { plan, world: { clock } }: DoctorParts,
  kind: Component,
  endpoint: Endpoint,
): Promise<HealthCheck[]> {
  const { withinMs } = plan.health
  const { host, port } = endpoint
  let known: HealthCheck
  try {
    const addresses = await addressesOf(host, withinMs, clock)
    known = fine('DNS', `${host} is ${addresses.slice(0, 3).join(', ')}`)
  } catch (thrown) {
    const detail = `${host} has no address: ${reasonOf(thrown)}`
    return [{ ...wrong('DNS', 'fail', 'SLU1182', detail), next: `getent hosts ${quoted(host)}` }]
  }
  try {
    const ms = await connectTo(endpoint, withinMs, clock)
    return [known, fine('TCP', `${host}:${port} takes connections, ${Math.ceil(ms)} ms`)]
  } catch (thrown) {
    const detail = `${host}:${port}: ${reasonOf(thrown)}`
    return [known, { ...wrong('TCP', 'fail', 'SLU1185', detail), next: listens(kind, endpoint) }]
  }
}

/** It takes connections, and no question got an answer: it is stuck, or it does not know us. */
function silence(
  check: HealthCheck,
  kind: Component,
  endpoint: Endpoint,
  { user }: Whereabouts,
): HealthCheck {
  switch (check.code) {
    case 'SLU5404':
    case 'SLU5305':
      return { ...check, name: 'login', next: login(kind, endpoint, user) }
    case 'SLU5422':
    case 'SLU5423':
      return { ...check, name: 'cluster', next: clustered(endpoint) }
    default:
      return { ...check, next: stuck(kind, endpoint) }
  }
}

/** Of a cluster: with an address that can be asked. */
const asked = (check: HealthCheck, endpoint: Endpoint): HealthCheck =>
  check.code === 'SLU1206' || check.code === 'SLU1207'
    ? { ...check, next: clusterCheck(endpoint) }
    : check

function loginOf(connection: ConnectionPlan, { user, vhost }: Whereabouts): string {
  if (connection.kind === 'rabbitmq') return `user ${user} on virtual host ${vhost}`
  return connection.kind === 'redis' && connection.password !== undefined
    ? 'as the connection says'
    : 'none is asked for'
}

function permissions(
  { plan, prefix }: DoctorParts,
  connection: ConnectionPlan,
  whereabouts: Whereabouts,
  facts: object,
): HealthCheck[] {
  if (connection.kind !== 'rabbitmq' || !('permissions' in facts))
    return [fine('permissions', 'what was asked was answered')]
  const { queues, exchanges } = wantedQueues(plan, prefix, connection.name)
  const addresses = [...queues.map(({ address }) => address), ...exchanges]
  const { permissions: known } = facts as Pick<RabbitmqFacts, 'permissions'>
  return [permissionsCheck(known, addresses, whereabouts)]
}

const inspect = ({ plan, prefix, admins, world, log }: DoctorParts) => ({
  plan,
  prefix,
  factories: admins,
  world,
  log,
})
