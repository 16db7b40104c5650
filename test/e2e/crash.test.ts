// A worker killed without warning, three times, while effects flow: nothing lost, keys in order, few repeats, back at work soon.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { KAFKA_CLIENTS } from '../support/kafka-clients.ts'
import { produce, topicSize } from './support/brokers-io.ts'
import { startFleet, type FleetRun } from './support/fleet-run.ts'
import { makeLoad } from './support/load.ts'
import { judge } from './support/verdict.ts'
import { until } from './support/worker-process.ts'

const CONCURRENCY = 256
const KILLS = 3

let fleet: FleetRun
beforeEach(async () => {
  fleet = await startFleet()
})
afterEach(() => fleet.end())

test.each(KAFKA_CLIENTS)('SIGKILL three times under load, on %s', async (client) => {
  const env = { KAFKA_CLIENT: client }
  const load = makeLoad({
    events: 50_000,
    keys: 500,
    malformed: 0.01,
    transient: 0.01,
    permanent: 0.002,
    filtered: 0.05,
  })
  await produce(`${fleet.prefix}requests`, load)
  const results = () => topicSize(`${fleet.prefix}results`)
  for (let kill = 0; kill < KILLS; kill++) {
    const before = await results()
    const worker = fleet.worker([], env)
    // The first bound is the issue's: new effects within 10 s of a kill.
    await until('new effects flow', async () => (await results()) > before, 10_000)
    await until('many effects flow', async () => (await results()) > before + 3_000)
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
  // Messages, not effects, are repeated: a message has at most one effect of each kind.
  const most = Math.max(...Object.values(verdict.repeats))
  expect(most).toBeLessThanOrEqual(KILLS * 2 * CONCURRENCY)
  console.info(`repeats after ${KILLS} kills: ${JSON.stringify(verdict.repeats)}`)
})
