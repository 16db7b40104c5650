// Schedules in a real Redis: found by whose they are, and removed for good; nothing of another fleet is touched.
import { randomUUID } from 'node:crypto'
import { Queue } from 'bullmq'
import { expect, it, onTestFinished } from 'vitest'
import { systemWorld } from '../../../workers/core/clock.ts'
import { createScheduleAdmin } from '../../../workers/drivers/bullmq/admin.ts'
import { recordedLog } from '../../support/recorded-log.ts'
import { openRedisView, redisSettings } from '../../support/redis.ts'

async function stage() {
  const view = await openRedisView()
  const queues: Queue[] = []
  const admin = createScheduleAdmin(redisSettings(), {
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
    view.disconnect()
  })
  await admin.connect()
  const queueAt = (address: string) => {
    const queue = new Queue(address, { connection: view })
    queues.push(queue)
    return queue
  }
  return { admin, queueAt }
}

it('finds those of one fleet by their addresses, whatever else stands there', async () => {
  const { admin, queueAt } = await stage()
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
  const { admin, queueAt } = await stage()
  const beginning = `admin-${randomUUID()}~`
  const [gone, kept] = [queueAt(`${beginning}gone`), queueAt(`${beginning}kept`)]
  for (const queue of [gone, kept]) await queue.upsertJobScheduler('s', { pattern: '0 3 * * *' })
  await gone.add('by hand', {})
  for (const _ of ['once', 'and again'])
    await admin.carryOut({ do: 'remove-schedule', address: `${beginning}gone` })
  expect((await admin.look(beginning)).map(({ address }) => address)).toEqual([`${beginning}kept`])
  expect(await gone.getDelayedCount()).toBe(0)
  expect((await gone.getWaiting()).map(({ name }) => name)).toEqual(['by hand'])
})
