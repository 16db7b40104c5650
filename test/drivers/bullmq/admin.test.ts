// Schedules in a real Redis, and in a cluster of them: found by whose they are, and removed for good; nothing of another fleet is touched.
import { randomUUID } from 'node:crypto'
import { Queue } from 'bullmq'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { systemWorld } from '../../../workers/core/clock.ts'
import { createScheduleAdmin } from '../../../workers/drivers/bullmq/admin.ts'
import { nameOn } from '../../../workers/drivers/bullmq/queues.ts'
import { openServerSite, type RedisSite } from '../../contract/redis-desk.ts'
import { recordedLog } from '../../support/recorded-log.ts'
import { openClusterSite } from '../../support/redis-cluster.ts'

let site: RedisSite

function stage() {
  const { view } = site
  const queues: Queue[] = []
  const admin = createScheduleAdmin(site.settings, {
    world: systemWorld,
    log: recordedLog(),
    origin: 'connection hot (pipelines/fleet.yaml:6)',
    clientId: 'admin',
  })
  onTestFinished(async () => {
    await admin.close()
    for (const queue of queues) {
      await queue.obliterate({ force: true })
      await queue.close()
    }
  })
  const queueAt = (address: string) => {
    const queue = new Queue(nameOn(view, address), { connection: view })
    queues.push(queue)
    return queue
  }
  return { admin, queueAt }
}

describe.each<[string, () => Promise<RedisSite>]>([
  ['one server', openServerSite],
  ['a cluster', openClusterSite],
])('schedules in %s', (_where, open) => {
  beforeAll(async () => {
    site = await open()
  })
  afterAll(() => site.close())

  it('finds those of one fleet by their addresses, whatever else stands there', async () => {
    const { admin, queueAt } = stage()
    await admin.connect()
    const beginning = `admin-${randomUUID()}.[a-z]*?~`
    await queueAt(`${beginning}nightly`).upsertJobScheduler('nightly', {
      pattern: '0 3 * * *',
      tz: 'UTC',
    })
    await queueAt(`${beginning}often`).upsertJobScheduler('often', { every: 60_000 })
    // Jobs without a schedule, and a fleet whose name the beginning would match if it were a pattern.
    await queueAt(`${beginning}jobs`).add('job', {})
    await queueAt(`${beginning.replace('[a-z]*?', 'other')}nightly`).upsertJobScheduler('nightly', {
      every: 60_000,
    })
    expect(await admin.look(beginning)).toEqual([
      { address: `${beginning}nightly`, says: '0 3 * * * UTC' },
      { address: `${beginning}often`, says: 'every 60000 ms' },
    ])
  })

  it('removes one, with what it would add next; jobs that wait stay', async () => {
    const { admin, queueAt } = stage()
    await admin.connect()
    const beginning = `admin-${randomUUID()}~`
    const [gone, kept] = [queueAt(`${beginning}gone`), queueAt(`${beginning}kept`)]
    for (const queue of [gone, kept]) await queue.upsertJobScheduler('s', { pattern: '0 3 * * *' })
    await gone.add('by hand', {})
    for (const _ of ['once', 'and again'])
      await admin.carryOut({ do: 'remove-schedule', address: `${beginning}gone` })
    expect((await admin.look(beginning)).map(({ address }) => address)).toEqual([
      `${beginning}kept`,
    ])
    expect(await gone.getDelayedCount()).toBe(0)
    expect((await gone.getWaiting()).map(({ name }) => name)).toEqual(['by hand'])
  })
})
