// Looks at a RabbitMQ: over AMQP at what the fleet declares, over the management API at the rest; without the latter it says less, and fails for nothing.
import type { ChannelModel } from 'amqplib'
import type { DriverContext } from '../../core/contract.ts'
import type { RabbitmqFacts, RabbitmqInspector, WantedQueues } from '../../core/facts.ts'
import { SluiceError } from '../../core/errors.ts'
import { Inspection } from '../../core/inspection.ts'
import type { RabbitmqAdminConfig } from './admin.ts'
import { onChannel, openConnection } from './connect.ts'
import { codeOf, connectError, nameOf, type Place } from './errors.ts'
import { createManagement } from './management.ts'
import { brokerFacts, type BrokerFacts } from './management-facts.ts'

/** The broker itself answers faster; without this API a part of the answer is better than none. */
const MANAGEMENT_SHARE = 0.6

interface Connection {
  readonly model: ChannelModel
  readonly cut: () => void
}

export function createRabbitmqInspector(
  config: RabbitmqAdminConfig,
  context: DriverContext,
): RabbitmqInspector {
  const place: Place = { settings: config, origin: context.origin }
  const { clock } = context.world
  const { managementPort: port } = config
  const management =
    port === undefined
      ? undefined
      : createManagement({ settings: config, port, origin: context.origin, clock })
  const target = `${nameOf(place)}, virtual host ${config.vhost}`
  const inspection = new Inspection<Connection>({
    clock,
    target,
    origin: context.origin,
    open: (signal) =>
      openConnection(place, context, signal, (model, cut) => {
        // Whatever is under way is told.
        model.on('error', () => {})
        return Promise.resolve({ model, cut })
      }),
    async shut({ model, cut }) {
      model.close().catch(() => {})
      await clock.sleep(0)
      cut()
    },
  })

  async function look(
    { model }: Connection,
    wanted: WantedQueues,
    withinMs: number,
  ): Promise<RabbitmqFacts> {
    const asked = clock.monotonic()
    await onChannel(model, () => Promise.resolve())
    const latencyMs = clock.monotonic() - asked
    const [queues, there, broker] = await Promise.all([
      Promise.all(wanted.queues.map((queue) => queueOf(model, queue))),
      Promise.all(wanted.exchanges.map((address) => exchangeIsThere(model, address))),
      managed(wanted, withinMs * MANAGEMENT_SHARE),
    ])
    const { queues: counted, ...facts } = broker
    const { version, cluster } = greeting(model)
    return {
      version,
      latencyMs,
      cluster: { name: cluster, nodes: facts.nodes },
      connections: facts.connections,
      queues: queues.map((queue) => ({ ...queue, ...counted?.get(queue.address) })),
      missingExchanges: wanted.exchanges.filter((_, nth) => there[nth] === false),
      permissions: facts.permissions,
      ...(facts.unasked === undefined ? {} : { unasked: facts.unasked }),
    }
  }

  /** What the management API says; it may be off, away, stuck, or closed to this user, and the broker is fine. */
  async function managed({ queues }: WantedQueues, withinMs: number): Promise<BrokerFacts> {
    const nothing = { nodes: null, connections: null, permissions: null, queues: null }
    if (management === undefined) return nothing
    const addresses = queues.map(({ address }) => address)
    const over = new AbortController()
    try {
      return await Promise.race([
        brokerFacts(management, config, addresses),
        clock.sleep(withinMs, over.signal).then(() => {
          const message = `RabbitMQ's management API at port ${port} did not answer within ${withinMs} ms`
          throw new SluiceError('SLU1140', { message })
        }),
      ])
    } catch (thrown) {
      if (!(thrown instanceof SluiceError)) throw thrown
      const { code, message, fix } = thrown
      return { ...nothing, unasked: { code, message, fix } }
    } finally {
      over.abort()
    }
  }

  return {
    target,
    driver: 'rabbitmq',
    look: (wanted, withinMs) =>
      inspection.ask(withinMs, async (connection) => {
        try {
          return await look(connection, wanted, withinMs)
        } catch (thrown) {
          throw thrown instanceof SluiceError ? thrown : connectError(place, thrown)
        }
      }),
    close: () => inspection.close(),
  }
}

/** What the broker says of itself when a connection is opened. */
function greeting({ connection }: ChannelModel): {
  version: string | null
  cluster: string | null
} {
  const { serverProperties } = connection as { serverProperties?: Record<string, unknown> }
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  return {
    version: text(serverProperties?.['version']),
    cluster: text(serverProperties?.['cluster_name']),
  }
}

async function queueOf(
  model: ChannelModel,
  { name, address }: WantedQueues['queues'][number],
): Promise<RabbitmqFacts['queues'][number]> {
  const known = { name, address, unacknowledged: null, rates: null }
  try {
    const found = await onChannel(model, (channel) => channel.checkQueue(address))
    return { ...known, there: true, ready: found.messageCount, consumers: found.consumerCount }
  } catch (error) {
    const code = codeOf(error)
    // 405: it is somebody's exclusive queue.
    if (code === '405') return { ...known, there: true, ready: 0, consumers: 1 }
    if (code === '404') return { ...known, there: false, ready: 0, consumers: 0 }
    throw error
  }
}

async function exchangeIsThere(model: ChannelModel, address: string): Promise<boolean> {
  try {
    await onChannel(model, (channel) => channel.checkExchange(address))
    return true
  } catch (error) {
    if (codeOf(error) === '404') return false
    throw error
  }
}
