// The watch over health on a virtual clock: one message for each change, whoever speaks, whatever is away.
import { beforeEach, expect, test } from 'vitest'
import type { Alert } from '../../../workers/core/alert.ts'
import { systemWorld } from '../../../workers/core/clock.ts'
import type { StateDriver } from '../../../workers/core/contract.ts'
import { SluiceError } from '../../../workers/core/errors.ts'
import type { AlertingPlan } from '../../../workers/core/plan.ts'
import { createVirtualClock, type VirtualClock } from '../../../workers/core/virtual-clock.ts'
import { EmbeddedRedis } from '../../../workers/drivers/embedded/redis.ts'
import { createEmbeddedStateDriver } from '../../../workers/drivers/embedded/state-driver.ts'
import { AlertWatch } from '../../../workers/ops/alerting/watch.ts'
import { silentLog } from '../../../workers/core/log.ts'
import { recordedLog } from '../../support/recorded-log.ts'
import { healthOf, type Seen } from './health-of.ts'

const PLAN = { everyMs: 10_000, forMs: 60_000, repeatMs: 3_600_000 } as AlertingPlan
const MINUTE = 60_000

let clock: VirtualClock
let redis: EmbeddedRedis
let told: Alert[]
let away: boolean
/** Is waited for before an alert counts as told. */
let announced: ((alert: Alert) => Promise<void>) | undefined
let log: ReturnType<typeof recordedLog>
let seen: Seen
beforeEach(() => {
  clock = createVirtualClock(Date.UTC(2026, 0, 1))
  redis = new EmbeddedRedis(clock)
  told = []
  away = false
  announced = undefined
  log = recordedLog()
  seen = { memory: 'pass' }
})

async function openState(): Promise<StateDriver> {
  const world = { ...systemWorld, clock }
  const state = createEmbeddedStateDriver(redis.state, {
    world,
    log: silentLog,
    origin: 'test',
    clientId: 'test',
  })
  await state.connect()
  return state
}

/** A process of its own; `eyes`: what it sees, if that is not what the others do. */
async function process(eyes?: () => Seen): Promise<AlertWatch> {
  const watch = new AlertWatch({
    fleet: 'shop',
    prefix: 'p.',
    plan: PLAN,
    look: () => Promise.resolve(healthOf(eyes?.() ?? seen)),
    state: await openState(),
    announce: async (alert) => {
      await announced?.(alert)
      if (away) throw new SluiceError('SLU5301', { message: 'away' })
      told.push(alert)
    },
    world: { ...systemWorld, clock },
    log,
  })
  watch.start()
  await clock.advance(1)
  return watch
}

const brief = () =>
  told.map(
    ({ status, severity, check, id }) => `${status} ${severity} ${check} ${id.split('/').at(-1)}`,
  )
const metric = (watch: AlertWatch, name: string) =>
  watch
    .metrics()
    .find((one) => one.name === name)
    ?.points.map(({ value }) => value)

test('a breach that holds is told once, and its end once', async () => {
  const watch = await process()
  await clock.advance(5 * MINUTE)
  expect(told).toEqual([])
  seen = { memory: 'warn' }
  await clock.advance(MINUTE)
  expect(told).toEqual([])
  await clock.advance(30 * MINUTE)
  expect(told).toEqual([
    {
      id: 'shop/redis/hot/memory/1',
      status: 'firing',
      severity: 'warning',
      fleet: 'shop',
      component: 'redis',
      subject: 'hot',
      check: 'memory',
      message: '90 %',
      code: 'SLU1191',
      next: expect.any(String) as string,
      time: expect.stringMatching(/^2026-01-01T00:0[67]:/) as string,
    },
  ])
  expect(metric(watch, 'sluice_alerts')).toEqual([1, 0])
  seen = { memory: 'pass' }
  await clock.advance(30 * MINUTE)
  expect(brief()).toEqual(['firing warning memory 1', 'resolved warning memory 2'])
  expect(told[1]).toMatchObject({ message: '10 %', code: '', next: '' })
  expect(metric(watch, 'sluice_alerts')).toEqual([0, 0])
  expect(metric(watch, 'sluice_alerts_sent')).toEqual([1, 1])
  await watch.stop()
})

test('what comes and goes is not told at all', async () => {
  const watch = await process()
  for (let times = 0; times < 60; times++) {
    seen = { memory: times % 2 === 0 ? 'fail' : 'pass' }
    await clock.advance(30_000)
  }
  expect(told).toEqual([])
  await watch.stop()
})

test('what gets worse is told as such, and what stays wrong is told again', async () => {
  const watch = await process()
  seen = { memory: 'warn' }
  await clock.advance(2 * MINUTE)
  seen = { memory: 'fail' }
  await clock.advance(2 * MINUTE)
  expect(brief()).toEqual(['firing warning memory 1', 'firing critical memory 2'])
  await clock.advance(130 * MINUTE)
  expect(brief().slice(2)).toEqual(['firing critical memory 3', 'firing critical memory 4'])
  await watch.stop()
})

test('of a broker that does not answer that is told alone, and nothing else of it is over by that', async () => {
  const watch = await process()
  seen = { memory: 'fail' }
  await clock.advance(2 * MINUTE)
  seen = { memory: undefined }
  await clock.advance(10 * MINUTE)
  expect(brief()).toEqual(['firing critical memory 1', 'firing critical answers 1'])
  seen = { memory: 'pass' }
  await clock.advance(10 * MINUTE)
  expect(brief().slice(2).toSorted()).toEqual([
    'resolved critical answers 2',
    'resolved critical memory 2',
  ])
  await watch.stop()
})

test('a worker that is missing is told by its name', async () => {
  const watch = await process()
  seen = { memory: 'pass', ready: 0 }
  await clock.advance(2 * MINUTE)
  expect(told).toMatchObject([{ component: 'workers', subject: 'billing', check: 'ready' }])
  await watch.stop()
})

test('of several processes one speaks; another goes on where it ended', async () => {
  const first = await process()
  const second = await process()
  seen = { memory: 'fail' }
  await clock.advance(5 * MINUTE)
  expect(brief()).toEqual(['firing critical memory 1'])
  await first.stop()
  await clock.advance(5 * MINUTE)
  expect(brief()).toHaveLength(1)
  seen = { memory: 'pass' }
  await clock.advance(5 * MINUTE)
  expect(brief()).toEqual(['firing critical memory 1', 'resolved critical memory 2'])
  await second.stop()
})

test('one that starts later knows what was told, also of what is gone by then', async () => {
  const first = await process()
  seen = { memory: 'fail' }
  await clock.advance(2 * MINUTE)
  await first.stop()
  const second = await process()
  await clock.advance(10 * MINUTE)
  expect(brief()).toEqual(['firing critical memory 1'])
  await second.stop()
  seen = { memory: 'pass' }
  const third = await process()
  await clock.advance(10 * MINUTE)
  expect(brief()).toEqual(['firing critical memory 1', 'resolved critical memory 2'])
  await third.stop()
})

test('two that see different things do not speak in turns', async () => {
  const first = await process(() => ({ memory: 'pass' }))
  const second = await process(() => ({ memory: 'fail' }))
  await clock.advance(60 * MINUTE)
  expect(told).toEqual([])
  await Promise.all([first.stop(), second.stop()])
})

test('without the state store each speaks for itself, and says the same message', async () => {
  const first = await process()
  const second = await process()
  redis.setAvailable(false)
  seen = { memory: undefined }
  await clock.advance(5 * MINUTE)
  expect(new Set(told.map(({ id }) => id))).toEqual(new Set(['shop/redis/hot/answers/1']))
  redis.setAvailable(true)
  seen = { memory: 'pass' }
  await clock.advance(5 * MINUTE)
  expect(told.filter(({ status }) => status === 'resolved')).toMatchObject([
    { id: 'shop/redis/hot/answers/2' },
  ])
  await Promise.all([first.stop(), second.stop()])
})

test('while nobody takes alerts they wait, are counted, and stand in the log once; what is over by then is never told', async () => {
  const watch = await process()
  away = true
  seen = { memory: 'fail', ready: 0 }
  await clock.advance(10 * MINUTE)
  expect(told).toEqual([])
  expect(metric(watch, 'sluice_alerts_pending')).toEqual([2])
  expect(metric(watch, 'sluice_alerts_failed')?.[0]).toBeGreaterThan(10)
  expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(2)
  seen = { memory: 'fail' }
  await clock.advance(5 * MINUTE)
  away = false
  await clock.advance(MINUTE)
  expect(brief()).toEqual(['firing critical memory 1'])
  expect(metric(watch, 'sluice_alerts_pending')).toEqual([0])
  await watch.stop()
})

test('whoever stops waits for the one alert that is being told, and tells no other', async () => {
  const unconfirmed: { id: string; fail: () => void }[] = []
  announced = ({ id }) =>
    new Promise((_, reject) => {
      unconfirmed.push({ id, fail: () => reject(new SluiceError('SLU5301', { message: 'late' })) })
    })
  const watch = await process()
  seen = { memory: 'fail', ready: 0 }
  await clock.advance(2 * MINUTE)
  expect(unconfirmed).toHaveLength(1)
  const stopped = watch.stop()
  for (const { fail } of unconfirmed) fail()
  await stopped
  expect(unconfirmed).toHaveLength(1)
})

test('a look that fails is no end of looking', async () => {
  let fails = true
  const watch = await process(() => {
    if (fails) throw new Error('no eyes')
    return { memory: 'fail' }
  })
  await clock.advance(2 * MINUTE)
  fails = false
  await clock.advance(2 * MINUTE)
  expect(brief()).toEqual(['firing critical memory 1'])
  await watch.stop()
})
