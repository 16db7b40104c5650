// The tests' own way into RabbitMQ, past the driver: declares, reads and removes queues.
import amqp, { type ChannelModel, type Message } from 'amqplib'
import type { RabbitmqSettings } from '../../workers/drivers/rabbitmq/index.ts'
import { fromEnvironment } from './environment.ts'

export const rabbitmqSettings = (): RabbitmqSettings => ({
  host: fromEnvironment('RABBITMQ_HOST'),
  port: Number(fromEnvironment('RABBITMQ_PORT')),
  user: fromEnvironment('RABBITMQ_USER'),
  password: fromEnvironment('RABBITMQ_PASSWORD'),
  vhost: fromEnvironment('RABBITMQ_VIRTUAL_HOST'),
})

export interface ReadMessage {
  readonly id: string
  readonly contentType: string
  readonly body: Buffer
  readonly headers: Record<string, unknown>
  readonly seconds: number
  readonly persistent: boolean
}

export interface RabbitmqView {
  /** Takes everything from the queue. */
  take(queue: string): Promise<ReadMessage[]>
  declare(queue: string, args: Record<string, unknown>): Promise<void>
  /** Confirmed. */
  put(queue: string, body: string): Promise<void>
  exists(queue: string): Promise<boolean>
  /** Consumers by queue. */
  consumers(queues: readonly string[]): Promise<Record<string, number>>
  remove(queues: Iterable<string>): Promise<void>
  close(): Promise<void>
}

export async function openRabbitmqView(settings = rabbitmqSettings()): Promise<RabbitmqView> {
  const { host, port, user, password, vhost } = settings
  const model = await amqp.connect({
    hostname: host,
    port,
    username: user,
    password,
    vhost: encodeURIComponent(vhost),
  })
  model.on('error', () => {})
  return {
    take: (queue) => take(model, queue),
    async declare(queue, args) {
      const channel = await model.createChannel()
      await channel.assertQueue(queue, { durable: true, arguments: args })
      await channel.close()
    },
    async put(queue, body) {
      const channel = await model.createConfirmChannel()
      channel.sendToQueue(queue, Buffer.from(body), { persistent: true })
      await channel.waitForConfirms()
      await channel.close()
    },
    async exists(queue) {
      const channel = await model.createChannel()
      channel.on('error', () => {})
      return channel.checkQueue(queue).then(
        () => channel.close().then(() => true),
        () => false,
      )
    },
    async consumers(queues) {
      const channel = await model.createChannel()
      const counts: Record<string, number> = {}
      for (const queue of queues) counts[queue] = (await channel.checkQueue(queue)).consumerCount
      await channel.close()
      return counts
    },
    async remove(queues) {
      const channel = await model.createChannel()
      for (const queue of queues) await channel.deleteQueue(queue)
      await channel.close()
    },
    close: () => model.close(),
  }
}

async function take(model: ChannelModel, queue: string): Promise<ReadMessage[]> {
  const channel = await model.createChannel()
  const messages: ReadMessage[] = []
  for (;;) {
    const { messageCount } = await channel.checkQueue(queue)
    if (messageCount === 0) break
    const enough = messages.length + messageCount
    await new Promise<void>((resolve, reject) => {
      const consumer = channel.consume(
        queue,
        (message) => {
          if (message === null) return reject(new Error(`${queue} was deleted`))
          messages.push(readMessage(message))
          if (messages.length === enough)
            consumer
              .then(({ consumerTag }) => channel.cancel(consumerTag))
              .then(() => resolve(), reject)
        },
        { noAck: true },
      )
      consumer.catch(reject)
    })
  }
  await channel.close()
  return messages
}

function readMessage({ content, properties }: Message): ReadMessage {
  const { messageId, contentType, headers, timestamp, deliveryMode } = properties
  return {
    id: String(messageId),
    contentType: String(contentType),
    body: content,
    headers: { ...headers },
    seconds: Number(timestamp),
    persistent: deliveryMode === 2,
  }
}
