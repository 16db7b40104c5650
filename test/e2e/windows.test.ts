// Windows on a real Redis while whoever adds to them is killed again and again: each message is in one row, whatever was done twice.
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { KAFKA_CLIENTS } from '../support/kafka-clients.ts'
import { createTopics, produce, readTopic, topicSize } from './support/brokers-io.ts'
import { sluice, until, type Running } from './support/worker-process.ts'

const PROJECT = resolve(import.meta.dirname, 'windows-fleet')
const READINGS = 20_000
const SENSORS = 10
const KILLS = 3
const START = Date.UTC(2025, 4, 1)
const EVERY_MS = 5_000

interface Row {
  readonly id: string
  readonly sensor: string
  readonly start: string
  readonly count: number
  readonly sum: number
}

let prefix: string
const workers: Running[] = []

beforeEach(async () => {
  prefix = `windows-${randomUUID().slice(0, 8)}.`
  await createTopics([
    { topic: `${prefix}readings`, numPartitions: 4 },
    { topic: `${prefix}rows`, numPartitions: 4 },
    { topic: `${prefix}readings.dlq`, numPartitions: 1 },
  ])
})
afterEach(async () => {
  for (const { child } of workers) if (child.exitCode === null) child.kill('SIGKILL')
  await Promise.all(workers.splice(0).map(({ finished }) => finished))
})

function run(client: string, ...args: string[]): Running {
  const worker = sluice(['run', 'rolling', '--project', PROJECT, ...args], {
    SLUICE_PREFIX: prefix,
    NO_COLOR: '1',
    KAFKA_CLIENT: client,
  })
  workers.push(worker)
  return worker
}

const reading = (n: number, sensor: string, atMs: number) => ({
  key: `k${n % 300}`,
  value: Buffer.from(
    JSON.stringify({
      id: `r${n}`,
      sensor,
      at: new Date(START + atMs).toISOString(),
      value: n % 97,
    }),
  ),
})
/** Ten milliseconds apart, some of them out of order. */
const timeOf = (n: number) => n * 10 + (n % 7 === 0 ? -400 : 0) + 1_000
const sensorOf = (n: number) => `s${n % SENSORS}`

test.each(KAFKA_CLIENTS)('each reading is in one row after three kills, on %s', async (client) => {
  const readings = Array.from({ length: READINGS }, (_, n) => reading(n, sensorOf(n), timeOf(n)))
  await produce(`${prefix}readings`, readings)
  const rows = () => topicSize(`${prefix}rows`)
  for (let kill = 0; kill < KILLS; kill++) {
    const before = await rows()
    const worker = run(client)
    await until('windows are closed', async () => (await rows()) > before + 40)
    worker.child.kill('SIGKILL')
    expect((await worker.finished).signal).toBe('SIGKILL')
  }
  expect((await run(client, '--until-idle').finished).code).toBe(0)
  // Whoever comes later closes what is open: on every partition, as often as it takes.
  const later = Array.from({ length: 300 }, (_, n) =>
    reading(READINGS + n, 'end', timeOf(READINGS) + 600_000),
  )
  await produce(`${prefix}readings`, later)
  const last = await run(client, '--until-idle', '--format', 'json').finished
  expect({ code: last.code, stderr: last.code === 0 ? '' : last.stderr }).toEqual({
    code: 0,
    stderr: '',
  })
  expect(await topicSize(`${prefix}readings.dlq`)).toBe(0)

  const sent = (await readTopic(`${prefix}rows`)).map(
    ({ value }) => JSON.parse(String(value)) as Row,
  )
  const distinct = new Map<string, Row>()
  for (const row of sent)
    expect(distinct.get(row.id) ?? row).toEqual(distinct.set(row.id, row).get(row.id))
  expect(totals([...distinct.values()].filter(({ sensor }) => sensor !== 'end'))).toEqual(
    totals(
      readings.map((_, n) => ({
        sensor: sensorOf(n),
        start: new Date(START + Math.floor(timeOf(n) / EVERY_MS) * EVERY_MS).toISOString(),
        count: 1,
        sum: n % 97,
      })),
    ),
  )
  console.info(`${sent.length} rows, ${sent.length - distinct.size} of them sent again`)
})

/** Counts and sums, by window. */
function totals(rows: readonly Omit<Row, 'id'>[]): Record<string, readonly [number, number]> {
  const found: Record<string, readonly [number, number]> = {}
  for (const { sensor, start, count, sum } of rows) {
    const [counts, sums] = found[`${sensor} ${start}`] ?? [0, 0]
    found[`${sensor} ${start}`] = [counts + count, sums + sum]
  }
  return Object.fromEntries(Object.entries(found).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
