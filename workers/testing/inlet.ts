// The way into what a pipeline reads: where its messages are put by whoever plays its surroundings.
import { firingsAt, jobsAt, queueAt, topicAt } from '../core/address.ts'
import type { World } from '../core/clock.ts'
import type { Driver, Sink } from '../core/contract.ts'
import type { FleetPlan, FromPlan, JobsPlan, QueuePlan, TopicPlan } from '../core/plan.ts'
import { sourceUse, topicUses, type Connections } from '../runtime/connections.ts'
import { createFormats } from '../runtime/formats/formats.ts'
import { encodingSink } from '../runtime/formats/topic-format.ts'

export interface Inlet {
  readonly driver: Driver
  readonly sink: Sink
  /** Creates the source if it is missing. */
  ensure(): Promise<void>
}

/** The uses of connections that it takes. */
export const inletUses = (plan: FleetPlan, from: FromPlan): string[] =>
  from.kind === 'topic' ? topicUses(plan.topics[from.topic] as TopicPlan) : [sourceUse(plan, from)]

export function inletOf(
  plan: Pick<FleetPlan, 'fleet' | 'topics' | 'queues' | 'jobs' | 'schemas' | 'avro'>,
  prefix: string,
  from: FromPlan,
  connections: Pick<Connections, 'log' | 'queue' | 'jobs' | 'registry'>,
  { clock }: World,
): Inlet {
  switch (from.kind) {
    case 'topic': {
      const topic = topicAt(prefix, plan.topics[from.topic] as TopicPlan)
      const driver = connections.log(topic.connection)
      const registryOf = connections.registry
      const format = createFormats({ plan, prefix, registryOf, clock })(from.topic)
      const ensure = async () => {
        await driver.ensureTopics([topic])
        await format?.prepare(true)
      }
      return { driver, sink: encodingSink(driver.sink(topic), format), ensure }
    }
    case 'queue': {
      const { bindings: _, ...alone } = plan.queues[from.queue] as QueuePlan
      // What it is bound to is the pipeline's own to create.
      const queue = queueAt(prefix, { ...alone, bindings: [] })
      const driver = connections.queue(queue.connection)
      const ensure = async () => void (await driver.ensureQueues([queue]))
      return { driver, sink: driver.sink(queue), ensure }
    }
    case 'jobs': {
      const jobs = jobsAt(prefix, plan.jobs[from.jobs] as JobsPlan)
      const driver = connections.jobs(jobs.connection)
      // It is there as soon as somebody adds a job.
      return { driver, sink: driver.sink(jobs), ensure: () => Promise.resolve() }
    }
    case 'schedule': {
      const driver = connections.jobs(from.connection)
      const sink = driver.sink(firingsAt(prefix, plan.fleet, from))
      return { driver, sink, ensure: () => Promise.resolve() }
    }
  }
}
