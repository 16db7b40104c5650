// Messages of a queue that come again after a lost connection: whoever was at work is taken over from, and nobody else is.
import { expect, test } from 'vitest'
import { eventLoopTurn } from '../../workers/core/clock.ts'
import { eventually } from '../support/eventually.ts'
import { edited, FLEET } from '../compile/project.ts'
import { billed, counts, FLOW, handlers, queues, startWorker, totals } from './billing-worker.ts'

const FLEET_WITH_TASKS = edited(
  'queues:',
  'state: { in: hot }\nqueues:\n  tasks: { in: work, schema: events/order }',
  FLEET,
)
const flow = (more: string) =>
  FLOW.replace('{ topic: orders }', '{ queue: tasks }')
    .replace('order: key', 'order: none')
    .replace('concurrency: 8\nwindow: 20\n', `concurrency: 1\nwindow: 1\n`)
    .replace('steps:\n', more)

const push = (id: string, total: number) =>
  queues.push('tasks', {
    id,
    key: null,
    value: Buffer.from(JSON.stringify({ total })),
    headers: {},
    timestamp: 0,
    contentType: 'application/json',
  })

test.each([
  [
    'with one key of dedupe',
    'steps:\n  - id: seen\n    dedupe: { key: \'"k"\', window: 1h }\n',
    ['a', 'b'],
  ],
  ['with one id', 'once: { window: 1h }\nsteps:\n', ['a', 'a']],
] as const)('two messages %s have one effect', async (_what, more, [one, other]) => {
  const [before, after] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const tried: number[] = []
  handlers['charge'] = async (input) => {
    tried.push((input as { total: number }).total)
    await (tried.length === 1 ? before : after).promise
    return {}
  }
  const start = () => startWorker(flow(more), '20s', FLEET_WITH_TASKS)
  const workers = [await start(), await start()]
  const bothHaveOne = () => workers.every((worker) => counts(worker)?.inFlight === 1)
  push(one, 1)
  await eventually('one is at work', () => tried.length === 1)
  push(other, 2)
  await eventually('the other one waits for it', bothHaveOne)
  queues.setAvailable(false)
  queues.setAvailable(true)
  before.resolve()
  await eventually('both came again', () =>
    workers.every((worker) => counts(worker)?.accepted === 2),
  )
  await eventually('one of them is done again', () => tried.length >= 2)
  for (let turn = 0; turn < 50; turn++) await eventLoopTurn()
  after.resolve()
  await eventually('nothing is left', async () =>
    (await Promise.all(workers.map((worker) => worker.isIdle()))).every(Boolean),
  )
  expect(tried).toHaveLength(2)
  expect(totals(billed())).toHaveLength(1)
  expect(workers.reduce((sum, worker) => sum + (counts(worker)?.duplicates ?? 0), 0)).toBe(1)
})

test('one that comes again alone waits for its twin that is at work right here', async () => {
  const after = Promise.withResolvers<void>()
  const tried: number[] = []
  handlers['charge'] = async (input) => {
    const { total } = input as { total: number }
    if (total === 0) return {}
    tried.push(total)
    await after.promise
    return {}
  }
  const once = flow('once: { window: 1h }\nsteps:\n')
  const wide = once.replace('concurrency: 1\nwindow: 1', 'concurrency: 2\nwindow: 2')
  const leaves = await startWorker(once, '20s', FLEET_WITH_TASKS)
  const stays = await startWorker(wide, '20s', FLEET_WITH_TASKS)
  // They take turns.
  push('filler', 0)
  await eventually('it is done', () => counts(leaves)?.acked === 1)
  push('a', 1)
  await eventually('it is at work', () => tried.length === 1)
  push('a', 2)
  await eventually('its twin waits', () => counts(leaves)?.inFlight === 1)
  await leaves.stop()
  await eventually('the twin came again', () => counts(stays)?.accepted === 2)
  for (let turn = 0; turn < 50; turn++) await eventLoopTurn()
  expect(tried).toEqual([1])
  after.resolve()
  await eventually('nothing is left', () => stays.isIdle())
  expect(tried).toEqual([1])
  expect(counts(stays)).toMatchObject({ acked: 1, duplicates: 1 })
})
