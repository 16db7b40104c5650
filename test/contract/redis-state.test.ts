// The state store on Redis against the contract of all state stores, on a real Redis.
import { systemWorld } from '../../workers/core/clock.ts'
import { createRedisStateDriver } from '../../workers/drivers/redis/state.ts'
import { openRedisView, redisSettings, removeKeys } from '../support/redis.ts'
import { stateContract } from './state.contract.ts'

stateContract('Redis', async () => {
  const view = await openRedisView()
  return {
    driver: (log) =>
      createRedisStateDriver(redisSettings(), {
        world: systemWorld,
        log,
        origin: 'connection hot (pipelines/fleet.yaml:6)',
        clientId: 'contract',
      }),
    pass: () => Promise.resolve(),
    now: () => systemWorld.clock.now(),
    async close(prefix) {
      await removeKeys(view, prefix)
      await removeKeys(view, `{${prefix}`)
      view.disconnect()
    },
  }
})
