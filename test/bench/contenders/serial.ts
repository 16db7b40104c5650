// A loop that keeps order as most do: each partition one message after another. Arguments: prefix, messages.
import { Kafka, logLevel } from 'kafkajs'
import { report, RunMeter } from './meter.ts'

const [prefix = '', count = '0'] = process.argv.slice(2)
const kafka = new Kafka({
  brokers: (process.env['KAFKA_BOOTSTRAP_SERVERS'] ?? '').split(','),
  logLevel: logLevel.NOTHING,
})
const producer = kafka.producer()
await producer.connect()
const consumer = kafka.consumer({ groupId: `${prefix}serial`, maxWaitTimeInMs: 100 })
await consumer.connect()
await consumer.subscribe({ topic: `${prefix}tasks`, fromBeginning: true })
const meter = new RunMeter()
let done = 0
await consumer.run({
  partitionsConsumedConcurrently: 4,
  eachMessage: async ({ message: { key, value } }) => {
    meter.start()
    const { takes_ms } = JSON.parse(String(value)) as { takes_ms: number }
    await new Promise((resolve) => setTimeout(resolve, takes_ms))
    await producer.send({ topic: `${prefix}done`, messages: [{ key, value }], acks: -1 })
    if (++done === Number(count)) report(meter.stop(done))
  },
})
