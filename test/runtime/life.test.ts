// A worker from start to stop: told to stop while it starts, when it is idle, when it is ready, and lanes that are lost.
import { expect, test } from 'vitest'
import { eventLoopTurn, systemWorld } from '../../workers/core/clock.ts'
import type { Assembled } from '../../workers/runtime/assemble.ts'
import { NeededBreakers } from '../../workers/runtime/breakers.ts'
import { readiness, standings } from '../../workers/runtime/readiness.ts'
import type { Lane } from '../../workers/core/contract.ts'
import { eventually } from '../support/eventually.ts'
import {
  billed,
  counts,
  FLOW,
  handlers,
  idle,
  letters,
  makeWorker,
  put,
  sources,
  startWorker,
  topics,
} from './billing-worker.ts'

test('a worker that is told to stop while it waits for a broker starts nothing any more', async () => {
  topics.setAvailable(false)
  const worker = await makeWorker()
  const started = worker.start()
  await eventLoopTurn()
  await worker.stop()
  topics.setAvailable(true)
  await started
  expect(sources).toEqual([])
  expect(worker.checks()).toContainEqual({ name: 'process', status: 'fail', detail: 'stopped' })
})

test('a worker that is told to stop between connecting and running starts nothing any more', async () => {
  const worker = await makeWorker()
  const started = worker.start()
  const stopped = worker.stop()
  await Promise.all([started, stopped])
  expect(sources).toEqual([])
})

test('what was taken and settled while the backlog was asked for is no idleness', async () => {
  const worker = await startWorker()
  await idle(worker)
  const { source } = sources[0] as (typeof sources)[number]
  source.backlog = async () => {
    put(billed().length, `k${billed().length}`)
    const before = billed().length
    await eventually('it is settled', () =>
      Promise.resolve(billed().length > before && counts(worker)?.inFlight === 0),
    )
    return 0
  }
  expect(await worker.isIdle()).toBe(false)
})

const AT_100_S = { ...systemWorld.clock, monotonic: () => 100_000 }
const assembled = (parts: object) => {
  const common = { name: 'billing', breakers: new NeededBreakers([]), from: 'topic' }
  return { ...common, silenceMs: 90_000, ...parts } as unknown as Assembled
}

function checked(parts: object) {
  const pipelines = [assembled(parts)]
  const [, check] = readiness({ state: 'running', required: [], pipelines, clock: AT_100_S })
  return check
}

test.each([
  ['moves as seldom as its handlers let it', false, 11_000, 'pass'],
  ['stands still for longer than they may take', false, 9_000, 'fail'],
  ['has had nothing to do for as long', true, 0, 'pass'],
])('a lane that %s', (_what, caughtUp, at, status) => {
  const pipeline = { membership: { joined: true, since: 0 }, guard: undefined }
  const source = { progress: () => new Map([['alerts', { caughtUp, at }]]) }
  const detail = status === 'pass' ? 'reads' : 'no progress on alerts'
  const check = checked({ pipeline, source, from: 'queue' })
  expect(check).toEqual({ name: 'pipeline billing', status, detail })
})

test('a queue that cannot be read is no consumer group', () => {
  const pipeline = { membership: { joined: false, since: 0 }, guard: undefined }
  const source = { progress: () => new Map() }
  expect(checked({ pipeline, source, from: 'queue' })?.detail).toBe('its queue cannot be read')
})

test.each([
  ['never was a member of its group', false, Number.NEGATIVE_INFINITY, 'fail'],
  ['is not a member for 31 s', false, 69_000, 'fail'],
  ['is not a member for 29 s: others join', false, 71_000, 'pass'],
  ['is a member without a lane', true, 0, 'pass'],
])('a pipeline that %s', (_what, joined, since, status) => {
  const pipeline = { membership: { joined, since }, guard: undefined }
  const source = { progress: () => new Map() }
  const check = checked({ pipeline, source })
  const detail = status === 'pass' ? '0 partitions' : 'not a member of its consumer group'
  expect(check).toEqual({ name: 'pipeline billing', status, detail })
})

test.each([
  ['runs', {}, { caughtUp: false, at: 20_000 }],
  ['stalled', {}, { caughtUp: false, at: 9_000 }],
  ['apart', { membership: { joined: false, since: 0, losses: 7 } }, { caughtUp: true, at: 0 }],
  ['paused', { guard: { tripped: true } }, { caughtUp: false, at: 0 }],
])('a pipeline that %s is told as that', (state, more, lane) => {
  const pipeline = { membership: { joined: true, since: 0, losses: 7 }, guard: undefined, ...more }
  const source = { progress: () => new Map([['orders/0', lane]]) }
  const of = (from: string) => standings([assembled({ pipeline, source, from })], AT_100_S)
  expect(of('topic')).toEqual([{ pipeline: 'billing', state, rebalances: 7 }])
  expect(of('queue')).toEqual([{ pipeline: 'billing', state, rebalances: undefined }])
})

test('a pipeline is a member from the first grant until its lanes are gone', async () => {
  const worker = await startWorker()
  const [{ intake }] = sources as [(typeof sources)[number]]
  await idle(worker)
  const { pipeline } = (worker as unknown as { readonly running: readonly Assembled[] })
    .running[0] as Assembled
  expect(pipeline.membership.joined).toBe(true)
  intake.lost([])
  expect(pipeline.membership.joined).toBe(false)
  intake.granted([])
  expect(pipeline.membership.joined).toBe(true)
  await intake.revoke([])
  expect(worker.standings()).toEqual([{ pipeline: 'billing', state: 'runs', rebalances: 2 }])
  intake.granted([])
})

test('a source that waits for room in a lane is told when the lane is gone, whatever is still at work', async () => {
  const slow = Promise.withResolvers<unknown>()
  handlers['quote'] = () => slow.promise
  const worker = await startWorker(FLOW.replace('concurrency: 8', 'concurrency: 20'))
  for (let n = 0; n < 30; n++) put(n, `k${n}`)
  await eventually('the window is full', () => Promise.resolve(counts(worker)?.inFlight === 20))
  const [{ intake, source }] = sources as [(typeof sources)[number]]
  const { lanes } = source as unknown as { readonly lanes: readonly Lane[] }
  const told = intake.room(lanes[0] as Lane)
  intake.lost(lanes)
  await told
  expect(counts(worker)?.inFlight).toBe(20)
  slow.resolve({ total: 1 })
})

test('a lane that drains takes nothing and keeps nobody busy: who asks for room waits until it is gone', async () => {
  const slow = Promise.withResolvers<unknown>()
  handlers['quote'] = () => slow.promise
  const worker = await startWorker()
  put(1)
  await eventually('it is at work', () => Promise.resolve(counts(worker)?.inFlight === 1))
  const [{ intake, source }] = sources as [(typeof sources)[number]]
  const { lanes } = source as unknown as { readonly lanes: readonly Lane[] }
  let answered = false
  const revoked = intake.revoke(lanes)
  const told = intake.room(lanes[0] as Lane).then(() => (answered = true))
  await eventLoopTurn()
  expect(answered).toBe(false)
  slow.resolve({ total: 1 })
  await Promise.all([revoked, told])
})

test('a message that waits for another attempt keeps nothing of what was fetched with it', async () => {
  handlers['charge'] = () => {
    throw new Error('never')
  }
  const fetched = Buffer.alloc(1024 * 1024)
  const value = fetched.subarray(0, fetched.write(JSON.stringify({ total: 7 })))
  const worker = await startWorker(FLOW)
  topics.get('orders')?.append({
    key: null,
    value,
    headers: { trace: fetched.subarray(0, 3), many: [fetched.subarray(0, 2), 'text'] },
    timestamp: 0,
  })
  await idle(worker)
  fetched.fill(0)
  const [letter] = letters()
  expect(Buffer.from(letter?.value ?? []).toString()).toBe('{"total":7}')
  expect(String(letter?.headers['trace'])).toContain('{"t')
})
