// What an operator does to Kafka, past the workers.
import { Kafka, logLevel, type Admin } from 'kafkajs'
import { fromEnvironment } from '../../support/environment.ts'

/** One visit; the connection is closed afterwards. */
export async function onKafka<T>(use: (admin: Admin) => Promise<T>): Promise<T> {
  const brokers = fromEnvironment('KAFKA_BOOTSTRAP_SERVERS').split(',')
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    return await use(admin)
  } finally {
    await admin.disconnect()
  }
}
