// RabbitMQ killed while messages are parked there and come back: each of them is billed, and none becomes a dead letter.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startRabbit, type IsolatedBroker } from '../../infra/brokers/index.ts'
import { queueDepth, sendToQueue } from './support/brokers-io.ts'
import { CONCURRENCY, FORGED, openParkingDesk, type ParkingDesk } from './support/parking-desk.ts'
import { until } from './support/worker-process.ts'

const ORDERS = 3_000
/** What RabbitMQ moves at once from one queue to another: it moves that again if it is killed before it has noted so. */
const MOVING = 32
const TIERS = ['2s', '4s']

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

const queue = (name: string) => desk.prefix + name
const waiting = async () => {
  const depths = TIERS.map((tier) => queueDepth(queue(`billing.retry.${tier}`)))
  return (await Promise.all(depths)).reduce<number>((sum, depth = 0) => sum + depth, 0)
}

test(
  'killed twice during parking: nothing is lost, each order is billed, and nothing is left',
  { timeout: 300_000 },
  async () => {
    const worker = desk.worker()
    await until('the queues are there', async () =>
      (
        await Promise.all(
          ['orders', 'billing.retry', 'billing.retry.4s'].map((name) => queueDepth(queue(name))),
        )
      ).every((depth) => depth === 0),
    )
    // RabbitMQ 3.10 that is killed never brings back a quorum queue younger than about two seconds: that is its own loss.
    const since = performance.now()
    await until('the queues have settled', () => performance.now() - since > 5_000)
    await sendToQueue(
      queue('orders'),
      Array.from({ length: ORDERS }, (_, n) => ({
        messageId: `order-${n}`,
        headers: FORGED,
        value: Buffer.from(JSON.stringify({ n })),
      })),
    )
    for (const kill of ['first', 'second']) {
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
    expect({ code: last.code, stderr: last.code === 0 ? '' : last.stderr }).toMatchObject({
      code: 0,
    })

    const [notes, bills] = [await desk.ledger('noted', ORDERS), await desk.ledger('billed', ORDERS)]
    expect([notes.lost, bills.lost]).toEqual([[], []])
    expect(await desk.letters()).toBe(0)
    const left = ['orders', 'billing.retry', ...TIERS.map((tier) => `billing.retry.${tier}`)]
    expect(await Promise.all(left.map((name) => queueDepth(queue(name))))).toEqual(
      left.map(() => 0),
    )
    const explained = 2 * (2 * CONCURRENCY + TIERS.length * MOVING)
    expect(notes.again).toBeLessThanOrEqual(explained)
    expect(bills.again).toBeLessThanOrEqual(explained)
    console.info(`repeats after two kills of RabbitMQ: ${notes.again} notes, ${bills.again} bills`)
  },
)
