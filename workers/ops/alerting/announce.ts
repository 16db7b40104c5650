// Says one alert: makes the command, under a trace of its own, and resolves when its broker confirmed it. Never says half of it.
import { exchangeAt, queueAt } from '../../core/address.ts'
import type { Alert } from '../../core/alert.ts'
import type { Check } from '../../core/check.ts'
import type { World } from '../../core/clock.ts'
import type { QueueDriver, Sink } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { AlertingPlan, ExchangePlan, FleetPlan, QueuePlan } from '../../core/plan.ts'
import type { Tracer } from '../../core/telemetry.ts'
import { encodeBody, traceHeaders } from '../../steps/body.ts'
import { evaluate } from '../../steps/context.ts'
import { boundedId } from '../../steps/effect-id.ts'

/** As `emitAlerting` of the compiler writes it. */
export interface AlertingModule {
  readonly key: ((alert: Alert) => unknown) | undefined
  readonly body: (alert: Alert) => unknown
}

export interface Destination {
  readonly name: string
  readonly connection: string
  readonly schema: string | undefined
  readonly sink: (driver: QueueDriver) => Sink
}

export function destinationOf(
  plan: FleetPlan,
  prefix: string,
  { command }: AlertingPlan,
): Destination {
  const { to } = command
  if ('queue' in to) {
    const queue = queueAt(prefix, plan.queues[to.queue] as QueuePlan)
    const { connection, schema } = queue
    return { name: to.queue, connection, schema, sink: (driver) => driver.sink(queue) }
  }
  const exchange = exchangeAt(prefix, plan.exchanges[to.exchange] as ExchangePlan)
  const { connection, schema } = exchange
  return { name: to.exchange, connection, schema, sink: (driver) => driver.exchange(exchange) }
}

export interface AnnounceParts {
  readonly plan: AlertingPlan
  readonly fleet: string
  readonly name: string
  readonly module: AlertingModule
  readonly check: Check
  readonly driver: Pick<QueueDriver, 'isUp'>
  readonly sink: Sink
  /** Before the first one; again until it resolves. */
  readonly prepare: () => Promise<void>
  readonly tracer: Tracer
  readonly world: World
}

/** Rejects with a SluiceError: an outage, or a body that does not fit. The same alert is the same message. */
export function createAnnounce(parts: AnnounceParts): (alert: Alert) => Promise<void> {
  const { plan, fleet, name, module, check, driver, sink, prepare, tracer, world } = parts
  const { command } = plan
  let isPrepared = false
  return async (alert) => {
    const { body, key } = command
    const made = evaluate(body, () => module.body(alert))
    const value = encodeBody(made, `the body for ${name}`, check, body.at)
    const routingKey =
      key === undefined ? undefined : String(evaluate(key, () => module.key?.(alert)))
    if (!driver.isUp()) throw new SluiceError('SLU1210', { message: `${name} is away` })
    if (!isPrepared) await prepare()
    isPrepared = true
    const id = boundedId(alert.id)
    const span = tracer.send(
      { destination: name, system: 'rabbitmq', messageId: id, bytes: value.length },
      {},
    )
    try {
      await sink.send({
        id,
        type: name,
        source: `/${fleet}`,
        key: null,
        ...(routingKey === undefined ? {} : { routingKey }),
        value,
        headers: traceHeaders(span.context),
        timestamp: world.clock.now(),
        contentType: 'application/json',
      })
    } catch (error) {
      if (error instanceof SluiceError) span.fail(error)
      throw error
    } finally {
      span.end()
    }
  }
}
