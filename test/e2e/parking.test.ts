// Messages that wait outside of their pipeline on real brokers, while the worker that parked them is killed: nothing lost, nothing given up.
import { Queue } from 'bullmq'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { findings } from '../../workers/oracle/ledger.ts'
import { openRedisView } from '../support/redis.ts'
import { produce, topicSize } from './support/brokers-io.ts'
import { CONCURRENCY, FORGED, openParkingDesk, type ParkingDesk } from './support/parking-desk.ts'
import { until } from './support/worker-process.ts'

const ORDERS = 2_000
const KILLS = 2

let desk: ParkingDesk

afterEach(() => desk.end())

const orders = Array.from({ length: ORDERS }, (_, n) => ({ n }))

/** Kills two workers while effects flow, and lets a third one come to the end. */
async function workThroughKills(): Promise<void> {
  for (let kill = 0; kill < KILLS; kill++) {
    const before = await desk.billed()
    const one = desk.worker()
    await until('effects flow', async () => (await desk.billed()) > before + 200)
    one.child.kill('SIGKILL')
    await one.finished
  }
  const last = await desk.worker('--until-idle', '--format', 'json').finished
  expect({ code: last.code, stderr: last.code === 0 ? '' : last.stderr }).toMatchObject({ code: 0 })
}

/** The event before the call that fails is not sent again for being parked, only where a kill explains it. */
async function eachIsBilled(residue: Record<string, number> = {}): Promise<void> {
  const account = await desk.account(ORDERS, KILLS * 2 * CONCURRENCY, residue)
  expect(findings(account)).toEqual([])
  console.info(`done again after ${KILLS} kills: ${account.repeats} of ${account.allowed}`)
}

test('what is parked of a topic outlives the workers that are killed, and each order is billed', async () => {
  desk = await openParkingDesk('topic')
  await produce(
    `${desk.prefix}orders`,
    orders.map((order) => ({
      key: `k${order.n % 50}`,
      headers: FORGED,
      value: Buffer.from(JSON.stringify(order)),
    })),
  )
  await workThroughKills()
  await eachIsBilled()
  const tiers = ['2s', '4s'].map((tier) => topicSize(`${desk.prefix}billing.retry.${tier}`))
  for (const size of await Promise.all(tiers)) expect(size).toBeGreaterThan(ORDERS / 4)
})

test('jobs that are parked outlive the workers that are killed, and their attempts are counted on', async () => {
  desk = await openParkingDesk('jobs')
  const connection = await openRedisView()
  const queue = new Queue(`${desk.prefix}orders`, { connection })
  onTestFinished(async () => {
    await queue.obliterate({ force: true })
    await queue.close()
    connection.disconnect()
  })
  const telemetry = { metadata: JSON.stringify(FORGED) }
  await queue.addBulk(
    orders.map((data) => ({ name: 'order', data, opts: { jobId: `order-${data.n}`, telemetry } })),
  )
  await workThroughKills()
  await eachIsBilled(await queue.getJobCounts('wait', 'active', 'delayed', 'failed'))
  const third = await queue.getJob('order-3')
  expect(third?.returnvalue).toEqual({ outcome: 'acked', attempts: 3 })
})
