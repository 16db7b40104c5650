// A shadow on real brokers: nothing of it stands anywhere but in its file and in the offsets of its group, a kill costs it nothing, and
// whoever takes over from another consumer begins where that one stood.
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Entry } from '../../workers/recording/line.ts'
import { FILES } from '../differential/fleet.ts'
import { management } from '../support/management.ts'
import { openRedisView, removeKeys } from '../support/redis.ts'
import { groupsBelow, produce, queueDepth, topicEnds, withAdmin } from './support/brokers-io.ts'
import { sluice, until, type Finished } from './support/worker-process.ts'

const MESSAGES = 400
const SKUS = ['pen', 'ink', 'desk', 'free']

let root: string
const prefixes: string[] = []

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sluice-shadow-'))
  for (const [file, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(
      join(root, file),
      text.replace('fleet: shop\n', 'fleet: shop\nprefix: ${SLUICE_PREFIX:-}\n'),
    )
  }
})
afterAll(async () => {
  const redis = await openRedisView()
  for (const prefix of prefixes) {
    await management.removeBelow(prefix)
    await removeKeys(redis, prefix)
  }
  redis.disconnect()
  await rm(root, { recursive: true })
})

function newPrefix(): string {
  const prefix = `shadow-${randomUUID().slice(0, 8)}.`
  prefixes.push(prefix)
  return prefix
}

const file = (name: string) => join(root, name)

const start = (prefix: string, args: readonly string[]) =>
  sluice(['run', '--project', root, ...args], { SLUICE_PREFIX: prefix, NO_COLOR: '1' })

async function run(prefix: string, args: readonly string[]): Promise<Finished> {
  const ended = await start(prefix, [...args, '--until-idle']).finished
  expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)])
  return ended
}

const orders = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    key: `k${n % 20}`,
    value:
      n % 50 === 7
        ? Buffer.from('{"id":')
        : Buffer.from(
            JSON.stringify({ id: `o-${n}`, sku: SKUS[n % 4], parts: [1, 2, 3, 4].slice(n % 4) }),
          ),
  }))

const entries = async (path: string): Promise<Entry[]> =>
  (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry)
    .filter(({ effects }) => effects !== undefined)

/** Everything that the fleet has on the brokers. */
async function everything(prefix: string) {
  const redis = await openRedisView()
  const keys = (await redis.keys(`*${prefix}*`)).toSorted()
  redis.disconnect()
  const queues: Record<string, number | undefined> = {}
  for (const queue of (await management.queuesBelow(prefix)).toSorted())
    queues[queue] = await queueDepth(queue)
  return { topics: await topicEnds(prefix), queues, keys }
}

test('what the live one sent it would have sent, and nothing of it is anywhere on the brokers', async () => {
  const prefix = newPrefix()
  const [live, shadow] = [file('live.jsonl'), file('shadow.jsonl')]
  // Once without anything to do, so that all is there.
  await run(prefix, ['by_key', 'parked'])
  await produce(`${prefix}orders`, orders(MESSAGES))
  await run(prefix, ['by_key', 'parked', '--record', live])
  const before = await everything(prefix)
  expect(before.queues[`${prefix}all`]).toBeGreaterThan(0)
  expect(before.keys).not.toEqual([])
  const groups = await groupsBelow(prefix)

  const ended = await run(prefix, ['by_key', 'parked', '--shadow', shadow])
  expect(ended.stderr).toContain('SLU5515')
  expect(ended.stdout).toContain('kept, not sent')
  expect(await everything(prefix)).toEqual(before)
  expect((await groupsBelow(prefix)).filter((group) => !groups.includes(group))).toEqual([
    `${prefix}by_key.shadow`,
    `${prefix}parked.shadow`,
  ])
  const told = await entries(shadow)
  expect(told).toHaveLength(2 * MESSAGES)
  const kinds = new Set(told.flatMap(({ effects }) => effects.map(({ kind }) => kind)))
  expect([...kinds].toSorted()).toEqual(['command', 'dead-letter', 'event', 'job', 'store'])

  const compared = await sluice(['diff', live, shadow]).finished
  expect([compared.code, compared.stdout]).toEqual([0, expect.stringContaining('No difference.')])
})

test('killed again and again, it goes on with its file and its group, and tells of every message', async () => {
  const prefix = newPrefix()
  const [whole, killed] = [file('whole.jsonl'), file('killed.jsonl')]
  await run(prefix, ['by_key'])
  await produce(`${prefix}orders`, orders(MESSAGES * 10))
  await run(prefix, ['by_key', '--shadow', whole, '--group', 'whole'])
  let told = 0
  for (let kill = 0; kill < 3; kill++) {
    const worker = start(prefix, ['by_key', '--shadow', killed])
    const before = told
    await until('it has written something, or there is nothing left to write', async () => {
      told = (await readFile(killed, 'utf8').catch(() => '')).split('\n').length
      return told > before + 100 || told > MESSAGES * 10
    })
    worker.child.kill('SIGKILL')
    await worker.finished
  }
  await run(prefix, ['by_key', '--shadow', killed])
  const compared = await sluice(['diff', whole, killed]).finished
  expect([compared.code, compared.stdout]).toEqual([0, expect.stringContaining('No difference.')])
  expect(compared.stdout).toContain(`${(MESSAGES * 10).toLocaleString('en-US')} of`)
})

test('in the group of another consumer it begins where that one stood', async () => {
  const prefix = newPrefix()
  const live = file('taken-over.jsonl')
  await run(prefix, ['by_key'])
  await produce(`${prefix}orders`, orders(MESSAGES))
  const ends = await topicEnds(prefix)
  // The offsets that the consumer before left: half of each partition.
  const stood = (ends[`${prefix}orders`] ?? []).map((end) => Math.floor(end / 2))
  await withAdmin((admin) =>
    admin.setOffsets({
      groupId: `${prefix}by_key`,
      topic: `${prefix}orders`,
      partitions: stood.map((offset, partition) => ({ partition, offset: `${offset}` })),
    }),
  )
  await run(prefix, ['by_key', '--record', live])
  const places = (await entries(live)).map(({ message }) => message)
  const expected = stood.flatMap((from, partition) =>
    Array.from(
      { length: (ends[`${prefix}orders`]?.[partition] ?? 0) - from },
      (_, n) => `orders/${partition}/${from + n}`,
    ),
  )
  expect(places).toHaveLength(expected.length)
  expect(new Set(places)).toEqual(new Set(expected))
})

test('a load that nobody would take is not sent', async () => {
  const prefix = newPrefix()
  await run(prefix, ['by_key'])
  const before = await topicEnds(prefix)
  const load = ['load', 'by_key', '--project', root, '--for', '1s']
  const { code, stderr } = await sluice(load, { SLUICE_PREFIX: prefix }).finished
  expect([code, stderr]).toEqual([3, expect.stringContaining('SLU1198')])
  expect(await topicEnds(prefix)).toEqual(before)
})
