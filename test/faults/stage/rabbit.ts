// What an operator does to RabbitMQ, past the workers.
import amqp, { type Channel } from 'amqplib'
import { amqpSettings } from './views.ts'

/** One visit; the connection is closed afterwards. */
export async function onRabbit<T>(use: (channel: Channel) => Promise<T>): Promise<T> {
  const connection = await amqp.connect(amqpSettings())
  connection.on('error', () => {})
  const channel = await connection.createChannel()
  channel.on('error', () => {})
  try {
    return await use(channel)
  } finally {
    await connection.close()
  }
}
