// A Redis that could forget is no state store: it is refused with what to change, and taken once that is changed.
import { randomUUID } from 'node:crypto'
import { expect, it, onTestFinished } from 'vitest'
import { startRedis } from '../../../infra/brokers/index.ts'
import { systemWorld } from '../../../workers/core/clock.ts'
import type { Claim } from '../../../workers/core/contract.ts'
import { createRedisStateDriver } from '../../../workers/drivers/redis/state.ts'
import { rejectionOf } from '../../contract/queue.contract.ts'
import { eventually } from '../../support/eventually.ts'
import { recordedLog } from '../../support/recorded-log.ts'
import { openRedisView } from '../../support/redis.ts'

async function ownRedis() {
  const broker = await startRedis()
  const place = { host: '127.0.0.1', port: broker.port, password: undefined }
  const view = await openRedisView(place)
  const state = createRedisStateDriver(place, {
    world: systemWorld,
    log: recordedLog(),
    origin: 'connection hot (pipelines/fleet.yaml:6)',
    clientId: 'test',
  })
  onTestFinished(async () => {
    await state.close()
    view.disconnect()
    await broker.stop()
  })
  return { broker, view, state }
}

const claim = (): Claim => ({
  key: `k-${randomUUID()}`,
  place: 'orders/0/1',
  token: 'w1',
  message: 'orders/1',
  again: 0,
  leaseMs: 60_000,
  keepMs: 60_000,
})

it('refuses a Redis that evicts or keeps nothing on disk, says so, and takes it when that is mended', async () => {
  const { view, state } = await ownRedis()
  await view.config('SET', 'maxmemory-policy', 'allkeys-lru')
  const evicts = await rejectionOf(state.connect())
  expect(evicts).toMatchObject({ code: 'SLU5406', outage: true })
  expect(evicts.message).toContain('allkeys-lru')
  expect(evicts.message).toContain('pipelines/fleet.yaml:6')
  await view.config('SET', 'maxmemory-policy', 'noeviction')
  await view.config('SET', 'appendonly', 'no')
  await eventually(
    'the other reason is seen',
    async () => (await rejectionOf(state.connect())).code === 'SLU5407',
  )
  expect(state.isUp()).toBe(false)
  await view.config('SET', 'appendonly', 'yes')
  await state.whenUp()
  expect(await state.claim(claim())).toEqual({ kind: 'taken' })
})

it('waits while its memory is full: that says nothing about a message', async () => {
  const { view, state } = await ownRedis()
  await state.connect()
  await view.config('SET', 'maxmemory', '1')
  expect(await rejectionOf(state.claim(claim()))).toMatchObject({ code: 'SLU5408', outage: true })
  await view.config('SET', 'maxmemory', '0')
  expect(await state.claim(claim())).toEqual({ kind: 'taken' })
})

it('waits for a server that hangs, and asks again', async () => {
  const { broker, state } = await ownRedis()
  await state.connect()
  await broker.kill('SIGSTOP')
  const late = await rejectionOf(state.claim(claim()))
  expect(late.outage).toBe(true)
  expect(['SLU5405', 'SLU5401']).toContain(late.code)
  await broker.kill('SIGCONT')
  await state.whenUp()
  expect(await state.claim(claim())).toEqual({ kind: 'taken' })
})

it('keeps what it confirmed when the server is killed', async () => {
  const { broker, view, state } = await ownRedis()
  await view.config('SET', 'appendfsync', 'always')
  await state.connect()
  const done = claim()
  await state.settle(done, 'done')
  await broker.kill('SIGKILL')
  await broker.restart()
  await state.whenUp()
  expect(await state.claim(done)).toEqual({ kind: 'done' })
})

it('reads a large folder in parts, so that nobody else waits for all of it', async () => {
  const { view, state } = await ownRedis()
  await state.connect()
  const names = Array.from({ length: 2_001 }, (_, n) => `n${n}`)
  await Promise.all(
    names.map((name) => state.write({ folder: 'f', name, text: `of ${name}`, ttlMs: 600_000 })),
  )
  const texts = await state.list('f')
  expect(texts).toEqual(new Map(names.map((name) => [name, `of ${name}`])))
  expect(await view.info('commandstats')).toMatch(/cmdstat_mget:calls=5,/)
})

it('connects anew after a failover: what was the primary takes no writes any more', async () => {
  const { view, state } = await ownRedis()
  await state.connect()
  await view.replicaof('127.0.0.1', '1')
  expect(await rejectionOf(state.claim(claim()))).toMatchObject({ outage: true })
  expect(state.isUp()).toBe(false)
  await view.replicaof('NO', 'ONE')
  await state.whenUp()
  expect(await state.claim(claim())).toEqual({ kind: 'taken' })
})
