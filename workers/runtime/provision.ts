// Creates what is missing on the brokers, and changes nothing that exists.
import { exchangeAt, queueAt, topicAt } from '../core/address.ts'
import type { FleetPlan } from '../core/plan.ts'
import type { Connections } from './connections.ts'

export interface ProvisionParts {
  readonly plan: FleetPlan
  readonly prefix: string
  readonly connections: Connections
  /** Names of topics, queues and exchanges in fleet.yaml; what is bound to them comes along. */
  readonly names: ReadonlySet<string>
}

/** Addresses of what was created on one connection. */
export async function provision(parts: ProvisionParts, connection: string): Promise<string[]> {
  const { plan, prefix, connections } = parts
  const here = <T extends { readonly connection: string }>(targets: readonly T[]) =>
    targets.filter((target) => target.connection === connection)
  const { topics, exchanges, queues } = needed(parts)
  switch (plan.connections[connection]?.kind) {
    case 'kafka':
      return connections
        .log(connection)
        .ensureTopics(here(topics).map((topic) => topicAt(prefix, topic)))
    case 'rabbitmq': {
      const driver = connections.queue(connection)
      const made = await driver.ensureExchanges(
        here(exchanges).map((exchange) => exchangeAt(prefix, exchange)),
      )
      const queued = await driver.ensureQueues(here(queues).map((queue) => queueAt(prefix, queue)))
      return [...made, ...queued]
    }
    default:
      return []
  }
}

function needed({ plan, names }: ProvisionParts) {
  const named = <T extends { readonly name: string }>(table: Readonly<Record<string, T>>) =>
    Object.values(table).filter(({ name }) => names.has(name))
  // What goes to an exchange arrives in the queues that are bound to it.
  const queues = Object.values(plan.queues).filter(
    ({ name, bindings }) => names.has(name) || bindings.some(({ exchange }) => names.has(exchange)),
  )
  const bound = new Set(queues.flatMap(({ bindings }) => bindings.map(({ exchange }) => exchange)))
  const exchanges = Object.values(plan.exchanges).filter(
    ({ name }) => names.has(name) || bound.has(name),
  )
  return { topics: named(plan.topics), exchanges, queues }
}
