// What bounds a pipeline must never be what stops it: notes that overflow, guards that trip while it drains, lanes that are lost.
import { expect, test } from 'vitest'
import { eventLoopTurn, systemWorld } from '../../workers/core/clock.ts'
import { eventually } from '../support/eventually.ts'
import {
  committed,
  counts,
  FLOW,
  handlers,
  idle,
  letters,
  put,
  queues,
  startWorker,
  topics,
} from './billing-worker.ts'

const flow = (concurrency: number, more: readonly (readonly [string, string])[] = []) =>
  [
    ['concurrency: 8', `concurrency: ${concurrency}`] as const,
    ['window: 20', 'window: 10000'] as const,
    ...more,
  ].reduce((text, [from, to]) => text.replace(from, to), FLOW)

/** More single ranges than the note of a commit has room for. */
const MESSAGES = 8_000

test.each([
  ['fails once', (attempt: number) => attempt === 1],
  ['fails twice', (attempt: number) => attempt <= 2],
])(
  'a hot key whose first message %s holds nobody up for ever, however many finish beyond it',
  async (_what, fails) => {
    handlers['quote'] = (input, { message }) => {
      const { total } = input as { total: number }
      if (total === 0 && fails(message.attempt)) throw new Error('not yet')
      return { total }
    }
    for (let n = 0; n < MESSAGES; n++) put(n, n % 2 === 0 ? 'hot' : `k${n}`)
    const worker = await startWorker(flow(64, [['first: 1ms, max: 2ms', 'first: 400ms, max: 1s']]))
    await idle(worker)
    expect(counts(worker)).toMatchObject({ acked: MESSAGES, deadLettered: 0, inFlight: 0 })
    await eventually('everything is committed', () => Promise.resolve(committed() === MESSAGES))
  },
)

test('a commit that somebody waits for does not wait for more to commit', async () => {
  const slow = Promise.withResolvers<void>()
  handlers['quote'] = async (input) => {
    const { total } = input as { total: number }
    if (total === 0) await slow.promise
    return { total }
  }
  for (let n = 0; n < MESSAGES; n++) put(n, n % 2 === 0 ? 'hot' : `k${n}`)
  const worker = await startWorker(flow(64))
  // The note is full: nothing more may start until the head moves on.
  let before = -1
  await eventually('nothing moves any more', async () => {
    await systemWorld.clock.sleep(50)
    const now = counts(worker)?.acked ?? 0
    const still = now === before
    before = now
    return still
  })
  slow.resolve()
  await idle(worker)
  expect(counts(worker)).toMatchObject({ acked: MESSAGES, inFlight: 0 })
})

test('a guard that trips while the pipeline drains holds nothing back', async () => {
  const gate = Promise.withResolvers<void>()
  handlers['quote'] = async (input) => {
    if ((input as { total: number }).total >= 6) await gate.promise
    throw new Error('always')
  }
  for (let n = 0; n < 40; n++) put(n, `k${n}`)
  const worker = await startWorker(flow(40, [['attempts: 3', 'attempts: 1']]))
  await eventually('the guard tripped', () => Promise.resolve(worker.paused().length === 1))
  const stopped = worker.stop()
  await eventLoopTurn()
  gate.resolve()
  await stopped
  expect(letters()).toHaveLength(4)
  expect(counts(worker)).toMatchObject({ deadLettered: 4, released: 36, inFlight: 0 })
})

test('a handler of a lane that is lost is told, and its message is somebody else’s', async () => {
  const told: unknown[] = []
  let calls = 0
  handlers['quote'] = (input, { signal }) => {
    calls++
    if (calls > 1) return input as object
    return new Promise((_, reject) =>
      signal.addEventListener('abort', () => {
        told.push((signal.reason as { code?: string }).code)
        reject(signal.reason as Error)
      }),
    )
  }
  put(1)
  const worker = await startWorker()
  await eventually('it is at work', () => Promise.resolve(calls === 1))
  topics.group('billing', 'orders')?.expel()
  await idle(worker)
  expect(told).toEqual(['SLU5501'])
  expect(calls).toBe(2)
  expect(counts(worker)).toMatchObject({ acked: 1, released: 1, deadLettered: 0, inFlight: 0 })
  expect(queues.peek('alerts')).toHaveLength(1)
})

test('a queue that is full costs no attempt: everything waits until it takes messages again', async () => {
  const push = queues.push.bind(queues)
  let refusals = 6
  queues.push = (address, message) => (refusals-- > 0 ? 'refused' : push(address, message))
  for (let n = 0; n < 10; n++) put(n, `k${n}`)
  const worker = await startWorker(flow(2))
  await idle(worker)
  expect(refusals).toBeLessThan(0)
  expect(queues.peek('alerts')).toHaveLength(10)
  expect(counts(worker)).toMatchObject({ acked: 10, retried: 0, deadLettered: 0 })
})

test('however many messages the window has room for, their bytes are bounded as well', async () => {
  const gate = Promise.withResolvers<void>()
  handlers['quote'] = async (input) => {
    await gate.promise
    return { total: (input as { total: number }).total }
  }
  const value = Buffer.from(JSON.stringify({ total: 1, pad: 'x'.repeat(1_000_000) }))
  topics.create('orders', 1, 2_000_000)
  for (let n = 0; n < 90; n++)
    topics.get('orders')?.append({ key: Buffer.from('hot'), value, headers: {}, timestamp: 0 })
  const worker = await startWorker(flow(64))
  const held = () => counts(worker)?.inFlight ?? 0
  await eventually('it takes as much as it may', () => held() > 60)
  for (let turn = 0; turn < 50; turn++) await eventLoopTurn()
  // 64 MiB, and the one that went beyond.
  expect(held()).toBe(Math.floor((64 * 1024 * 1024) / value.length) + 1)
  gate.resolve()
  await idle(worker)
  expect(counts(worker)).toMatchObject({ acked: 90, inFlight: 0 })
})
