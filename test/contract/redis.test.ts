// The Redis driver against the contract of all cache drivers, on a real Redis.
import { systemWorld } from '../../workers/core/clock.ts'
import { createRedisDriver } from '../../workers/drivers/redis/index.ts'
import { openRedisView, redisSettings, removeKeys } from '../support/redis.ts'
import { cacheContract } from './cache.contract.ts'

cacheContract('Redis', async () => {
  const view = await openRedisView()
  return {
    driver: (log) =>
      createRedisDriver(redisSettings(), {
        world: systemWorld,
        log,
        origin: 'connection hot (pipelines/fleet.yaml:6)',
        clientId: 'contract',
      }),
    pass: () => Promise.resolve(),
    timeToLive: (key) => view.pttl(key),
    async close(prefix) {
      await removeKeys(view, prefix)
      view.disconnect()
    },
  }
})
