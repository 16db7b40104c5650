// What is known of a request, and what is not, around brokers that are made up.
import type { Connection, MessageRecord } from '@platformatic/kafka'
import { describe, expect, it } from 'vitest'
import { typeOf } from '../../../../workers/drivers/kafka/errors.ts'
import type { Outgoing } from '../../../../workers/drivers/kafka/outgoing.ts'
import {
  answeredBy,
  answerOf,
  Unanswered,
} from '../../../../workers/drivers/kafka/platformatic/answers.ts'
import type { Cluster } from '../../../../workers/drivers/kafka/platformatic/cluster.ts'
import { Producer } from '../../../../workers/drivers/kafka/platformatic/produce.ts'

/** `answer`: what the leader says of the partitions that it is asked for. */
function producerOver(
  leaders: readonly number[],
  answer: (leader: number, partitions: number[]) => Record<number, number>,
) {
  const asked: { leader: number; records: MessageRecord[] }[] = []
  const cluster = {
    topic: () => Promise.resolve({ id: 'id', leaders, at: 0 }),
    node: (leader: number) => Promise.resolve({ leader } as unknown as Connection),
    // oxlint-disable-next-line require-await -- what it throws is a rejection
    async askInParts(
      { leader }: { leader: number },
      _name: string,
      _acks: number,
      _ms: number,
      records: MessageRecord[],
    ) {
      asked.push({ leader, records })
      const partitions = [...new Set(records.map(({ partition }) => partition as number))]
      const partitionResponses = Object.entries(answer(leader, partitions)).map(
        ([index, errorCode]) => ({ index: Number(index), errorCode }),
      )
      return { responses: [{ name: 'orders', partitionResponses }] }
    },
  }
  return { producer: new Producer(cluster as unknown as Cluster), asked }
}

/** Go around: the first to partition 0, the second to 1 … */
const messages = (count: number): Outgoing[] =>
  Array.from({ length: count }, (_, n) => ({
    key: null,
    value: Buffer.from(`m${n}`),
    headers: {},
    timestamp: 1_000,
  }))

const stored = (_leader: number, partitions: number[]) =>
  Object.fromEntries(partitions.map((partition) => [partition, 0]))

describe('the answer to a request', () => {
  it('is told by partition, and each leader is asked once', async () => {
    const { producer, asked } = producerOver([1, 2, 1], (leader, partitions) => ({
      ...stored(leader, partitions),
      ...(leader === 1 ? { 2: 19 } : {}),
    }))
    const sent = messages(6)
    const refusals = await producer.send('orders', sent, 'none')
    expect(refusals).toMatchObject([{ error: { type: 'NOT_ENOUGH_REPLICAS', retriable: true } }])
    expect([...(refusals[0]?.messages ?? [])]).toEqual([sent[2], sent[5]])
    expect(asked.map(({ leader, records }) => [leader, records.length])).toEqual([
      [1, 4],
      [2, 2],
    ])
  })

  it('must speak of every message: silence is not success', async () => {
    const { producer } = producerOver([1, 1], () => ({ 0: 0 }))
    const sent = producer.send('orders', messages(2), 'none')
    await expect(sent).rejects.toMatchObject({ code: 'SLU9001' })
  })

  it('of one leader that does not come leaves what the others stored as it is', async () => {
    const { producer } = producerOver([1, 2], (leader, partitions) => {
      if (leader === 2) throw new Unanswered('Connection closed')
      return stored(leader, partitions)
    })
    const sent = messages(2)
    const [refusal, ...more] = await producer.send('orders', sent, 'none')
    expect(more).toEqual([])
    expect([...(refusal?.messages ?? [])]).toEqual([sent[1]])
    // An unknown outcome has no name of Kafka's: it must not pass for a refusal.
    expect(typeOf(refusal?.error)).toBeUndefined()
  })

  it('is not waited for where there is no leader: nothing was sent', async () => {
    const { producer, asked } = producerOver([-1], stored)
    const [refusal] = await producer.send('orders', messages(1), 'none')
    expect(refusal?.error).toMatchObject({ type: 'LEADER_NOT_AVAILABLE', retriable: true })
    expect(asked).toEqual([])
  })

  it('messages without a key pass partitions by that have no leader', async () => {
    const { producer, asked } = producerOver([1, -1, 1], stored)
    expect(await producer.send('orders', messages(4), 'none')).toEqual([])
    const partitions = asked.flatMap(({ records }) => records.map(({ partition }) => partition))
    expect(new Set(partitions)).toEqual(new Set([0, 2]))
  })
})

describe('names of errors', () => {
  it.each([
    [6, 'NOT_LEADER_FOR_PARTITION'],
    [14, 'GROUP_LOAD_IN_PROGRESS'],
    [15, 'GROUP_COORDINATOR_NOT_AVAILABLE'],
    [16, 'NOT_COORDINATOR_FOR_GROUP'],
    [25, 'UNKNOWN_MEMBER_ID'],
    [100, 'UNKNOWN_TOPIC_OR_PARTITION'],
  ])('%i is what the driver knows as %s', (code, type) => {
    expect(typeOf(answeredBy(code))).toBe(type)
  })

  it('one that the library does not know is Kafka’s all the same', () => {
    expect(answeredBy(31_000)).toMatchObject({ type: 'UNKNOWN', retriable: false })
  })

  it('what is no error of the library is passed on as it is', () => {
    const error = new TypeError('a mistake')
    expect(answerOf(error)).toBe(error)
  })
})
