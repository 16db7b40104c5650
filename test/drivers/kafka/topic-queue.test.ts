// What a queue does with what Kafka says of each partition: only what was refused is sent again, and only if that can help.
import { describe, expect, it } from 'vitest'
import { SluiceError } from '../../../workers/core/errors.ts'
import { createVirtualClock } from '../../../workers/core/virtual-clock.ts'
import { createErrorFromCode } from '../../../workers/drivers/kafka/kafkajs/internals.ts'
import type { Refusal } from '../../../workers/drivers/kafka/client.ts'
import type { Outgoing } from '../../../workers/drivers/kafka/outgoing.ts'
import { TopicQueue } from '../../../workers/drivers/kafka/topic-queue.ts'

const CODES = {
  NOT_LEADER_FOR_PARTITION: 6,
  REQUEST_TIMED_OUT: 7,
  MESSAGE_TOO_LARGE: 10,
  NOT_ENOUGH_REPLICAS: 19,
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 20,
  KAFKA_STORAGE_ERROR: 56,
} as const
type Name = keyof typeof CODES

const nameOf = ({ value }: Outgoing) => String(value)
/** `a0` goes to partition a. */
const partitionOf = (message: Outgoing) => nameOf(message).charAt(0)

/** `answer`: what Kafka says of the messages of one partition in the nth request; undefined stores them. */
function queueOver(answer: (partition: string, names: string[], nth: number) => Name | undefined) {
  const clock = createVirtualClock(0)
  const requests: { at: number; names: string[] }[] = []
  const stored: string[] = []
  const errors: SluiceError[] = []
  const counts = { refreshes: 0 }
  const produce = (messages: Outgoing[]): Promise<Refusal[]> => {
    const nth = requests.push({ at: clock.monotonic(), names: messages.map(nameOf) })
    const refusals: Refusal[] = []
    for (const [partition, its] of Map.groupBy(messages, partitionOf)) {
      const name = answer(partition, its.map(nameOf), nth)
      if (name === undefined) stored.push(...its.map(nameOf))
      else refusals.push({ error: createErrorFromCode(CODES[name]), messages: new Set(its) })
    }
    return Promise.resolve(refusals)
  }
  const queue = new TopicQueue({
    address: 'p.orders',
    maxBytes: 1_000_000,
    clock,
    produce,
    refresh: () => {
      counts.refreshes++
      return Promise.resolve()
    },
    onError: (error) => errors.push(error),
    onIdle: () => {},
  })
  const outcomes = new Map<string, unknown>()
  const send = (...names: string[]) => {
    for (const name of names)
      queue.send({ key: null, value: Buffer.from(name), headers: {}, timestamp: 0 }).then(
        () => outcomes.set(name, 'stored'),
        (error: unknown) => outcomes.set(name, (error as SluiceError).code),
      )
  }
  const names = () => requests.map((request) => request.names.join(' '))
  return { clock, queue, send, requests, names, stored, errors, counts, outcomes }
}

describe('a request that one partition of several refused', () => {
  it('resolves the others at once, and repeats that one alone after asking where it lives', async () => {
    const kafka = queueOver((partition, _, nth) =>
      partition === 'b' && nth <= 2 ? 'NOT_LEADER_FOR_PARTITION' : undefined,
    )
    kafka.send('a0', 'b0', 'a1', 'b1', 'c0')
    await kafka.clock.advance(0)
    expect(Object.fromEntries(kafka.outcomes)).toEqual({ a0: 'stored', a1: 'stored', c0: 'stored' })
    expect(kafka.counts.refreshes).toBe(1)
    await kafka.clock.advance(400)
    expect(kafka.requests).toEqual([
      { at: 0, names: ['a0', 'b0', 'a1', 'b1', 'c0'] },
      { at: 100, names: ['b0', 'b1'] },
      { at: 400, names: ['b0', 'b1'] },
    ])
    expect(kafka.stored).toEqual(['a0', 'a1', 'c0', 'b0', 'b1'])
    expect(kafka.outcomes.get('b1')).toBe('stored')
    expect(kafka.counts.refreshes).toBe(2)
    expect(kafka.errors).toEqual([])
  })

  it('stops repeating some time, as an outage', async () => {
    const kafka = queueOver((partition) =>
      partition === 'b' ? 'NOT_LEADER_FOR_PARTITION' : undefined,
    )
    kafka.send('a0', 'b0')
    await kafka.clock.advance(1_000)
    expect(kafka.names()).toEqual(['a0 b0', 'b0', 'b0'])
    expect(Object.fromEntries(kafka.outcomes)).toEqual({ a0: 'stored', b0: 'SLU5201' })
    expect(kafka.errors.map(({ outage }) => outage)).toEqual([true])
    expect(kafka.queue.idle).toBe(true)
  })

  it('halves that one alone, and only who is to blame fails', async () => {
    const kafka = queueOver((_, names) => (names.includes('b2') ? 'MESSAGE_TOO_LARGE' : undefined))
    kafka.send('a0', 'b0', 'b1', 'b2', 'b3')
    await kafka.clock.advance(0)
    expect(kafka.names()).toEqual(['a0 b0 b1 b2 b3', 'b0 b1', 'b2 b3', 'b2', 'b3'])
    expect(kafka.stored).toEqual(['a0', 'b0', 'b1', 'b3'])
    expect(kafka.outcomes.get('b2')).toBe('SLU5203')
    expect(kafka.errors).toHaveLength(1)
    expect(kafka.counts.refreshes).toBe(0)
  })

  it('treats each partition by its own error', async () => {
    const kafka = queueOver((partition, names, nth) => {
      if (partition === 'b' && nth === 1) return 'NOT_LEADER_FOR_PARTITION'
      if (partition === 'c' && names.includes('c1')) return 'MESSAGE_TOO_LARGE'
      return partition === 'd' ? 'NOT_ENOUGH_REPLICAS' : undefined
    })
    kafka.send('a0', 'b0', 'c0', 'c1', 'd0', 'd1')
    await kafka.clock.advance(0)
    expect(kafka.names()).toEqual(['a0 b0 c0 c1 d0 d1', 'c0', 'c1'])
    await kafka.clock.advance(100)
    expect(kafka.names().slice(3)).toEqual(['b0'])
    expect(Object.fromEntries(kafka.outcomes)).toEqual({
      a0: 'stored',
      b0: 'stored',
      c0: 'stored',
      c1: 'SLU5203',
      d0: 'SLU5207',
      d1: 'SLU5207',
    })
  })

  it('stores everything once and each partition in order, whatever is refused', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      let state = seed
      const chance = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
      const kafka = queueOver((_, names) => {
        if (names.length > 1 && chance() < 0.3) return 'MESSAGE_TOO_LARGE'
        return chance() < 0.2 ? 'NOT_LEADER_FOR_PARTITION' : undefined
      })
      const sent = Array.from({ length: 40 }, (_, n) => `${'abcd'.charAt(n % 4)}${n}`)
      kafka.send(...sent)
      await kafka.clock.advance(60_000)
      const confirmed = sent.filter((name) => kafka.outcomes.get(name) === 'stored')
      expect([...kafka.stored].sort(), `seed ${seed}`).toEqual([...confirmed].sort())
      expect(kafka.outcomes.size).toBe(sent.length)
      for (const partition of 'abcd') {
        const its = (list: string[]) => list.filter((name) => name.startsWith(partition))
        expect(its(kafka.stored), `seed ${seed}`).toEqual(its(confirmed))
      }
    }
  })
})

describe('a partition in trouble', () => {
  it.each([
    'NOT_ENOUGH_REPLICAS',
    'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
    'KAFKA_STORAGE_ERROR',
    'REQUEST_TIMED_OUT',
  ] as const)(
    '%s is an outage: it is asked where it lives, and nothing is repeated here',
    async (name) => {
      const kafka = queueOver((partition) => (partition === 'b' ? name : undefined))
      kafka.send('a0', 'b0')
      await kafka.clock.advance(1_000)
      expect(kafka.names()).toEqual(['a0 b0'])
      expect(Object.fromEntries(kafka.outcomes)).toEqual({ a0: 'stored', b0: 'SLU5207' })
      expect(kafka.errors).toMatchObject([{ code: 'SLU5207', outage: true, failure: 'transient' }])
      expect(kafka.counts.refreshes).toBe(1)
    },
  )
})

describe('a link that ended meanwhile', () => {
  it('answers what waits for its repetition with the end, and sends nothing more', async () => {
    const kafka = queueOver(() => 'NOT_LEADER_FOR_PARTITION')
    kafka.send('a0', 'b0')
    await kafka.clock.advance(50)
    kafka.queue.fail(new SluiceError('SLU5201', { message: 'was lost' }))
    await kafka.clock.advance(1_000)
    expect(kafka.names()).toEqual(['a0 b0'])
    expect(Object.fromEntries(kafka.outcomes)).toEqual({ a0: 'SLU5201', b0: 'SLU5201' })
    expect(kafka.queue.idle).toBe(true)
  })
})
