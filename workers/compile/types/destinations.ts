// Says where the message of a step goes and which schema holds there.
import type {
  CommandStepPlan,
  EventStepPlan,
  JobStepPlan,
  RequestStepPlan,
  StoreStepPlan,
} from '../../core/plan.ts'
import type { Fleet } from '../fleet-plan.ts'

export interface Destination {
  readonly kind: 'topic' | 'queue' | 'exchange' | 'jobs' | 'store'
  readonly name: string
  /** Undefined for a destination that is not declared, or not as it should be. */
  readonly schema: string | undefined
}

export function destinationOf(
  step: CommandStepPlan | EventStepPlan | JobStepPlan | RequestStepPlan | StoreStepPlan,
  fleet: Fleet,
): Destination {
  if (step.kind === 'job')
    return { kind: 'jobs', name: step.jobs, schema: schemaOf(fleet.jobs, step.jobs) }
  if (step.kind === 'store')
    return { kind: 'store', name: step.store, schema: schemaOf(fleet.stores, step.store) }
  if (step.kind === 'request')
    return { kind: 'queue', name: step.queue, schema: schemaOf(fleet.queues, step.queue) }
  if (step.kind === 'event')
    return { kind: 'topic', name: step.topic, schema: schemaOf(fleet.topics, step.topic) }
  const { to } = step
  return 'queue' in to
    ? { kind: 'queue', name: to.queue, schema: schemaOf(fleet.queues, to.queue) }
    : { kind: 'exchange', name: to.exchange, schema: schemaOf(fleet.exchanges, to.exchange) }
}

/** Names of users may be those of properties that every object has. */
export function schemaOf(
  all: Readonly<Record<string, { readonly schema: string | undefined }>>,
  name: string,
): string | undefined {
  const schema = Object.hasOwn(all, name) ? all[name]?.schema : undefined
  return typeof schema === 'string' ? schema : undefined
}
