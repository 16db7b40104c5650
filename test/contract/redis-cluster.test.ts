// All that stands on Redis against its contract, on a real cluster of three masters: each call finds the node of its keys, and touches those of one slot.
import { afterAll, beforeAll } from 'vitest'
import { openClusterSite, type ClusterSite } from '../support/redis-cluster.ts'
import { cacheContract } from './cache.contract.ts'
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

cacheContract('Redis Cluster', cacheServer(shared))
stateContract('Redis Cluster', stateServer(shared))
storeContract('Redis Cluster', storeServer(shared))
jobContract('BullMQ on a cluster', jobServer(shared))
jobSourceContract('BullMQ on a cluster', source)
jobStatusContract('BullMQ on a cluster', source)
parkedJobContract('BullMQ on a cluster', source)
scheduleContract('BullMQ on a cluster', source)
