// Creates queues that are missing; never changes or deletes one that exists.
import type { ChannelModel } from 'amqplib'
import type { Queue } from '../../core/contract.ts'
import { asError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import { onChannel } from './connect.ts'
import { codeOf } from './errors.ts'

/** True when it was created. */
export async function ensureQueue(
  model: ChannelModel,
  queue: Queue,
  log: Logger,
): Promise<boolean> {
  if (await exists(model, queue)) {
    await compare(model, queue, log)
    return false
  }
  await declare(model, queue)
  return true
}

/** A passive look: 404 is no, and so is any other refusal yes (405: it is somebody's exclusive queue). */
async function exists(model: ChannelModel, { address }: Queue): Promise<boolean> {
  try {
    await onChannel(model, (channel) => channel.checkQueue(address))
    return true
  } catch (error) {
    const code = codeOf(error)
    if (code === '404') return false
    if (code === '405') return true
    throw error
  }
}

function declare(model: ChannelModel, { address, type }: Queue) {
  return onChannel(model, (channel) =>
    channel.assertQueue(address, { durable: true, arguments: { 'x-queue-type': type } }),
  )
}

/** Declaring what exists changes nothing: it is confirmed when all arguments are equal, else refused with the first difference. */
async function compare(model: ChannelModel, queue: Queue, log: Logger): Promise<void> {
  try {
    await declare(model, queue)
  } catch (error) {
    const code = codeOf(error)
    if (code !== '406' && code !== '405' && code !== '403') throw error
    const { name, address, at } = queue
    log.warn(
      { code: 'SLU5306', queue: name, address, at: `${at.file}:${at.line}` },
      `Queue ${address} exists and is not as fleet.yaml declares it; it is left alone: ${asError(error).message}`,
    )
  }
}
