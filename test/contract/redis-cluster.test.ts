// All that stands on Redis against its contract, on a real cluster of three masters: each call finds the node of its keys, and touches those of one slot.
import { afterAll, beforeAll } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import { createBullmqDriver } from '../../workers/drivers/bullmq/index.ts'
import { createBullmqInspector } from '../../workers/drivers/bullmq/inspector.ts'
import { createRedisInspector } from '../../workers/drivers/redis/inspector.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { openClusterSite, type ClusterSite } from '../support/redis-cluster.ts'
import { cacheContract } from './cache.contract.ts'
import { redisInspectorContract } from './inspector.contract.ts'
import { jobContract } from './jobs.contract.ts'
import { jobSourceContract } from './job-source.contract.ts'
import { jobStatusContract } from './job-status.contract.ts'
import { parkedJobContract } from './parked-job.contract.ts'
import { cacheServer, jobServer, jobSourceServer, stateServer, storeServer } from './redis-desk.ts'
import { scheduleContract } from './schedule.contract.ts'
import { stateContract } from './state.contract.ts'
import { storeContract } from './store.contract.ts'

let site: ClusterSite
beforeAll(async () => {
  site = await openClusterSite()
})
afterAll(() => site.close())

/** One cluster for all of them: it is not theirs to close. */
const shared = () => Promise.resolve({ ...site, close: () => Promise.resolve() })
const source = jobSourceServer(shared)

const context = {
  world: systemWorld,
  log: recordedLog(),
  origin: 'connection hot (pipelines/fleet.yaml:6)',
  clientId: 'contract',
}
redisInspectorContract('Redis Cluster and BullMQ', {
  redis: () => createRedisInspector(site.settings, context),
  jobs: () => createBullmqInspector(site.settings, context),
  driver: () => createBullmqDriver(site.settings, context),
  async remove(addresses) {
    for (const address of addresses) await site.removeKeys(`bull:{${address}`)
  },
})

cacheContract('Redis Cluster', cacheServer(shared))
stateContract('Redis Cluster', stateServer(shared))
storeContract('Redis Cluster', storeServer(shared))
jobContract('BullMQ on a cluster', jobServer(shared))
jobSourceContract('BullMQ on a cluster', source)
jobStatusContract('BullMQ on a cluster', source)
parkedJobContract('BullMQ on a cluster', source)
scheduleContract('BullMQ on a cluster', source)
