// What a message holds stays its own for as long as it is at work or waits, and no longer.
import { expect, test } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import type { Claim } from '../../workers/core/contract.ts'
import type { Envelope } from '../../workers/core/message.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { EmbeddedRedis } from '../../workers/drivers/embedded/redis.ts'
import { createEmbeddedStateDriver } from '../../workers/drivers/embedded/state-driver.ts'
import { Holdings, type Records } from '../../workers/runtime/holdings.ts'
import { Leases } from '../../workers/runtime/leases.ts'
import { recordedLog } from '../support/recorded-log.ts'

const LEASE_MS = 60_000

async function stage() {
  const clock = createVirtualClock(0)
  const world = { ...systemWorld, clock }
  const redis = new EmbeddedRedis(clock)
  const context = { world, log: recordedLog(), origin: 'test', clientId: 'test' }
  const state = createEmbeddedStateDriver(redis.state, context)
  await state.connect()
  const renewed: Claim[] = []
  const watched = {
    ...state,
    settle: async (claim: Claim, as: 'done' | 'open' | 'held') => {
      if (as === 'held') renewed.push(claim)
      await state.settle(claim, as)
    },
  }
  const holdings = (token: string, place: string) => {
    const records: Records = {
      state: watched,
      namespace: 'shop:billing:',
      token,
      leaseMs: LEASE_MS,
      leases: new Leases({ state: watched, clock, leaseMs: LEASE_MS }),
      onceMs: 3_600_000,
      atWork: new Map(),
      clock,
    }
    const held = new Holdings(
      records,
      { id: 'e1' } as Envelope,
      { place, message: place, again: 0 },
      () => true,
    )
    const claim = () =>
      held.claim('k', 3_600_000).then(
        () => 'taken',
        (error: { code?: string }) => error.code,
      )
    return { held, claim }
  }
  return { clock, redis, renewed, holdings }
}

test('a message that waits for ten leases keeps what it holds, and a repeat elsewhere waits for it', async () => {
  const { clock, renewed, holdings } = await stage()
  const [one, other] = [holdings('w1', 'orders/0/1'), holdings('w2', 'orders/1/7')]
  expect(await one.claim()).toBe('taken')
  await clock.advance(10 * LEASE_MS)
  expect(await other.claim()).toBe('SLU5601')
  expect(renewed.length).toBeGreaterThan(20)
  one.held.leave()
  const before = renewed.length
  await clock.advance(LEASE_MS)
  expect(renewed).toHaveLength(before)
  expect(await other.claim()).toBe('taken')
})

test('an ordinary message is over before its lease is looked at', async () => {
  const { clock, renewed, holdings } = await stage()
  const one = holdings('w1', 'orders/0/1')
  await one.claim()
  await clock.advance(LEASE_MS / 5)
  one.held.leave()
  await clock.advance(LEASE_MS)
  expect(renewed).toEqual([])
  expect(clock.untilNext()).toBeUndefined()
})

test('whoever took it over keeps it: the former holder takes nothing back', async () => {
  const { clock, holdings } = await stage()
  const [before, after] = [holdings('w1', 'orders/0/1'), holdings('w2', 'orders/0/1')]
  await before.claim()
  expect(await after.claim()).toBe('taken')
  after.held.leave()
  await clock.advance(2 * LEASE_MS)
  expect(await holdings('w3', 'orders/1/7').claim()).toBe('taken')
})

test('a store that was away is told again when it is back', async () => {
  const { clock, redis, holdings } = await stage()
  const [one, other] = [holdings('w1', 'orders/0/1'), holdings('w2', 'orders/1/7')]
  await one.claim()
  redis.setAvailable(false)
  await clock.advance(LEASE_MS * 3)
  redis.setAvailable(true)
  await clock.advance(LEASE_MS / 2)
  expect(await other.claim()).toBe('SLU5601')
})
