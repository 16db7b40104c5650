// The embedded store against the contract of all stores, on a virtual clock.
import { systemWorld } from '../../workers/core/clock.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { EmbeddedRedis } from '../../workers/drivers/embedded/redis.ts'
import { createEmbeddedStoreDriver } from '../../workers/drivers/embedded/store-driver.ts'
import { storeContract } from './store.contract.ts'

storeContract('embedded', () => {
  const clock = createVirtualClock(1_700_000_000_000)
  const { stores } = new EmbeddedRedis(clock)
  return Promise.resolve({
    driver: (log) =>
      createEmbeddedStoreDriver(stores, {
        world: { ...systemWorld, clock },
        log,
        origin: 'connection hot (pipelines/fleet.yaml:6)',
        clientId: 'test',
      }),
    pass: (ms) => clock.advance(ms),
    text: (key) => {
      const value = stores.get(key)
      return Promise.resolve(typeof value === 'string' ? value : undefined)
    },
    fields: (key) => {
      const value = stores.get(key)
      return Promise.resolve(
        value === undefined || typeof value === 'string' ? undefined : Object.fromEntries(value),
      )
    },
    timeToLive: (key) => Promise.resolve(stores.timeToLive(key)),
    close: () => Promise.resolve(),
  })
})
