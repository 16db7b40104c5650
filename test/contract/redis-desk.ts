// What the contracts of caches, stores, state and jobs need of a real Redis, be it one server or a cluster.
import { Queue, type Job } from 'bullmq'
import { systemWorld } from '../../workers/core/clock.ts'
import type { Logger } from '../../workers/core/log.ts'
import { createBullmqDriver } from '../../workers/drivers/bullmq/index.ts'
import { nameOn } from '../../workers/drivers/bullmq/queues.ts'
import type { RedisClient } from '../../workers/drivers/redis/client.ts'
import { createRedisDriver } from '../../workers/drivers/redis/index.ts'
import type { RedisSettings } from '../../workers/drivers/redis/settings.ts'
import { createRedisStateDriver } from '../../workers/drivers/redis/state.ts'
import { createRedisStoreDriver } from '../../workers/drivers/redis/store.ts'
import { openRedisView, redisSettings, removeKeys } from '../support/redis.ts'
import type { CacheServer } from './cache.contract.ts'
import type { JobSourceSetup } from './job-desk.ts'
import type { SeenJob } from './jobs.contract.ts'

export interface RedisSite {
  readonly settings: RedisSettings
  /** The tests' own way into it, past the driver. */
  readonly view: RedisClient
  removeKeys(prefix: string): Promise<void>
  close(): Promise<void>
}

type Open = () => Promise<RedisSite>

export async function openServerSite(): Promise<RedisSite> {
  const view = await openRedisView()
  return {
    settings: redisSettings(),
    view,
    removeKeys: (prefix) => removeKeys(view, prefix),
    close() {
      view.disconnect()
      return Promise.resolve()
    },
  }
}

const contextOf = (log: Logger) => ({
  world: systemWorld,
  log,
  origin: 'connection hot (pipelines/fleet.yaml:6)',
  clientId: 'contract',
})

const pass = () => Promise.resolve()

async function clear(site: RedisSite, prefix: string): Promise<void> {
  await site.removeKeys(prefix)
  await site.removeKeys(`{${prefix}`)
  await site.close()
}

export const cacheServer = (open: Open) => async (): Promise<CacheServer> => {
  const site = await open()
  return {
    driver: (log) => createRedisDriver(site.settings, contextOf(log)),
    pass,
    timeToLive: (key) => site.view.pttl(key),
    close: (prefix) => clear(site, prefix),
  }
}

export const stateServer = (open: Open) => async () => {
  const site = await open()
  return {
    driver: (log: Logger) => createRedisStateDriver(site.settings, contextOf(log)),
    pass,
    now: () => systemWorld.clock.now(),
    close: (prefix: string) => clear(site, prefix),
  }
}

export const storeServer = (open: Open) => async () => {
  const site = await open()
  return {
    driver: (log: Logger) => createRedisStoreDriver(site.settings, contextOf(log)),
    pass,
    text: async (key: string) => (await site.view.get(key)) ?? undefined,
    async fields(key: string) {
      const fields = await site.view.hgetall(key)
      return Object.keys(fields).length === 0 ? undefined : fields
    },
    timeToLive: (key: string) => site.view.pttl(key),
    close: (prefix: string) => clear(site, prefix),
  }
}

function openQueues(site: RedisSite) {
  const open = new Map<string, Queue>()
  const queue = (address: string) => {
    const name = nameOn(site.view, address)
    const found = open.get(address) ?? new Queue(name, { connection: site.view })
    open.set(address, found)
    return found
  }
  const close = async (addresses: readonly string[]) => {
    for (const address of addresses) await queue(address).obliterate({ force: true })
    for (const one of open.values()) await one.close()
    await site.close()
  }
  return { queue, close }
}

function seen({ id, name, data, opts, timestamp }: Job): SeenJob {
  const { ce_id: own, ...headers } = JSON.parse(opts.telemetry?.metadata ?? '{}') as Record<
    string,
    string
  >
  return { id: own ?? id ?? '', name, data: data as unknown, headers, timestamp }
}

export const jobServer = (open: Open) => async () => {
  const site = await open()
  const { queue, close } = openQueues(site)
  return {
    driver: (log: Logger) => createBullmqDriver(site.settings, contextOf(log)),
    async waiting(address: string) {
      // What has a priority comes after what has none.
      const jobs = await queue(address).getJobs(['wait'], 0, -1, true)
      const prioritized = await queue(address).getJobs(['prioritized'], 0, -1, true)
      return [...jobs, ...prioritized].map(seen)
    },
    async delayed(address: string) {
      const jobs = await queue(address).getJobs(['delayed'])
      return jobs.map((job) => ({ id: job.id ?? '', delayMs: job.delay }))
    },
    close,
  }
}

export const jobSourceServer = (open: Open) => async (): Promise<JobSourceSetup> => {
  const site = await open()
  const { queue, close } = openQueues(site)
  return {
    driver: (log) => createBullmqDriver(site.settings, contextOf(log)),
    async ended(address, id) {
      const job = await queue(address).getJob(id)
      const letter = await site.view.hget(queue(address).toKey(id), 'sluice-letter')
      return {
        state: job === undefined ? 'unknown' : await job.getState(),
        letter: letter === null ? undefined : (JSON.parse(letter) as Record<string, string>),
        progress: job?.progress === 0 ? undefined : job?.progress,
        result: job?.returnvalue as unknown,
      }
    },
    close,
  }
}
