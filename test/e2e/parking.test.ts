// Messages that wait outside of their pipeline on a real Kafka, while the worker that parked them is killed: nothing lost, nothing given up.
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTopics, produce, readTopic, topicSize } from './support/brokers-io.ts'
import { sluice, until, type Running } from './support/worker-process.ts'

const ORDERS = 2_000
const CONCURRENCY = 32
const KILLS = 2

const FILES = {
  'pipelines/fleet.yaml': `fleet: desk
prefix: \${SLUICE_PREFIX:-}
connections:
  events: { kafka: { brokers: '\${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}' } }
topics:
  orders: { in: events, partitions: 3, schema: events/order }
  noted: { in: events, partitions: 3, schema: events/order }
  billed: { in: events, partitions: 3, schema: events/order }
  orders.dlq: { in: events, deadLetters: true }
`,
  'pipelines/billing.yaml': `pipeline: billing
from: { topic: orders }
order: none
concurrency: ${CONCURRENCY}
window: 64
steps:
  - id: note
    event: { to: noted, body: '{ n: event.data.n }' }
  - id: charge
    call: { handler: charge, input: event.data }
  - id: announce
    event: { to: billed, body: '{ n: event.data.n }' }
failure:
  invalid: { deadLetter: orders.dlq }
  transient:
    retry:
      { attempts: 4, first: 10ms, max: 10ms, jitter: none, park: { after: 1, tiers: [2s, 4s] } }
    deadLetter: orders.dlq
  defect: { deadLetter: orders.dlq }
`,
  'schemas/events/order.json':
    '{ "type": "object", "properties": { "n": { "type": "integer" } }, "required": ["n"], "additionalProperties": false }',
  'workers/handlers/charge.ts': `export default ({ n }: { readonly n: number }, { message }: { readonly message: { readonly attempt: number } }) => {
  // Every third order is refused twice, however often its worker is killed.
  if (n % 3 === 0 && message.attempt < 3) throw new Error('not yet')
  return {}
}
`,
}

let root: string
let prefix: string
let workers: Running[]

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'sluice-parking-'))
  prefix = `park-${randomUUID().slice(0, 8)}.`
  workers = []
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  await createTopics(
    ['orders', 'noted', 'billed'].map((name) => ({ topic: prefix + name, numPartitions: 3 })),
  )
})
afterEach(async () => {
  for (const { child } of workers) if (child.exitCode === null) child.kill('SIGKILL')
  await Promise.all(workers.map(({ finished }) => finished))
  rmSync(root, { recursive: true })
})

function worker(...args: string[]): Running {
  const one = sluice(['--project', root, 'run', 'billing', ...args], {
    SLUICE_PREFIX: prefix,
    NO_COLOR: '1',
  })
  workers.push(one)
  return one
}

/** How often each order stands on a topic. */
async function times(topic: string): Promise<Map<number, number>> {
  const counts = new Map<number, number>()
  for (const { value } of await readTopic(prefix + topic)) {
    const { n } = JSON.parse(String(value)) as { n: number }
    counts.set(n, (counts.get(n) ?? 0) + 1)
  }
  return counts
}

test('what is parked outlives the workers that are killed, and each order is billed', async () => {
  const orders = Array.from({ length: ORDERS }, (_, n) => ({
    key: `k${n % 50}`,
    // A sender that claims to have come from a tier is not believed.
    headers: { 'sluice-park-attempt': '4', 'sluice-park-done': 'note,announce' },
    value: Buffer.from(JSON.stringify({ n })),
  }))
  await produce(`${prefix}orders`, orders)
  const billed = () => topicSize(`${prefix}billed`)
  for (let kill = 0; kill < KILLS; kill++) {
    const before = await billed()
    const one = worker()
    await until('effects flow', async () => (await billed()) > before + 200)
    one.child.kill('SIGKILL')
    await one.finished
  }
  const last = await worker('--until-idle', '--format', 'json').finished
  expect({ code: last.code, stderr: last.code === 0 ? '' : last.stderr }).toMatchObject({ code: 0 })
  const [notes, bills] = [await times('noted'), await times('billed')]
  const missing = orders.flatMap((_, n) => (notes.has(n) && bills.has(n) ? [] : [n]))
  expect(missing).toEqual([])
  expect(await topicSize(`${prefix}orders.dlq`)).toBe(0)
  const tiers = ['2s', '4s'].map((tier) => topicSize(`${prefix}billing.retry.${tier}`))
  for (const size of await Promise.all(tiers)) expect(size).toBeGreaterThan(ORDERS / 4)
  // The event before the call that fails is not sent again for being parked, only where a kill explains it.
  const again = (counts: Map<number, number>) =>
    [...counts.values()].reduce((sum, count) => sum + count - 1, 0)
  expect(again(notes)).toBeLessThanOrEqual(KILLS * 2 * CONCURRENCY)
  expect(again(bills)).toBeLessThanOrEqual(KILLS * 2 * CONCURRENCY)
  console.info(`repeats after ${KILLS} kills: ${again(notes)} notes, ${again(bills)} bills`)
})
