// A projection is lost, and made anew from the first event on: it holds what it held, what is newer stays, and nobody is told anything twice.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRedisView, removeKeys } from '../support/redis.ts'
import { drainQueue, produce } from './support/brokers-io.ts'
import { PLATFORM } from './support/platform/platform.ts'
import { sluice } from './support/worker-process.ts'

const MODELS = 20
const VERSIONS = 10

let prefix: string
let view: Redis
let folder: string
beforeEach(async () => {
  prefix = `rebuild-${randomUUID().slice(0, 8)}.`
  view = await openRedisView()
  folder = mkdtempSync(join(tmpdir(), 'sluice-rebuild-'))
})
afterEach(async () => {
  await removeKeys(view, prefix)
  await removeKeys(view, `{${prefix}`)
  view.disconnect()
  rmSync(folder, { recursive: true })
})

const modelLife = async (...args: string[]) => {
  const all = ['run', 'model-life', '--project', PLATFORM, '--until-idle', ...args]
  const { code, stderr } = await sluice(all, { SLUICE_PREFIX: prefix, NO_COLOR: '1' }).finished
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
}

const SHOWN: ReadonlySet<string> = new Set(['model_id', 'stage', 'version', 'since'])

async function models(): Promise<Record<string, Record<string, unknown>>> {
  const found: Record<string, Record<string, unknown>> = {}
  for (const key of await view.keys(`${prefix}*`))
    if ((await view.type(key)) === 'hash') {
      const fields = Object.entries(await view.hgetall(key)).filter(([name]) => SHOWN.has(name))
      const held = Object.fromEntries(
        fields.map(([name, text]): [string, unknown] => [name, JSON.parse(text)]),
      )
      if (typeof held['model_id'] === 'string') found[held['model_id']] = held
    }
  return found
}

const deployed = (model: number, version: number) => ({
  key: `m${model}`,
  value: Buffer.from(
    JSON.stringify({
      event_id: `e${model}-${version}`,
      event_type: 'model_deployed',
      model_id: `m${model}`,
      version,
      timestamp: new Date(Date.UTC(2025, 0, version)).toISOString(),
      endpoint: '/models',
    }),
  ),
})

test('what a pipeline stores is made anew, and only that', { timeout: 120_000 }, async () => {
  // Once without anything to do: what is declared is there then.
  await modelLife()
  const events = Array.from({ length: VERSIONS }, (_, version) =>
    Array.from({ length: MODELS }, (__, model) => deployed(model, version + 1)),
  ).flat()
  await produce(`${prefix}model_life`, events)
  await modelLife()
  const before = await models()
  expect(Object.keys(before)).toHaveLength(MODELS)
  expect(before['m7']).toMatchObject({ version: VERSIONS, stage: 'model_deployed' })
  const told = await drainQueue(`${prefix}notifications.chat`)
  expect(told).toHaveLength(events.length)

  await removeKeys(view, prefix)
  await removeKeys(view, `{${prefix}`)
  expect(await models()).toEqual({})
  // Somebody who is live has stored what is newer by then: it stays.
  await produce(`${prefix}model_life`, [deployed(3, VERSIONS + 5)])
  await modelLife()
  expect(await models()).toMatchObject({ m3: { version: VERSIONS + 5 } })
  await drainQueue(`${prefix}notifications.chat`)

  await modelLife('--shadow', join(folder, 'rebuilt.jsonl'), '--stores', '--start', 'earliest')
  const after = await models()
  expect(after).toEqual({ ...before, m3: { ...before['m3'], ...after['m3'] } })
  expect(after['m3']).toMatchObject({ version: VERSIONS + 5 })
  expect(await drainQueue(`${prefix}notifications.chat`)).toEqual([])
})
