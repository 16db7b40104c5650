// Breakers in the whole runtime: an open one holds the pipeline, costs no attempt, is seen from outside, and lets go by itself.
import { expect, test } from 'vitest'
import { eventLoopTurn } from '../../workers/core/clock.ts'
import { retryAfter } from '../../workers/core/handler.ts'
import { edited, FLEET } from '../compile/project.ts'
import { eventually } from '../support/eventually.ts'
import {
  billed,
  committed,
  counts,
  FLOW,
  handlers,
  idle,
  letters,
  log,
  put,
  queues,
  startWorker,
  totals,
} from './billing-worker.ts'

const BREAKER = '{ window: 20, minimum: 4, failureRate: 50, open: 20ms, probes: 2 }'
const fleetWith = (breaker = BREAKER, connection = '') =>
  edited(
    'topics:',
    `policies: { breakers: { pay: ${breaker} } }\ntopics:`,
    edited('secret: RABBITMQ_PASSWORD }', `secret: RABBITMQ_PASSWORD }${connection}`, FLEET),
  )
const GUARDED = edited('handler: charge,', 'handler: charge, breaker: pay,', FLOW)
const start = (flow = GUARDED, fleet = fleetWith()) => startWorker(flow, '20s', fleet)
const all = (count: number) => Array.from({ length: count }, (_, n) => n)
const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)

test('while it is open nothing is tried, nothing is given up, and afterwards everything gets through', async () => {
  let down = true
  let calls = 0
  handlers['charge'] = () => {
    calls++
    if (down) throw new Error('connection refused')
    return {}
  }
  for (let n = 0; n < 60; n++) put(n, `k${n % 7}`)
  const worker = await start()
  await eventually(
    'several probes failed',
    () => (worker.counts.breakers['pay']?.failedProbes ?? 0) >= 6,
  )
  expect(worker.checks()).toContainEqual(
    expect.objectContaining({ name: 'pipeline billing', status: 'fail' }),
  )
  // The window fills, and one probe after the other; a retry policy would have tried each of them three times.
  expect(calls).toBeLessThan(30)
  expect(letters()).toEqual([])
  down = false
  await idle(worker)
  expect(sorted(totals(billed()))).toEqual(all(60))
  expect(counts(worker)).toMatchObject({ acked: 60, deadLettered: 0 })
  expect(counts(worker)?.retried).toBeLessThan(4)
  expect(worker.counts.breakers['pay']).toMatchObject({ state: 'closed', opened: 1 })
  expect(worker.checks().every(({ status }) => status === 'pass')).toBe(true)
  const said = log.lines.filter((line) => JSON.stringify(line).includes('A breaker opened'))
  expect(said).toHaveLength(1)
})

test('probes go round: a message that always fails does not keep the others waiting', async () => {
  let down = true
  const tried: number[] = []
  handlers['charge'] = (input) => {
    const { total } = input as { total: number }
    tried.push(total)
    if (down || total === 0) throw retryAfter(1, 'busy')
    return {}
  }
  for (let n = 0; n < 12; n++) put(n, `k${n}`)
  const worker = await start()
  await eventually(
    'several probes failed',
    () => (worker.counts.breakers['pay']?.failedProbes ?? 0) >= 4,
  )
  down = false
  await idle(worker)
  expect(sorted(totals(billed()))).toEqual(all(12).slice(1))
  expect(letters()).toHaveLength(1)
  expect(String(letters()[0]?.headers['sluice-dlq-attempts'])).toBe('3')
})

test('with one message in line after the other, the one that always fails costs attempts in the end', async () => {
  let down = true
  handlers['charge'] = (input) => {
    if (down || (input as { total: number }).total === 0) throw new Error('no')
    return {}
  }
  for (let n = 0; n < 8; n++) put(n)
  const breaker = '{ window: 4, minimum: 1, failureRate: 50, open: 5ms, probes: 1, patience: 30ms }'
  const worker = await start(edited('order: key', 'order: partition', GUARDED), fleetWith(breaker))
  await eventually('it opened', () => worker.counts.breakers['pay']?.opened === 1)
  down = false
  await idle(worker)
  expect(totals(billed())).toEqual(all(8).slice(1))
  expect(letters()).toHaveLength(1)
  await worker.stop()
  expect(committed()).toBe(8)
})

test('a connection has one as well: what its steps send is held back together', async () => {
  const push = queues.push.bind(queues)
  let confirms = false
  let pushes = 0
  queues.push = (address, message) => {
    pushes++
    return confirms ? push(address, message) : 'unroutable'
  }
  for (let n = 0; n < 40; n++) put(n, `k${n}`)
  const worker = await start(FLOW, fleetWith(BREAKER, ', breaker: pay'))
  await eventually(
    'several probes failed',
    () => (worker.counts.breakers['pay']?.failedProbes ?? 0) >= 3,
  )
  expect(pushes).toBeLessThan(20)
  confirms = true
  await idle(worker)
  expect(sorted(totals(queues.peek('alerts')))).toEqual(all(40))
  expect(counts(worker)).toMatchObject({ acked: 40, deadLettered: 0 })
})

test('while it is open nothing begins, not even the steps before the call', async () => {
  let quotes = 0
  handlers['quote'] = (input) => {
    quotes++
    return input
  }
  handlers['charge'] = () => {
    throw new Error('connection refused')
  }
  for (let n = 0; n < 60; n++) put(n, `k${n}`)
  const breaker = '{ window: 20, minimum: 4, failureRate: 50, open: 1h }'
  const wide = edited('window: 20', 'window: 1000', GUARDED)
  const worker = await start(wide, fleetWith(breaker))
  await eventually('it opened', () => worker.counts.breakers['pay']?.state === 'open')
  await eventually('all is taken', () => counts(worker)?.inFlight === 60)
  for (let turn = 0; turn < 50; turn++) await eventLoopTurn()
  // Those that made it open, and those that were at work then.
  expect(quotes).toBeLessThanOrEqual(4 + 8)
  expect(queues.peek('alerts').length).toBeLessThanOrEqual(4 + 8)
})

test('while it is open the source is paused, also while it is probed, and goes on when it is closed', async () => {
  let down = false
  handlers['charge'] = () => {
    if (down) throw new Error('connection refused')
    return {}
  }
  const failedProbes = () => worker.counts.breakers['pay']?.failedProbes ?? 0
  // One key: whatever is taken waits behind the first, and is no more than a place in the window.
  const wide = edited('window: 20', 'window: 1000', GUARDED)
  put(0)
  const worker = await start(wide, fleetWith(edited('open: 20ms', 'open: 5ms', BREAKER)))
  await idle(worker)
  down = true
  for (let n = 1; n <= 4; n++) put(n, `other ${n}`)
  await eventually('it opened', () => worker.counts.breakers['pay']?.opened === 1)
  for (let n = 5; n < 500; n++) put(n)
  const before = failedProbes()
  await eventually('it was probed again and again', () => failedProbes() > before + 10)
  expect(counts(worker)?.inFlight).toBe(8)
  down = false
  await idle(worker)
  expect(counts(worker)).toMatchObject({ acked: 500, deadLettered: 0 })
})

test('a worker that is stopped while it is open hands everything back', async () => {
  handlers['charge'] = () => {
    throw new Error('connection refused')
  }
  for (let n = 0; n < 30; n++) put(n, `k${n}`)
  const breaker = '{ window: 20, minimum: 4, failureRate: 50, open: 1h }'
  const worker = await start(GUARDED, fleetWith(breaker))
  await eventually('it opened', () => worker.counts.breakers['pay']?.state === 'open')
  await worker.stop()
  const { accepted, released } = counts(worker) ?? {}
  expect(counts(worker)).toMatchObject({ acked: 0, deadLettered: 0, inFlight: 0 })
  expect(released).toBe(accepted)
  expect(committed() ?? 0).toBe(0)
})
