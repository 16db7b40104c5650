// Opens the connections that the chosen pipelines use, and no others; each is made once and shared.
import type { World } from '../core/clock.ts'
import type {
  CacheDriver,
  Driver,
  DriverContext,
  JobDriver,
  LogDriver,
  QueueDriver,
  StateDriver,
  StoreDriver,
} from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import { letterKind, lettersOfPipeline } from '../core/letter.ts'
import type { Logger } from '../core/log.ts'
import type {
  ConnectionPlan,
  FleetPlan,
  FromPlan,
  KafkaPlan,
  PipelinePlan,
  RabbitmqPlan,
  RedisPlan,
  TopicPlan,
} from '../core/plan.ts'
import type { RegistryDriver } from '../core/registry.ts'
import { sourcePlan } from '../core/source-plan.ts'
import { allSteps, usesState } from '../core/plan-walk.ts'
import { backoffMs } from './backoff.ts'
import { cachesOf } from './counts.ts'
import { isRegistered } from './formats/registered.ts'

/** How drivers are made; the composition root knows the real ones and the embedded ones. */
export interface DriverFactories {
  kafka(plan: KafkaPlan, context: DriverContext): LogDriver
  rabbitmq(plan: RabbitmqPlan, context: DriverContext): QueueDriver
  redis(plan: RedisPlan, context: DriverContext): CacheDriver
  state(plan: RedisPlan, context: DriverContext): StateDriver
  jobs(plan: RedisPlan, context: DriverContext): JobDriver
  store(plan: RedisPlan, context: DriverContext): StoreDriver
  /** Of the registry that the connection names. */
  registry(plan: KafkaPlan, context: DriverContext): RegistryDriver
}

/** A Redis has one client for each of its roles: that of its caches is called as the connection, that of the state `hot/state`, that of jobs `hot/jobs`, that of stores `hot/store`. */
export const stateUse = (connection: string): string => `${connection}/state`
export const storeUse = (connection: string): string => `${connection}/store`
export const jobsUse = (connection: string): string => `${connection}/jobs`
/** The schema registry beside a Kafka. */
export const registryUse = (connection: string): string => `${connection}/registry`
/** False: once it was there, what is known goes on without it. */
export const isNeededThroughout = (use: string): boolean => use !== registryUse(connectionOf(use))
export const connectionOf = (use: string): string => use.split('/', 1)[0] as string

export interface Connections {
  readonly log: (name: string) => LogDriver
  readonly queue: (name: string) => QueueDriver
  readonly cache: (name: string) => CacheDriver
  readonly jobs: (name: string) => JobDriver
  readonly state: (name: string) => StateDriver
  readonly store: (name: string) => StoreDriver
  readonly registry: (name: string) => RegistryDriver
  /** By their uses. */
  readonly all: ReadonlyMap<string, Driver>
}

interface Parts {
  readonly plan: FleetPlan
  readonly factories: DriverFactories
  readonly world: World
  readonly log: Logger
}

/** Makes the drivers; connects nothing. */
export function makeConnections(parts: Parts, uses: Iterable<string>): Connections {
  const logs = new Map<string, LogDriver>()
  const queues = new Map<string, QueueDriver>()
  const caches = new Map<string, CacheDriver>()
  const states = new Map<string, StateDriver>()
  const jobs = new Map<string, JobDriver>()
  const stores = new Map<string, StoreDriver>()
  const registries = new Map<string, RegistryDriver>()
  for (const use of uses) {
    const name = connectionOf(use)
    const connection = parts.plan.connections[name] as ConnectionPlan
    const context = contextOf(parts, connection)
    switch (connection.kind) {
      case 'kafka':
        if (use === registryUse(name))
          registries.set(use, parts.factories.registry(connection, context))
        else logs.set(name, parts.factories.kafka(connection, context))
        break
      case 'rabbitmq':
        queues.set(name, parts.factories.rabbitmq(connection, context))
        break
      case 'redis':
        if (use === stateUse(name)) states.set(use, parts.factories.state(connection, context))
        else if (use === jobsUse(name)) jobs.set(use, parts.factories.jobs(connection, context))
        else if (use === storeUse(name)) stores.set(use, parts.factories.store(connection, context))
        else caches.set(name, parts.factories.redis(connection, context))
        break
    }
  }
  return {
    log: (name) => logs.get(name) as LogDriver,
    queue: (name) => queues.get(name) as QueueDriver,
    cache: (name) => caches.get(name) as CacheDriver,
    state: (name) => states.get(stateUse(name)) as StateDriver,
    jobs: (name) => jobs.get(jobsUse(name)) as JobDriver,
    store: (name) => stores.get(storeUse(name)) as StoreDriver,
    registry: (name) => registries.get(registryUse(name)) as RegistryDriver,
    all: new Map<string, Driver>([
      ...logs,
      ...queues,
      ...caches,
      ...states,
      ...jobs,
      ...stores,
      ...registries,
    ]),
  }
}

export function contextOf(
  { plan, world, log }: Omit<Parts, 'factories'>,
  { name, at }: ConnectionPlan,
): DriverContext {
  return {
    world,
    log,
    origin: `connection ${name} (${at.file}:${at.line})`,
    clientId: `sluice-${plan.fleet}`,
  }
}

/** The use of the connection that a pipeline reads over. */
export function sourceUse(plan: FleetPlan, from: FromPlan): string {
  const connection = sourcePlan(plan, from)?.connection as string
  return from.kind === 'jobs' || from.kind === 'schedule' ? jobsUse(connection) : connection
}

/** What it takes to read and write a topic: its Kafka, and the registry that its schemas stand in. */
export const topicUses = (topic: Pick<TopicPlan, 'connection' | 'format'>): string[] =>
  isRegistered(topic) ? [topic.connection, registryUse(topic.connection)] : [topic.connection]

/** The uses of connections by a pipeline: those it cannot start without, and those it can do without for a while. */
export function connectionsOf(
  plan: FleetPlan,
  pipeline: PipelinePlan,
): { required: Set<string>; optional: Set<string> } {
  const required = new Set<string>()
  const optional = new Set<string>()
  const topic = (name: string) => {
    for (const use of topicUses(plan.topics[name] as TopicPlan)) required.add(use)
  }
  if (pipeline.from.kind === 'topic') topic(pipeline.from.topic)
  else required.add(sourceUse(plan, pipeline.from))
  for (const step of allSteps(pipeline)) {
    if (step.kind === 'event') topic(step.topic)
    if (step.kind === 'request') required.add(plan.queues[step.queue]?.connection as string)
    if (step.kind === 'command') {
      const { to } = step
      const target = 'queue' in to ? plan.queues[to.queue] : plan.exchanges[to.exchange]
      required.add(target?.connection as string)
    }
    if (step.kind === 'forget') required.add(plan.caches[step.cache]?.connection as string)
    if (step.kind === 'store') required.add(storeUse(plan.stores[step.store]?.connection as string))
    if (step.kind === 'job') required.add(jobsUse(plan.jobs[step.jobs]?.connection as string))
    for (const name of cachesOf(step)) {
      const cache = plan.caches[name]
      ;(cache?.whenDown === 'bypass' ? optional : required).add(cache?.connection as string)
    }
  }
  for (const name of lettersOfPipeline(pipeline)) {
    const kind = letterKind(plan, name)
    // Failed jobs stay where they are.
    if (kind === 'jobs') continue
    const table = kind === 'topic' ? plan.topics : plan.queues
    required.add(table[name]?.connection as string)
  }
  if (plan.state !== undefined && usesState(pipeline)) required.add(stateUse(plan.state.connection))
  for (const name of required) optional.delete(name)
  return { required, optional }
}

/** Tries until `withinMs` passed, then rejects with SLU1101 naming what was asked for and where; when `signal` aborts, with why the last try failed. */
export async function connectWithin(
  driver: Pick<Driver, 'connect'>,
  connection: ConnectionPlan,
  withinMs: number,
  world: World,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = world.clock.monotonic() + withinMs
  for (let times = 1; ; times++) {
    try {
      await driver.connect()
      return
    } catch (thrown) {
      if (!(thrown instanceof SluiceError) || !thrown.outage || signal?.aborted === true)
        throw thrown
      const left = deadline - world.clock.monotonic()
      const { file, line } = connection.at
      if (left <= 0)
        throw new SluiceError('SLU1101', {
          message: `connection ${connection.name} (${file}:${line}) was not up within ${withinMs / 1000} s: ${thrown.message}`,
          at: connection.at,
          cause: thrown,
        })
      const pause = backoffMs({ firstMs: 200, maxMs: 2_000, jitter: 'full' }, times, world.random)
      await world.clock.sleep(Math.min(pause, left), signal)
    }
  }
}
