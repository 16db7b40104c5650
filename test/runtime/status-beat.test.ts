// What a process says of itself in the state store, on a virtual clock: as long as it lives, and not much longer.
import { beforeEach, expect, it } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import type { StateDriver } from '../../workers/core/contract.ts'
import { silentLog } from '../../workers/core/log.ts'
import { createVirtualClock, type VirtualClock } from '../../workers/core/virtual-clock.ts'
import { statusOf, type WorkerStatus } from '../../workers/core/worker-status.ts'
import { EmbeddedRedis } from '../../workers/drivers/embedded/redis.ts'
import { createEmbeddedStateDriver } from '../../workers/drivers/embedded/state-driver.ts'
import { StatusBeat } from '../../workers/runtime/status-beat.ts'

const FOLDER = 'shop:workers'

let clock: VirtualClock
let redis: EmbeddedRedis
let state: StateDriver
let says: Pick<WorkerStatus, 'pipelines' | 'state' | 'problem' | 'counts'>
beforeEach(async () => {
  clock = createVirtualClock(Date.UTC(2026, 0, 1))
  redis = new EmbeddedRedis(clock)
  const world = { ...systemWorld, clock }
  const context = { world, log: silentLog, origin: 'test', clientId: 'test' }
  state = createEmbeddedStateDriver(redis.state, context)
  await state.connect()
  says = { pipelines: ['billing'], state: 'unready', problem: 'process: new', counts: {} }
})

const begin = (id = 'p1') =>
  new StatusBeat({
    state,
    folder: FOLDER,
    id,
    identity: { host: 'h', pid: 7, worker: 'billing', replica: 1, plan: 'abc', probes: 9_400 },
    look: () => says,
    world: { ...systemWorld, clock },
    log: silentLog,
  })

const listed = async () =>
  [...(await state.list(FOLDER)).values()].map((text) => statusOf(text) as WorkerStatus)

it('is there at once, follows what the process says, and goes with it', async () => {
  const beat = begin()
  await clock.advance(1)
  expect(await listed()).toEqual([
    {
      version: 1,
      id: 'p1',
      host: 'h',
      pid: 7,
      worker: 'billing',
      replica: 1,
      plan: 'abc',
      probes: 9_400,
      ...says,
      startedAt: '2026-01-01T00:00:00.000Z',
      at: '2026-01-01T00:00:00.000Z',
    },
  ])
  says = { ...says, state: 'ready', problem: '' }
  await clock.advance(2_000)
  expect(await listed()).toMatchObject([{ state: 'ready', at: '2026-01-01T00:00:02.000Z' }])
  says = { ...says, state: 'draining' }
  beat.hurry()
  await clock.advance(1)
  expect(await listed()).toMatchObject([{ state: 'draining' }])
  await beat.stop()
  expect(await listed()).toEqual([])
  await clock.advance(60_000)
  expect(await listed()).toEqual([])
})

it('stays for as long as it beats, and is forgotten soon after that', async () => {
  const beat = begin()
  await clock.advance(60_000)
  expect(await listed()).toHaveLength(1)
  // Nobody takes it off the list: the process is gone.
  beat.stop = () => Promise.resolve()
  redis.setAvailable(false)
  await clock.advance(10_000)
  redis.setAvailable(true)
  await state.connect().catch(() => {})
  expect(await listed()).toEqual([])
})

it('comes back by itself when the store was away', async () => {
  redis.setAvailable(false)
  const beat = begin()
  await clock.advance(5_000)
  redis.setAvailable(true)
  await clock.advance(5_000)
  expect(await listed()).toMatchObject([{ id: 'p1' }])
  redis.setAvailable(false)
  await beat.stop()
})

it.each(['', '{', 'null', '[]', '{"version":2}'])('%s is no status', (text) => {
  expect(statusOf(text)).toBeUndefined()
})
