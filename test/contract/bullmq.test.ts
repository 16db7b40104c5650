// The BullMQ driver against the contract of all job drivers, on a real Redis.
import { Queue, type Job } from 'bullmq'
import { systemWorld } from '../../workers/core/clock.ts'
import type { Logger } from '../../workers/core/log.ts'
import { createBullmqDriver } from '../../workers/drivers/bullmq/index.ts'
import { openRedisView, redisSettings } from '../support/redis.ts'
import { jobContract, type SeenJob } from './jobs.contract.ts'
import type { JobSourceSetup } from './job-desk.ts'
import { jobSourceContract } from './job-source.contract.ts'
import { parkedJobContract } from './parked-job.contract.ts'
import { scheduleContract } from './schedule.contract.ts'

function seen({ id, name, data, opts, timestamp }: Job): SeenJob {
  const { ce_id: own, ...headers } = JSON.parse(opts.telemetry?.metadata ?? '{}') as Record<
    string,
    string
  >
  return { id: own ?? id ?? '', name, data: data as unknown, headers, timestamp }
}

async function openView() {
  const view = await openRedisView()
  const open = new Map<string, Queue>()
  const queue = (address: string) => {
    const found = open.get(address) ?? new Queue(address, { connection: view })
    open.set(address, found)
    return found
  }
  const close = async (addresses: readonly string[]) => {
    for (const address of addresses) await queue(address).obliterate({ force: true })
    for (const one of open.values()) await one.close()
    view.disconnect()
  }
  return { view, queue, close }
}

const driverOf = (log: Logger) =>
  createBullmqDriver(redisSettings(), {
    world: systemWorld,
    log,
    origin: 'connection hot (pipelines/fleet.yaml:6)',
    clientId: 'contract',
  })

jobContract('BullMQ', async () => {
  const { queue, close } = await openView()
  return {
    driver: driverOf,
    async waiting(address) {
      // What has a priority comes after what has none.
      const jobs = await queue(address).getJobs(['wait'], 0, -1, true)
      const prioritized = await queue(address).getJobs(['prioritized'], 0, -1, true)
      return [...jobs, ...prioritized].map(seen)
    },
    async delayed(address) {
      const jobs = await queue(address).getJobs(['delayed'])
      return jobs.map((job) => ({ id: job.id ?? '', delayMs: job.delay }))
    },
    close,
  }
})

const source = async (): Promise<JobSourceSetup> => {
  const { view, queue, close } = await openView()
  return {
    driver: driverOf,
    async ended(address, id) {
      const job = await queue(address).getJob(id)
      const letter = await view.hget(`bull:${address}:${id}`, 'sluice-letter')
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
jobSourceContract('BullMQ', source)
parkedJobContract('BullMQ', source)
scheduleContract('BullMQ', source)
