// `sluice warm` as an operator meets it: on a real topic, by a file, and with Redis away.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileFleet } from '../../workers/compile/compile.ts'
import { createComposition } from '../../workers/composition.ts'
import { topicAt } from '../../workers/core/address.ts'
import type { FleetPlan, TopicPlan } from '../../workers/core/plan.ts'
import { makeConnections } from '../../workers/runtime/connections.ts'
import { openRedisView, removeKeys } from '../support/redis.ts'
import { sluice } from './support/worker-process.ts'

const ROOT = join(import.meta.dirname, '../..')
const prefix = `warm-${randomUUID().slice(0, 8)}.`
let folder: string

const request = (n: number) => ({
  event_id: `e${n}`,
  event_type: 'prediction_request',
  timestamp: '2026-01-01T00:00:00Z',
  model_id: 'sales_model_v1',
  features: { user_id: n, product_id: 1 },
})

const warm = async (args: readonly string[], env: Record<string, string> = {}) => {
  const { code, stdout, stderr } = await sluice(
    ['warm', 'predictions', '--format', 'json', '--project', ROOT, ...args],
    { SLUICE_PREFIX: prefix, ...env },
  ).finished
  return { code, stderr, report: stdout === '' ? undefined : (JSON.parse(stdout) as unknown) }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-warm-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  const view = await openRedisView()
  await removeKeys(view, prefix)
  view.disconnect()
})

test('fills a cache by the newest messages of a topic, once, and leaves no group behind', async () => {
  const plan = compileFleet(ROOT).plan as FleetPlan
  const { world, log, drivers } = createComposition(process.env)
  const connections = makeConnections({ plan, factories: drivers(false), world, log }, ['events'])
  const driver = connections.log('events')
  const topic = topicAt(prefix, plan.topics['ml_events'] as TopicPlan)
  await driver.connect()
  await driver.ensureTopics([topic])
  const sink = driver.sink(topic)
  // All on one partition: of the sixty the newest forty are asked for.
  for (let n = 0; n < 60; n++)
    await sink.send({
      id: `e${n}`,
      key: Buffer.from('one'),
      value: Buffer.from(JSON.stringify(request(n))),
      headers: {},
      timestamp: world.clock.now(),
      contentType: 'application/json',
    })
  await driver.close()
  expect(await warm(['--last', '40'])).toMatchObject({
    code: 0,
    report: {
      version: 1,
      pipeline: 'predictions',
      messages: 40,
      asked: 40,
      failed: 0,
      caches: { predictions: { loads: 40, misses: 40, hits: 0, bypassed: 0 } },
    },
  })
  const view = await openRedisView()
  const keys = await view.keys(`${prefix}ml-platform:predictions:*`)
  view.disconnect()
  expect(keys).toHaveLength(40)
  expect(await warm(['--last', '50'])).toMatchObject({
    code: 0,
    report: { caches: { predictions: { loads: 10, hits: 40 } } },
  })
})

test('fills it by a file; what cannot be loaded is said, and the rest is there', async () => {
  const file = join(folder, 'feed.jsonl')
  const lines = [1000, 1001, 1000].map((n) => JSON.stringify({ value: request(n) }))
  const unknown = JSON.stringify({ value: { ...request(1), model_id: 'nobody' } })
  writeFileSync(file, [...lines, unknown, '{"value":{"odd":1}}'].join('\n'))
  const { code, stderr, report } = await warm(['--feed', file])
  expect(report).toMatchObject({
    asked: 3,
    invalid: 1,
    failed: 1,
    caches: { predictions: { loads: 2, hits: 1 } },
  })
  expect(code).toBe(1)
  expect(stderr).toContain('unknown model nobody')
})

test('says what it cannot do: 2 for a mistake of the caller, 3 where Redis is away', async () => {
  const file = join(folder, 'one.jsonl')
  writeFileSync(file, JSON.stringify({ value: request(1) }))
  expect(await warm(['--feed', join(folder, 'nowhere.jsonl')])).toMatchObject({ code: 2 })
  expect(await warm(['--last', 'all'])).toMatchObject({ code: 2 })
  const away = await warm(['--feed', file], { REDIS_PORT: '1' })
  expect(away).toMatchObject({ code: 3, report: undefined })
  expect(away.stderr).toContain('SLU1101')
})
