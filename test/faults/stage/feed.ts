// Puts items where a line reads them, through plain clients; what it resolves with is on its broker.
import amqp from 'amqplib'
import { Queue } from 'bullmq'
import { produce } from '../../e2e/support/brokers-io.ts'
import { openRedisView } from '../../support/redis.ts'
import type { SourceName } from './line.ts'
import type { Item } from './load.ts'
import { amqpSettings } from './views.ts'

type Feed = (prefix: string, items: readonly Item[]) => Promise<void>

export const FEEDS: Readonly<Record<SourceName, Feed>> = {
  topic: (prefix, items) =>
    produce(
      `${prefix}incoming`,
      items.map(({ key, body }) => ({ key, value: body })),
    ),
  async queue(prefix, items) {
    const connection = await amqp.connect(amqpSettings())
    const channel = await connection.createConfirmChannel()
    // As the product declares it, if no worker has done so yet.
    const queue = `${prefix}tasks`
    await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
    for (const { id, body } of items)
      channel.sendToQueue(queue, body, { persistent: true, messageId: id })
    await channel.waitForConfirms()
    await connection.close()
  },
  async jobs(prefix, items) {
    const connection = await openRedisView()
    const queue = new Queue(`${prefix}duties`, { connection })
    await queue.addBulk(
      items.map(({ id, body, fatal }) => ({
        name: 'duty',
        // Whatever is no item: a job is always JSON.
        data: fatal && body.at(-1) === 44 ? { id } : (JSON.parse(String(body)) as object),
        opts: { jobId: id },
      })),
    )
    await queue.close()
    connection.disconnect()
  },
}
