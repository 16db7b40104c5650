// Creates exchanges, queues and bindings that are missing; never changes or deletes one that exists.
import type { ChannelModel } from 'amqplib'
import type { Exchange, Queue } from '../../core/contract.ts'
import type { Code } from '../../core/codes.ts'
import { asError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import { onChannel } from './connect.ts'
import { codeOf } from './errors.ts'
import { queueArguments } from './queue-arguments.ts'

export interface Topology {
  readonly exchanges: readonly Exchange[]
  readonly queues: readonly Queue[]
}

/** True when it was created. */
export async function ensureExchange(
  model: ChannelModel,
  exchange: Exchange,
  log: Logger,
): Promise<boolean> {
  const { address, type } = exchange
  const declare = () =>
    onChannel(model, (channel) => channel.assertExchange(address, type, { durable: true }))
  const there = () => onChannel(model, (channel) => channel.checkExchange(address))
  if (await exists(there)) {
    await compare(declare, 'Exchange', exchange, log)
    return false
  }
  await declare()
  return true
}

/** True when it was created. Binding again what is bound changes nothing. */
export async function ensureQueue(
  model: ChannelModel,
  queue: Queue,
  log: Logger,
): Promise<boolean> {
  const { address, bindings } = queue
  const { version } = model.connection.serverProperties
  const declare = () =>
    onChannel(model, (channel) =>
      channel.assertQueue(address, { durable: true, arguments: queueArguments(queue, version) }),
    )
  const found = await exists(() => onChannel(model, (channel) => channel.checkQueue(address)))
  if (found) await compare(declare, 'Queue', queue, log)
  else await declare()
  for (const { exchange, key } of bindings)
    await onChannel(model, (channel) => channel.bindQueue(address, exchange, key))
  return !found
}

/** A passive look: 404 is no, and so is any other refusal yes (405: it is somebody's exclusive queue). */
async function exists(look: () => Promise<unknown>): Promise<boolean> {
  try {
    await look()
    return true
  } catch (error) {
    const code = codeOf(error)
    if (code === '404') return false
    if (code === '405') return true
    throw error
  }
}

/** Declaring what exists changes nothing: it is confirmed when all arguments are equal, else refused with the first difference. */
async function compare(
  declare: () => Promise<unknown>,
  what: string,
  { name, address, at }: Pick<Queue, 'name' | 'address' | 'at'>,
  log: Logger,
): Promise<void> {
  try {
    await declare()
  } catch (error) {
    const code = codeOf(error)
    if (code !== '406' && code !== '405' && code !== '403') throw error
    const { message } = asError(error)
    log.warn(
      { code: codeOfDifference(message), name, address, at: `${at.file}:${at.line}` },
      `${what} ${address} exists and is not as fleet.yaml declares it; it is left alone: ${message}`,
    )
  }
}

/** Of the first argument that differs, as RabbitMQ names it: one of them costs messages. */
export const codeOfDifference = (message: string): Code =>
  /'x-delivery-limit' .* received the value '-1'/.test(message) ? 'SLU5314' : 'SLU5306'
