// What is known of a request, and what is not, around a client that is made up.
import kafkajs, {
  type ICustomPartitioner,
  type Kafka,
  type Message,
  type ProducerRecord,
  type RecordMetadata,
} from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { typeOf } from '../../../../workers/drivers/kafka/errors.ts'
import { createErrorFromCode } from '../../../../workers/drivers/kafka/kafkajs/internals.ts'
import { answerForEachPartition } from '../../../../workers/drivers/kafka/kafkajs/own-requests.ts'
import { PartitionProducer } from '../../../../workers/drivers/kafka/kafkajs/partition-producer.ts'

const { Partitioners } = kafkajs
const CREATE_CLUSTER = Symbol('private:Kafka:createCluster')
const LEADER_NOT_AVAILABLE = 5

interface Made {
  /** Called once the partitions were chosen. */
  readonly answer?: () => RecordMetadata[]
  readonly before?: () => void
  readonly cluster?: object
  readonly symbol?: symbol
}

/** Two partitions, both of them led. */
function clientWith(made: Made): Kafka {
  const { cluster = { refreshMetadata: () => Promise.resolve() }, symbol = CREATE_CLUSTER } = made
  const partitionMetadata = [0, 1].map((partitionId) => ({
    partitionId,
    partitionErrorCode: 0,
    leader: 1,
    replicas: [1],
    isr: [1],
  }))
  const client: Record<string | symbol, unknown> = {
    [symbol]: () => cluster,
    producer({ createPartitioner }: { createPartitioner: ICustomPartitioner }) {
      ;(client[symbol] as (options: unknown) => unknown)({})
      const partitionOf = createPartitioner()
      return {
        // oxlint-disable-next-line require-await -- what it throws is a rejection
        async send({ topic, messages }: ProducerRecord) {
          made.before?.()
          for (const message of messages) partitionOf({ topic, partitionMetadata, message })
          return made.answer?.() ?? []
        },
      }
    },
  }
  return client as unknown as Kafka
}

const send = (made: Made, messages: Message[]) =>
  new PartitionProducer(clientWith(made)).send({ topic: 'orders', messages })
const on = (partition: number): Message => ({ partition, value: Buffer.from('x') })
const said = (partition: number, errorCode: number) => ({
  topicName: 'orders',
  partition,
  errorCode,
})

describe('the answer to a request', () => {
  it('is told by partition', async () => {
    const messages = [on(0), on(1), on(1)]
    const refusals = await send({ answer: () => [said(1, 19), said(0, 0)] }, messages)
    expect(refusals).toMatchObject([{ error: { type: 'NOT_ENOUGH_REPLICAS', retriable: true } }])
    expect([...(refusals[0]?.messages ?? [])]).toEqual(messages.slice(1))
  })

  it('must speak of every message: silence is not success', async () => {
    const sent = send({ answer: () => [said(0, 0)] }, [on(0), on(1)])
    await expect(sent).rejects.toMatchObject({ code: 'SLU9001' })
  })
})

describe('an error that says where a partition lives', () => {
  const fail = () => {
    throw createErrorFromCode(LEADER_NOT_AVAILABLE)
  }

  it('means that nothing was sent, before the partitions were chosen', async () => {
    const error: unknown = await send({ before: fail }, [on(0)]).catch((thrown: unknown) => thrown)
    expect(typeOf(error)).toBe('LEADER_NOT_AVAILABLE')
  })

  it('hides an unknown outcome, after they were: it must not pass for a refusal', async () => {
    const error: unknown = await send({ answer: fail }, [on(0)]).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'SLU5201', outage: true })
    expect(typeOf(error)).toBeUndefined()
  })

  it('is judged anew when the same message is sent again', async () => {
    let sends = 0
    const client = clientWith({
      before: () => {
        if (++sends === 2) fail()
      },
      answer: () => [said(0, 0)],
    })
    const producer = new PartitionProducer(client)
    const record = { topic: 'orders', messages: [on(0)] }
    await producer.send(record)
    const error: unknown = await producer.send(record).catch((thrown: unknown) => thrown)
    expect(typeOf(error)).toBe('LEADER_NOT_AVAILABLE')
  })
})

describe('another kafkajs', () => {
  it.each([
    ['makes clusters elsewhere', { symbol: Symbol('private:Kafka:cluster') }],
    ['has clusters of another kind', { cluster: {} }],
  ])('that %s is refused at once', (_, made) => {
    expect(() => new PartitionProducer(clientWith(made))).toThrow('kafkajs is not the one')
  })

  it('that reads answers in another way is refused at once', () => {
    const response = { decode: undefined, parse: () => Promise.resolve() }
    const protocol = () => () => ({ request: {}, response })
    const patch = () => answerForEachPartition({ versions: ['8'], protocol })
    expect(patch).toThrow(
      'kafkajs is not the one that the Kafka driver knows: the answer to Produce 8',
    )
  })
})

describe('the partition of a key', () => {
  const chosen = async (key: Buffer) => {
    const found: number[] = []
    const client = clientWith({ answer: () => [said(0, 19), said(1, 19)] })
    const message: Message = { key, value: Buffer.from('x') }
    for (const refusal of await new PartitionProducer(client).send({
      topic: 'orders',
      messages: [message, on(0), on(1)],
    }))
      if (refusal.messages.has(message))
        found.push(
          [...refusal.messages].find(({ partition }) => partition !== undefined)?.partition ?? -1,
        )
    return found[0]
  }

  it.each(['a', 'user-1', 'Ä 😀', '', 'longer than one word'])(
    'is that of every client: %j',
    async (text) => {
      const theirs = Partitioners.DefaultPartitioner()
      const partitionMetadata = [0, 1].map((partitionId) => ({
        partitionId,
        partitionErrorCode: 0,
        leader: 1,
        replicas: [1],
        isr: [1],
      }))
      const key = Buffer.from(text)
      const message: Message = { key, value: null }
      expect(await chosen(key)).toBe(theirs({ topic: 'orders', partitionMetadata, message }))
    },
  )

  it('is found at once, however large the key is', async () => {
    expect(await chosen(Buffer.alloc(1_048_576, 'key'))).toBeTypeOf('number')
  })
})
