// What a look at one job asks of a real Redis: nothing that grows with the jobs that wait, or every follower would hold up all that is there.
import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { Queue } from 'bullmq'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { jobStatus } from '../../../workers/drivers/bullmq/job-status.ts'
import { NOTE } from '../../../workers/drivers/bullmq/job-notes.ts'
import { openServerSite, type RedisSite } from '../../contract/redis-desk.ts'
import { eventually } from '../../support/eventually.ts'

let site: RedisSite
beforeAll(async () => {
  site = await openServerSite()
})
afterAll(() => site.close())

function queueOfOurs(): Queue {
  const queue = new Queue(`status-${randomUUID()}`, { connection: site.view })
  onTestFinished(async () => {
    await queue.obliterate({ force: true })
    await queue.close()
  })
  return queue
}

it('does not look through the jobs that wait', async () => {
  const queue = queueOfOurs()
  await queue.add('a', {}, { jobId: 'a' })
  const monitor = await (site.view as Redis).monitor()
  onTestFinished(() => monitor.disconnect())
  const said: string[][] = []
  monitor.on('monitor', (_time: string, command: string[]) => said.push(command))
  expect(await jobStatus(site.view, queue, 'a')).toMatchObject({ state: 'waiting' })
  const last = randomUUID()
  await site.view.get(last)
  await eventually('all of it was told', () => said.some((command) => command.includes(last)))
  const ours = said.filter((command) => command.some((part) => part.includes(queue.name)))
  expect(ours.flat()).toContain(queue.toKey('active'))
  expect(ours.flat()).not.toContain(queue.toKey('wait'))
})

it('knows nothing of a job of which a note alone is left', async () => {
  const queue = queueOfOurs()
  await site.view.hset(queue.toKey('gone'), NOTE, '{"attempt":2}')
  onTestFinished(async () => void (await site.view.del(queue.toKey('gone'))))
  expect(await jobStatus(site.view, queue, 'gone')).toBeUndefined()
})
