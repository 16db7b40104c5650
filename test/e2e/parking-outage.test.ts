// RabbitMQ killed while messages are parked there and come back: each of them is billed, and none becomes a dead letter.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startRabbit, type IsolatedBroker } from '../../infra/brokers/index.ts'
import { findings } from '../../workers/oracle/ledger.ts'
import { queueDepth, sendToQueue } from './support/brokers-io.ts'
import { CONCURRENCY, FORGED, openParkingDesk, type ParkingDesk } from './support/parking-desk.ts'
import { until } from './support/worker-process.ts'

const ORDERS = 3_000
const KILLS = ['first', 'second']
/** What RabbitMQ moves at once from one queue to another: it moves that again if it is killed before it has noted so. */
const MOVING = 32
const TIERS = ['billing.retry.2s', 'billing.retry.4s']
const QUEUES = ['orders', 'billing.retry', ...TIERS]

const before = { ...process.env }
let rabbit: IsolatedBroker
let desk: ParkingDesk

beforeEach(async () => {
  rabbit = await startRabbit()
  Object.assign(process.env, rabbit.env)
  desk = await openParkingDesk('queue', 60)
})
afterEach(async () => {
  await desk.end()
  await rabbit.stop()
  for (const name of Object.keys(rabbit.env)) process.env[name] = before[name]
})

/** By queue; undefined for one that is not there. */
const depths = async (names: readonly string[]) =>
  Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, await queueDepth(desk.prefix + name)] as const),
    ),
  )
const waiting = async () =>
  Object.values(await depths(TIERS)).reduce<number>((sum, depth = 0) => sum + depth, 0)

const EMPTY = Object.fromEntries(QUEUES.map((name) => [name, 0]))

test('killed twice during parking: nothing is lost, each order is billed, and nothing is left', async () => {
  const worker = desk.worker()
  await until('the queues are there', async () =>
    Object.values(await depths(QUEUES)).every((depth) => depth === 0),
  )
  // RabbitMQ 3.10 that is killed never brings back a quorum queue younger than about two seconds: that is its own loss.
  const since = performance.now()
  await until('the queues have settled', () => performance.now() - since > 5_000)
  await sendToQueue(
    `${desk.prefix}orders`,
    Array.from({ length: ORDERS }, (_, n) => ({
      messageId: `order-${n}`,
      headers: FORGED,
      value: Buffer.from(JSON.stringify({ n })),
    })),
  )
  for (const kill of KILLS) {
    const done = await desk.billed()
    await until(
      `effects flow and messages wait, before the ${kill} kill`,
      async () => (await waiting()) > 50 && (await desk.billed()) > done + 100,
    )
    const heard = worker.stderr().length
    await rabbit.kill('SIGKILL')
    await until('it is noticed', () => worker.stderr().slice(heard).includes('was lost'), 30_000)
    await rabbit.restart()
  }
  await until('everything is billed', async () => (await desk.billed()) >= ORDERS, 150_000)
  worker.child.kill('SIGTERM')
  const { code, stderr } = await worker.finished
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  const last = await desk.worker('--until-idle').finished
  expect({ code: last.code, stderr: last.code === 0 ? '' : last.stderr }).toMatchObject({ code: 0 })

  expect(await depths(QUEUES)).toEqual(EMPTY)
  const explained = KILLS.length * (2 * CONCURRENCY + TIERS.length * MOVING)
  const account = await desk.account(ORDERS, explained, {})
  expect(findings(account)).toEqual([])
  console.info(`done again after two kills of RabbitMQ: ${account.repeats} of ${account.allowed}`)
}, 300_000)
