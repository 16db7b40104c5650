// A disk that is full: F23.
import { startRedis } from '../../../infra/brokers/index.ts'
import type { Scenario } from '../scenario.ts'
import { mountDisk } from '../stage/disk.ts'

export const disks: readonly Scenario[] = [
  {
    fault: 'F23',
    name: 'the disk of Redis is full',
    does: 'the disk of 64 MB that Redis keeps its log on is filled in the midst of work, and freed 20 s later',
    then: 'Redis refuses writes; values and jobs are tried again, and the same worker goes on by itself when there is room',
    line: { from: 'topic', to: ['cache', 'job', 'event'], once: true },
    harms: 'brokers',
    async run(ordeal) {
      const disk = await mountDisk(64)
      ordeal.afterwards(() => disk.remove())
      const redis = await startRedis({ dir: disk.dir })
      ordeal.afterwards(() => redis.stop())
      const before = { ...process.env }
      Object.assign(process.env, redis.env)
      ordeal.afterwards(() => {
        Object.assign(process.env, before)
        return Promise.resolve()
      })
      const worker = await ordeal.worker().runs()
      await ordeal.feedPart(2)
      await ordeal.flows(undefined, 20)
      await disk.fill()
      ordeal.allowEnd()
      await ordeal.pause(20_000)
      await disk.free()
      await ordeal.feedPart(2)
      await ordeal.flows()
      ordeal.check(worker.alive, 'the worker ended')
    },
  },
]
