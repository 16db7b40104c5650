// Declares queues; what exists is left as it is, and a difference is named.
import type { ChannelModel } from 'amqplib'
import type { Queue } from '../../core/contract.ts'
import type { Logger } from '../../core/log.ts'
import { rabbitError } from './errors.ts'

/** Returns the addresses created. */
export async function ensureQueues(
  connection: ChannelModel,
  queues: readonly Queue[],
  log: Logger,
): Promise<string[]> {
  const created: string[] = []
  for (const queue of queues) {
    const exists = await onChannel(connection, (channel) => channel.checkQueue(queue.address))
    const declared = await onChannel(connection, (channel) =>
      channel.assertQueue(queue.address, {
        durable: true,
        arguments: { 'x-queue-type': queue.type },
      }),
    )
    if (exists instanceof Error && declared instanceof Error)
      throw rabbitError(declared, `declaring ${queue.address}`)
    if (exists instanceof Error) created.push(queue.address)
    else if (declared instanceof Error)
      log.warn(
        { queue: queue.address, reason: declared.message, code: 'SLU5306' },
        'The queue exists with other arguments; it is left as it is.',
      )
  }
  return created
}

/** A refused question closes its channel, so each has one of its own. */
async function onChannel<T>(
  connection: ChannelModel,
  ask: (channel: Awaited<ReturnType<ChannelModel['createChannel']>>) => Promise<T>,
): Promise<T | Error> {
  const channel = await connection.createChannel()
  channel.on('error', () => {})
  try {
    const answer = await ask(channel)
    await channel.close()
    return answer
  } catch (error) {
    return error as Error
  }
}
