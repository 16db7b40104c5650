// Puts together what sends: where a step's messages go, over which driver, and what they must fit.
import { exchangeAt, jobsAt, queueAt, storeAt, topicAt } from '../core/address.ts'
import type { CommandStepPlan, FleetPlan, PipelinePlan } from '../core/plan.ts'
import type { SendStepPlan } from '../core/plan-walk.ts'
import { createSend } from '../steps/send.ts'
import { storeSink } from '../steps/store-sink.ts'
import type { AssemblyParts } from './assemble.ts'
import { guardedStep } from './breaker-guarded.ts'
import type { StepParts } from './message-run.ts'

export function sendParts(
  parts: AssemblyParts,
  pipeline: PipelinePlan,
  step: SendStepPlan,
): StepParts {
  const target = targetOf(parts, pipeline, step)
  return {
    plan: step,
    driver: target.driver,
    send: guardedStep(
      parts.breakers.ofConnection(target.connection),
      createSend({
        plan: step,
        pipeline: pipeline.name,
        source: `/${parts.plan.fleet}/${pipeline.name}`,
        destination: target.name,
        system: target.system,
        sink: target.sink,
        encode: 'encode' in target ? target.encode : undefined,
        check: target.schema === undefined ? () => undefined : parts.checkOf(target.schema),
        tracer: parts.tracer,
        world: parts.world,
        sent: parts.counts.sent,
      }),
    ),
  }
}

function targetOf(parts: AssemblyParts, pipeline: PipelinePlan, step: SendStepPlan) {
  switch (step.kind) {
    case 'command':
      return commandTarget(parts, step.to)
    case 'event':
      return topicTarget(parts, step.topic)
    case 'job':
      return jobsTarget(parts, step.jobs)
    case 'store':
      return storeTarget(parts, pipeline, step.store)
  }
}

function commandTarget(parts: AssemblyParts, to: CommandStepPlan['to']) {
  if ('queue' in to) return queueTarget(parts, to.queue)
  const { plan, prefix, connections } = parts
  const exchange = exchangeAt(prefix, plan.exchanges[to.exchange] as FleetPlan['exchanges'][string])
  const { connection, schema } = exchange
  const driver = connections.queue(connection)
  const sink = driver.exchange(exchange)
  return { name: to.exchange, connection, schema, driver, sink, system: RABBITMQ }
}

const RABBITMQ = 'rabbitmq' as const

export function queueTarget({ plan, prefix, connections }: AssemblyParts, name: string) {
  const queue = queueAt(prefix, plan.queues[name] as FleetPlan['queues'][string])
  const { connection, schema } = queue
  const driver = connections.queue(connection)
  return { name, connection, schema, driver, sink: driver.sink(queue), system: RABBITMQ }
}

export function topicTarget({ plan, prefix, connections, formats }: AssemblyParts, name: string) {
  const topic = topicAt(prefix, plan.topics[name] as FleetPlan['topics'][string])
  const { connection, schema } = topic
  const driver = connections.log(connection)
  const { encode } = formats(name) ?? {}
  return {
    name,
    connection,
    schema,
    driver,
    sink: driver.sink(topic),
    encode,
    system: 'kafka' as const,
  }
}

function jobsTarget({ plan, prefix, connections }: AssemblyParts, name: string) {
  const jobs = jobsAt(prefix, plan.jobs[name] as FleetPlan['jobs'][string])
  const driver = connections.jobs(jobs.connection)
  const { connection, schema } = jobs
  const system = 'bullmq' as const
  return { name, connection, schema, driver, sink: driver.sink(jobs), system }
}

/** With `once` a repeat of the effect writes nothing, for as long as repeats are known. */
function storeTarget(
  { plan, prefix, connections }: AssemblyParts,
  { once }: PipelinePlan,
  name: string,
) {
  const store = storeAt(prefix, plan.fleet, plan.stores[name] as FleetPlan['stores'][string])
  const driver = connections.store(store.connection)
  const sink = storeSink(driver, store, once?.windowMs ?? 0)
  const { connection, schema } = store
  return { name, connection, schema, driver, sink, system: 'redis' as const }
}
