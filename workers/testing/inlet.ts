// The way into what a pipeline reads: where its messages are put by whoever plays its surroundings.
import { firingsAt, jobsAt, queueAt, topicAt } from '../core/address.ts'
import type { Driver, Sink } from '../core/contract.ts'
import type { FleetPlan, FromPlan, JobsPlan, QueuePlan, TopicPlan } from '../core/plan.ts'
import type { Connections } from '../runtime/connections.ts'

export interface Inlet {
  readonly driver: Driver
  readonly sink: Sink
  /** Creates the source if it is missing. */
  ensure(): Promise<void>
}

export function inletOf(
  plan: Pick<FleetPlan, 'fleet' | 'topics' | 'queues' | 'jobs'>,
  prefix: string,
  from: FromPlan,
  connections: Pick<Connections, 'log' | 'queue' | 'jobs'>,
): Inlet {
  switch (from.kind) {
    case 'topic': {
      const topic = topicAt(prefix, plan.topics[from.topic] as TopicPlan)
      const driver = connections.log(topic.connection)
      const ensure = async () => void (await driver.ensureTopics([topic]))
      return { driver, sink: driver.sink(topic), ensure }
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
