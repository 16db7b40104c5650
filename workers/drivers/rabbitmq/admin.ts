// Looks at queues, exchanges and bindings and changes them for `plan` and `apply`; deletes a queue only when it is empty and idle.
import type { Channel, ChannelModel } from 'amqplib'
import type {
  FoundExchange,
  FoundQueue,
  FoundQueues,
  QueueAction,
  QueueAdmin,
} from '../../core/admin.ts'
import type { DriverContext, Exchange, Queue } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import { onChannel, openConnection } from './connect.ts'
import { away, codeOf, connectError, nameOf, type Place, type RabbitmqSettings } from './errors.ts'
import {
  exchangeDetails,
  queueDetails,
  type ApiBinding,
  type ApiExchange,
  type ApiQueue,
} from './found.ts'
import { createManagement, type Management } from './management.ts'
import { ensureExchange, ensureQueue } from './topology.ts'

export interface RabbitmqAdminConfig extends RabbitmqSettings {
  /** Of the HTTP API; undefined: what exists cannot be compared. */
  readonly managementPort: number | undefined
}

/** Making a replicated queue takes elections. */
const ANSWER_MS = 15_000

export function createRabbitmqAdmin(
  config: RabbitmqAdminConfig,
  context: DriverContext,
): QueueAdmin {
  const place: Place = { settings: config, origin: context.origin }
  const { clock } = context.world
  const management =
    config.managementPort === undefined
      ? undefined
      : createManagement({
          settings: config,
          port: config.managementPort,
          origin: context.origin,
          clock,
        })
  let open: { readonly model: ChannelModel; readonly cut: () => void } | undefined

  const ask: Ask = async (question) => {
    if (open === undefined) throw away(place, 'is not connected')
    const late = Promise.withResolvers<never>()
    const timer = clock.after(ANSWER_MS, () =>
      late.reject(away(place, `did not answer within ${ANSWER_MS / 1_000} s`)),
    )
    try {
      return await Promise.race([question(open.model), late.promise])
    } catch (thrown) {
      if (thrown instanceof SluiceError || codeOf(thrown) === '404') throw thrown
      throw connectError(place, thrown)
    } finally {
      timer.cancel()
    }
  }
  const parts: Parts = { ask, management, context }
  return {
    target: `${nameOf(place)}, virtual host ${config.vhost}`,
    async connect() {
      if (open !== undefined) return
      open = await openConnection(place, context, new AbortController().signal, (model, cut) => {
        // Whatever is under way is told; nothing else needs to be.
        model.on('error', () => {})
        return Promise.resolve({ model, cut })
      })
    },
    async close() {
      const closing = open
      open = undefined
      closing?.model.close().catch(() => {})
      await clock.sleep(0)
      closing?.cut()
    },
    look: (wanted, prefix) => look(parts, wanted, prefix),
    carryOut: (action) => carryOut(parts, action),
  }
}

type Ask = <T>(question: (model: ChannelModel) => Promise<T>) => Promise<T>

interface Parts {
  readonly ask: Ask
  readonly management: Management | undefined
  readonly context: DriverContext
}

// ---------------------------------------------------------------- looking

async function look(
  parts: Parts,
  wanted: { readonly exchanges: readonly Exchange[]; readonly queues: readonly Queue[] },
  prefix: string,
): Promise<FoundQueues> {
  const exchanges = new Map<string, FoundExchange>()
  const queues = new Map<string, FoundQueue>()
  for (const { address } of wanted.exchanges) {
    const found = await exchangeAt(parts, address)
    if (found !== undefined) exchanges.set(address, found)
  }
  for (const { address } of wanted.queues) {
    const found = await queueAt(parts, address)
    if (found !== undefined) queues.set(address, found)
  }
  const { management } = parts
  const others = async (kind: 'queue' | 'exchange', declared: readonly { address: string }[]) => {
    if (management === undefined || prefix === '') return []
    const known = new Set(declared.map(({ address }) => address))
    const names = await management.names(`${kind}s`, prefix)
    return names.filter((name) => !known.has(name)).map((name) => ({ kind, name }))
  }
  return {
    compared: management !== undefined,
    exchanges,
    queues,
    undeclared: [
      ...(await others('exchange', wanted.exchanges)),
      ...(await others('queue', wanted.queues)),
    ],
  }
}

async function exchangeAt(
  { ask, management }: Parts,
  address: string,
): Promise<FoundExchange | undefined> {
  if (management === undefined) {
    const there = await ifThere(ask, (channel) => channel.checkExchange(address))
    return there === undefined ? undefined : { details: undefined }
  }
  const exchange = await management.read<ApiExchange>('exchanges', [address])
  if (exchange === undefined) return undefined
  const outgoing = [address, 'bindings', 'source']
  const bindings = await management.read<ApiBinding[]>('exchanges', outgoing)
  return { details: exchangeDetails(exchange, bindings) }
}

async function queueAt(
  { ask, management }: Parts,
  address: string,
): Promise<FoundQueue | undefined> {
  // The API's numbers are seconds old; these are of now, but know nothing of what a consumer holds.
  const now = await ifThere(ask, (channel) => channel.checkQueue(address))
  if (now === undefined) return undefined
  const ready = now === 'locked' ? 0 : now.messageCount
  const consumers = now === 'locked' ? 1 : now.consumerCount
  if (management === undefined) return { messages: ready, consumers, details: undefined }
  const queue = await management.read<ApiQueue>('queues', [address])
  if (queue === undefined) return undefined
  const bindings = await management.read<ApiBinding[]>('queues', [address, 'bindings'])
  return {
    messages: ready + (queue.messages_unacknowledged ?? 0),
    consumers,
    details: queueDetails(queue, bindings),
  }
}

/** Undefined: there is none. `locked`: it is somebody's exclusive queue. */
async function ifThere<T>(
  ask: Ask,
  question: (channel: Channel) => Promise<T>,
): Promise<T | 'locked' | undefined> {
  return ask(async (model) => {
    try {
      return await onChannel(model, question)
    } catch (error) {
      const code = codeOf(error)
      if (code === '404') return undefined
      if (code === '405') return 'locked'
      throw error
    }
  })
}

// ---------------------------------------------------------------- changing

async function carryOut(parts: Parts, action: QueueAction): Promise<void> {
  const { ask, context } = parts
  switch (action.do) {
    case 'create-exchange':
      await ask((model) => ensureExchange(model, action.exchange, context.log))
      return
    case 'create-queue':
      // Bindings are changes of their own.
      await ask((model) => ensureQueue(model, { ...action.queue, bindings: [] }, context.log))
      return
    case 'bind':
    case 'unbind': {
      const { exchange, to, key } = action
      const bind = action.do === 'bind'
      await ask((model) =>
        onChannel(model, async (channel) => {
          await (bind
            ? channel.bindQueue(to, exchange, key, action.arguments)
            : channel.unbindQueue(to, exchange, key, action.arguments))
        }),
      )
      return
    }
    case 'replace-exchange':
      return replaceExchange(parts, action.exchange, action.queues)
    case 'replace-queue':
      return replaceQueue(parts, action.queue)
  }
}

async function replaceExchange(
  { ask, context }: Parts,
  exchange: Exchange,
  queues: readonly Queue[],
): Promise<void> {
  await ask((model) => onChannel(model, (channel) => channel.deleteExchange(exchange.address)))
  await ask((model) => ensureExchange(model, exchange, context.log))
  for (const { address, bindings } of queues)
    for (const { exchange: from, key } of bindings)
      if (from === exchange.address)
        await ask((model) => onChannel(model, (channel) => channel.bindQueue(address, from, key)))
}

async function replaceQueue(parts: Parts, queue: Queue): Promise<void> {
  const { ask, context } = parts
  const { address } = queue
  const found = await queueAt(parts, address)
  if (found !== undefined && (found.messages > 0 || found.consumers > 0))
    throw new SluiceError('SLU0398', {
      message: `queue ${address} is not empty and idle any more: ${found.messages} messages, ${found.consumers} consumers`,
      at: queue.at,
    })
  // Only classic queues can be told to look once more while they go.
  const classic = found?.details?.settings.type === 'classic'
  const guard = classic ? { ifEmpty: true, ifUnused: true } : {}
  await ask((model) => onChannel(model, (channel) => channel.deleteQueue(address, guard)))
  await ask((model) => ensureQueue(model, queue, context.log))
}
