// Stores on Redis against the contract of all stores, on a real Redis.
import { systemWorld } from '../../workers/core/clock.ts'
import { createRedisStoreDriver } from '../../workers/drivers/redis/store.ts'
import { openRedisView, redisSettings, removeKeys } from '../support/redis.ts'
import { storeContract } from './store.contract.ts'

storeContract('Redis', async () => {
  const view = await openRedisView()
  return {
    driver: (log) =>
      createRedisStoreDriver(redisSettings(), {
        world: systemWorld,
        log,
        origin: 'connection hot (pipelines/fleet.yaml:6)',
        clientId: 'contract',
      }),
    pass: () => Promise.resolve(),
    text: async (key) => (await view.get(key)) ?? undefined,
    async fields(key) {
      const fields = await view.hgetall(key)
      return Object.keys(fields).length === 0 ? undefined : fields
    },
    timeToLive: (key) => view.pttl(key),
    async close(prefix) {
      await removeKeys(view, prefix)
      await removeKeys(view, `{${prefix}`)
      view.disconnect()
    },
  }
})
