// A second worker joins and leaves under load, three times: nothing lost, keys in order, next to nothing repeated.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { KAFKA_CLIENTS } from '../support/kafka-clients.ts'
import { produce, topicSize } from './support/brokers-io.ts'
import { startFleet, type FleetRun } from './support/fleet-run.ts'
import { makeLoad } from './support/load.ts'
import { judge } from './support/verdict.ts'
import { until } from './support/worker-process.ts'

let fleet: FleetRun
beforeEach(async () => {
  fleet = await startFleet()
})
afterEach(() => fleet.end())

const ROUNDS = 3
const CONCURRENCY = 256

test.each(KAFKA_CLIENTS)('joining and leaving three times under load, on %s', async (client) => {
  const env = { KAFKA_CLIENT: client }
  const load = makeLoad({
    events: 80_000,
    keys: 500,
    malformed: 0.01,
    transient: 0.01,
    permanent: 0.002,
    filtered: 0.05,
  })
  const requests = `${fleet.prefix}requests`
  const results = () => topicSize(`${fleet.prefix}results`)
  const first = fleet.worker(['--format', 'json'], env)
  await fleet.running(first)
  // Load keeps coming while workers come and go.
  const share = load.length / (2 * ROUNDS)
  for (let round = 0; round < ROUNDS; round++) {
    const before = await results()
    await produce(requests, load.slice(2 * round * share, (2 * round + 1) * share))
    const second = fleet.worker(['--format', 'json'], env)
    await fleet.running(second)
    await until('effects flow after the join', async () => (await results()) > before, 20_000)
    await produce(requests, load.slice((2 * round + 1) * share, (2 * round + 2) * share))
    second.child.kill('SIGTERM')
    const { code, stderr } = await second.finished
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  }
  first.child.kill('SIGTERM')
  expect((await first.finished).code).toBe(0)
  const last = await fleet.worker(['--until-idle', '--format', 'json'], env).finished
  expect(last.code).toBe(0)
  const verdict = await judge(fleet.prefix, load)
  expect(verdict).toMatchObject({ lost: [], invented: [], disordered: [] })
  expect(Math.max(...Object.values(verdict.repeats))).toBeLessThanOrEqual(
    2 * ROUNDS * 2 * CONCURRENCY,
  )
  console.info(`repeats after ${ROUNDS} joins and leaves: ${JSON.stringify(verdict.repeats)}`)
})
