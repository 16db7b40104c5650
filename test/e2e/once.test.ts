// A worker with once, killed without warning four times while effects flow: no stored value is written twice, and repeats of messages have no effect.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startRedis, type IsolatedBroker } from '../../infra/brokers/index.ts'
import { openRedisView } from '../support/redis.ts'
import { produce, topicSize } from './support/brokers-io.ts'
import { startFleet, type FleetRun } from './support/fleet-run.ts'
import { makeLoad } from './support/load.ts'
import { judge } from './support/verdict.ts'
import { until } from './support/worker-process.ts'

const CONCURRENCY = 256
const KILLS = 4

let fleet: FleetRun
let redis: IsolatedBroker
beforeEach(async () => {
  redis = await startRedis()
  fleet = await startFleet('remembering')
})
afterEach(async () => {
  await fleet.end()
  await redis.stop()
})

/** How often each key was written, as the server itself tells. */
async function watchWrites(start: string) {
  const place = { host: '127.0.0.1', port: redis.port, password: undefined }
  const view = await openRedisView(place)
  await view.config('SET', 'notify-keyspace-events', 'E$')
  const listener = await openRedisView(place)
  const writes = new Map<string, number>()
  listener.on('message', (_channel: string, key: string) => {
    if (key.startsWith(start)) writes.set(key, (writes.get(key) ?? 0) + 1)
  })
  await listener.subscribe('__keyevent@0__:set')
  return { view, writes, end: () => [view, listener].forEach((client) => client.disconnect()) }
}

/** On a busy machine each of the five workers takes its time to join the group. */
const PATIENCE_MS = 300_000

test('SIGKILL four times under load: nothing stored twice', { timeout: PATIENCE_MS }, async () => {
  const load = makeLoad({
    events: 20_000,
    keys: 500,
    malformed: 0.01,
    transient: 0.01,
    permanent: 0.002,
    filtered: 0.05,
  })
  const stored = `${fleet.prefix}proof:remembered:`
  const { view, writes, end } = await watchWrites(stored)
  await produce(`${fleet.prefix}requests`, load)
  // What its producer sends twice, elsewhere: a thousand repeats under other keys.
  const again = load.filter(({ fate }) => fate === 'scored').slice(0, 1_000)
  await produce(
    `${fleet.prefix}requests`,
    again.map(({ value }, n) => ({ key: `again-${n}`, value })),
  )
  const env = { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(redis.port) }
  const results = () => topicSize(`${fleet.prefix}results`)
  for (let kill = 0; kill < KILLS; kill++) {
    const before = await results()
    const worker = fleet.worker([], env)
    await until('many effects flow', async () => (await results()) > before + 2_000)
    worker.child.kill('SIGKILL')
    expect((await worker.finished).signal).toBe('SIGKILL')
  }
  const last = await fleet.worker(['--until-idle', '--format', 'json'], env).finished
  expect({ code: last.code, stderr: last.code === 0 ? '' : last.stderr }).toEqual({
    code: 0,
    stderr: '',
  })
  const verdict = await judge(fleet.prefix, load)
  expect(verdict).toMatchObject({ lost: [], invented: [], disordered: [] })
  const most = Math.max(...Object.values(verdict.repeats))
  expect(most).toBeLessThanOrEqual(KILLS * 2 * CONCURRENCY)
  const scored = load.filter(({ fate }) => fate === 'scored')
  expect([...writes].filter(([, times]) => times !== 1)).toEqual([])
  expect(writes.size).toBe(scored.length)
  const { id, score } = scored[0] as (typeof scored)[number]
  expect(JSON.parse((await view.get(`${stored}${id}`)) ?? '')).toEqual({ event_id: id, score })
  const { duplicates } = (
    JSON.parse(last.stdout) as { pipelines: { remembering: { duplicates: number } } }
  ).pipelines.remembering
  console.info(
    `after ${KILLS} kills: ${writes.size} stored once; repeats ${JSON.stringify(verdict.repeats)}; the last worker suppressed ${duplicates}`,
  )
  end()
})
