// The embedded state store against the contract of all state stores, on a virtual clock; what it holds outlives its drivers.
import { describe, expect, it } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import type { Claim } from '../../workers/core/contract.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { EmbeddedRedis } from '../../workers/drivers/embedded/redis.ts'
import { createEmbeddedStateDriver } from '../../workers/drivers/embedded/state-driver.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { rejectionOf } from './queue.contract.ts'
import { stateContract } from './state.contract.ts'

const context = (clock = createVirtualClock(0), log = recordedLog()) => ({
  world: { ...systemWorld, clock },
  log,
  origin: 'connection hot (pipelines/fleet.yaml:6)',
  clientId: 'test',
})

stateContract('embedded', () => {
  const clock = createVirtualClock(1_700_000_000_000)
  const { state } = new EmbeddedRedis(clock)
  return Promise.resolve({
    driver: (log) => createEmbeddedStateDriver(state, context(clock, log)),
    pass: (ms) => clock.advance(ms),
    now: () => clock.now(),
    close: () => Promise.resolve(),
  })
})

describe('an embedded Redis that is away', () => {
  it('takes its state with it, and gives it back to whoever comes next', async () => {
    const redis = new EmbeddedRedis(createVirtualClock(0))
    const first = createEmbeddedStateDriver(redis.state, context())
    await first.connect()
    const claim: Claim = {
      key: 'k',
      place: 'p',
      token: 't',
      message: 'orders/1',
      again: 0,
      leaseMs: 1_000,
      keepMs: 1_000,
    }
    await first.settle(claim, 'done')
    redis.setAvailable(false)
    expect(await rejectionOf(first.claim(claim))).toMatchObject({ code: 'SLU5401', outage: true })
    const up = first.whenUp()
    redis.setAvailable(true)
    await up
    await first.close()
    const second = createEmbeddedStateDriver(redis.state, context())
    await second.connect()
    expect(await second.claim(claim)).toEqual({ kind: 'done' })
  })
})
