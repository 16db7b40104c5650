// Workers that come and go all the time: F24.
import { seededRandom } from '../../../workers/core/seeded.ts'
import type { Scenario } from '../scenario.ts'
import type { WorkerProcess } from '../stage/workers.ts'

export const rebalances: readonly Scenario[] = [
  {
    fault: 'F24',
    name: 'rebalance storm',
    does: 'workers of one group start, stop and are killed at random for 60 s, while their handlers take half a second',
    then: 'afterwards every partition is read again; keys stay in order, and nothing is committed that is not finished',
    line: { from: 'topic', to: ['command', 'event'] },
    harms: 'workers',
    async run(ordeal) {
      const random = seededRandom(ordeal.profile.seed)
      const most = ordeal.profile.times(3, 6)
      const workers: WorkerProcess[] = [await ordeal.worker().runs()]
      await ordeal.feed({ ms: 500, malformed: 97 })
      const until = performance.now() + ordeal.profile.wait(60_000)
      while (performance.now() < until) {
        const at = Math.floor(random.next() * most)
        const worker = workers[at]
        if (worker?.alive !== true) workers[at] = ordeal.worker()
        else if (random.next() < 0.5) {
          ordeal.allowEnd()
          await worker.kill()
        } else worker.signal('SIGTERM')
        await ordeal.pause(500 * random.next())
      }
      await ordeal.checkCommits()
      const last = await ordeal.worker().runs()
      await ordeal.flows(undefined, 50)
      ordeal.check(last.alive, 'the last worker ended')
    },
  },
]
