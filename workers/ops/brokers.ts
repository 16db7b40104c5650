// Looks at the brokers of a fleet and makes the plan of what would have to change; changes nothing.
import { exchangeAt, firingsAt, firingsBelow, queueAt, topicAt } from '../core/address.ts'
import type { FoundSubject, QueueAdmin, ScheduleAdmin, TopicAdmin } from '../core/admin.ts'
import type { World } from '../core/clock.ts'
import type { DriverContext } from '../core/contract.ts'
import type { Logger } from '../core/log.ts'
import type {
  ConnectionPlan,
  FleetPlan,
  KafkaPlan,
  RabbitmqPlan,
  RedisPlan,
  TopicPlan,
} from '../core/plan.ts'
import type { RegistryDriver, Subject } from '../core/registry.ts'
import { connectionOf, connectWithin, contextOf, registryUse } from '../runtime/connections.ts'
import { subjectsOf } from '../runtime/formats/formats.ts'
import { registersSchema } from '../runtime/formats/registered.ts'
import {
  whereOf,
  type Drift,
  type Flag,
  type Place,
  type Plan,
  type PlannedChange,
} from './changes.ts'
import { diffQueues } from './queue-diff.ts'
import { diffSchedules } from './schedule-diff.ts'
import { diffSchemas } from './schema-diff.ts'
import { diffTopics } from './topic-diff.ts'

/** How brokers are looked at and changed; the composition root knows. */
export interface AdminFactories {
  kafka(plan: KafkaPlan, context: DriverContext): TopicAdmin
  rabbitmq(plan: RabbitmqPlan, context: DriverContext): QueueAdmin
  schedules(plan: RedisPlan, context: DriverContext): ScheduleAdmin
  registry(plan: KafkaPlan, context: DriverContext): RegistryDriver
}

export interface InspectParts {
  readonly plan: FleetPlan
  readonly prefix: string
  readonly factories: AdminFactories
  readonly world: World
  readonly log: Logger
}

interface Section {
  readonly place: Place
  readonly changes: readonly PlannedChange[]
  readonly drift: readonly Drift[]
}

/** Connections to the brokers of a fleet for as long as a command runs. */
export class Brokers {
  private readonly parts: InspectParts
  private readonly topics = new Map<string, TopicAdmin>()
  private readonly queues = new Map<string, QueueAdmin>()
  private readonly schedules = new Map<string, ScheduleAdmin>()
  private readonly registries = new Map<string, RegistryDriver>()

  constructor(parts: InspectParts) {
    this.parts = parts
    const { plan, factories } = parts
    for (const name of used(plan)) {
      const connection = plan.connections[name] as ConnectionPlan
      const context = contextOf(parts, connection)
      if (connection.kind === 'kafka') {
        this.topics.set(name, factories.kafka(connection, context))
        if (this.schemasOn(name).length > 0)
          this.registries.set(name, factories.registry(connection, context))
      }
      if (connection.kind === 'rabbitmq')
        this.queues.set(name, factories.rabbitmq(connection, context))
      if (connection.kind === 'redis')
        this.schedules.set(name, factories.schedules(connection, context))
    }
  }

  async connect(): Promise<void> {
    const { plan, world } = this.parts
    for (const [name, admin] of this.all)
      await connectWithin(
        admin,
        plan.connections[name] as ConnectionPlan,
        plan.connectWithinMs,
        world,
      )
  }

  async plan(allow: readonly Flag[]): Promise<Plan> {
    const { plan, prefix } = this.parts
    const allowed = new Set(allow)
    const sections: Section[] = []
    for (const [name, admin] of this.queues)
      sections.push(await this.ofQueues(name, admin, allowed))
    for (const [name, admin] of this.topics)
      sections.push(await this.ofTopics(name, admin, allowed))
    for (const [name, registry] of this.registries)
      sections.push(await this.ofSchemas(name, registry))
    for (const [name, admin] of this.schedules)
      sections.push(await this.ofSchedules(name, admin, allowed))
    const { topics, exchanges, queues } = plan
    const bindings = Object.values(queues).flatMap((queue) => queue.bindings)
    return {
      fleet: plan.fleet,
      prefix,
      allow: [...allowed].toSorted(),
      places: sections.map(({ place }) => place),
      changes: sections.flatMap(({ changes }) => changes),
      drift: sections.flatMap(({ drift }) => drift),
      declared: [topics, exchanges, queues, bindings].flatMap((table) => Object.values(table))
        .length,
    }
  }

  async carryOut({ connection, action }: PlannedChange): Promise<void> {
    if (action === undefined) return
    switch (action.do) {
      case 'create-topic':
      case 'set':
      case 'add-partitions':
        return this.topics.get(connection)?.carryOut(action)
      case 'register-schema':
        await this.registries.get(connectionOf(connection))?.register(action.subject)
        return
      case 'remove-schedule':
        return this.schedules.get(connection)?.carryOut(action)
      default:
        return this.queues.get(connection)?.carryOut(action)
    }
  }

  /** Never rejects. */
  async close(): Promise<void> {
    await Promise.allSettled(this.all.map(([, admin]) => admin.close()))
  }

  private get all() {
    return [...this.topics, ...this.queues, ...this.schedules, ...this.registries] as const
  }

  /** Topics whose schemas stand in the registry of that connection. */
  private schemasOn(name: string): (readonly [TopicPlan, Subject])[] {
    const { plan, prefix } = this.parts
    return [...subjectsOf(plan, prefix)].flatMap(([topic, subject]) => {
      const declared = plan.topics[topic]
      return declared?.connection === name ? [[declared, subject] as const] : []
    })
  }

  private async ofSchemas(name: string, registry: RegistryDriver): Promise<Section> {
    const declared = await Promise.all(
      this.schemasOn(name).map(async ([topic, subject]) => ({
        topic,
        subject,
        found: await foundSubject(registry, subject, registersSchema(this.parts.plan, topic.name)),
      })),
    )
    const use = registryUse(name)
    const { where } = this.place(name, '', true)
    const place = { connection: use, target: registry.target, where, compared: true }
    return { place, changes: diffSchemas(use, declared), drift: [] }
  }

  private async ofTopics(
    name: string,
    admin: TopicAdmin,
    allow: ReadonlySet<Flag>,
  ): Promise<Section> {
    const { plan, prefix } = this.parts
    const declared = Object.values(plan.topics)
      .filter(({ connection }) => connection === name)
      .map((topic) => topicAt(prefix, topic))
    const found = await admin.look(declared, prefix)
    const place = this.place(name, admin.target, true)
    return { place, ...diffTopics(name, declared, found, allow) }
  }

  private async ofQueues(
    name: string,
    admin: QueueAdmin,
    allow: ReadonlySet<Flag>,
  ): Promise<Section> {
    const { plan, prefix } = this.parts
    const here = ({ connection }: { connection: string }) => connection === name
    const exchanges = Object.values(plan.exchanges)
      .filter(here)
      .map((exchange) => exchangeAt(prefix, exchange))
    const queues = Object.values(plan.queues)
      .filter(here)
      .map((queue) => queueAt(prefix, queue))
    const found = await admin.look({ exchanges, queues }, prefix)
    const place = this.place(name, admin.target, found.compared)
    return { place, ...diffQueues({ connection: name, exchanges, queues }, found, allow) }
  }

  private async ofSchedules(
    name: string,
    admin: ScheduleAdmin,
    allow: ReadonlySet<Flag>,
  ): Promise<Section> {
    const { plan, prefix } = this.parts
    const declared = schedulesOf(plan)
      .filter(({ connection }) => connection === name)
      .map((from) => firingsAt(prefix, plan.fleet, from).address)
    const place = this.place(name, admin.target, true)
    const { where } = place
    const found = await admin.look(firingsBelow(prefix, plan.fleet))
    const addresses = new Set(declared)
    return {
      place,
      changes: diffSchedules({ connection: name, where, addresses }, found, allow),
      drift: [],
    }
  }

  private place(connection: string, target: string, compared: boolean): Place {
    const { at } = this.parts.plan.connections[connection] as ConnectionPlan
    return { connection, target, compared, where: whereOf(at) }
  }
}

/** `ours`: not, and it has versions: then those are whoever registers them to say. */
async function foundSubject(
  registry: RegistryDriver,
  subject: Subject,
  ours: boolean,
): Promise<FoundSubject> {
  const versions = await registry.versions(subject.subject)
  const registered = versions.length > 0 && (!ours || (await registry.idOf(subject)) !== undefined)
  const objections = registered || versions.length === 0 ? [] : await registry.objections(subject)
  return { versions, registered, objections }
}

/** A Redis that holds nothing but what may be forgotten is not looked at. */
function used(plan: FleetPlan): Set<string> {
  const { topics, exchanges, queues, jobs, state } = plan
  const all = [topics, exchanges, queues, jobs].flatMap((table) => Object.values(table))
  const kept = [...all, ...schedulesOf(plan), ...(state === undefined ? [] : [state])]
  return new Set(kept.map(({ connection }) => connection))
}

const schedulesOf = ({ pipelines }: FleetPlan) =>
  Object.values(pipelines).flatMap(({ from }) => (from.kind === 'schedule' ? [from] : []))
