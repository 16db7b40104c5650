// Workers that are killed without warning: F1.
import type { Scenario } from '../scenario.ts'

export const workerKills: readonly Scenario[] = [
  {
    fault: 'F1',
    name: 'kills',
    does: 'SIGKILL of one of three workers, again and again, in the midst of effects; each is started again',
    then: 'the others take over its partitions; nothing is lost, at most 2 × concurrency messages a kill are done again, and at each kill nothing is committed that is not finished',
    line: { from: 'topic', to: ['cache', 'command', 'event'] },
    harms: 'workers',
    async run(ordeal) {
      const kills = ordeal.profile.times(4, 12)
      const workers = [ordeal.worker(), ordeal.worker(), ordeal.worker()]
      await Promise.all(workers.map((worker) => worker.runs()))
      for (let kill = 0; kill < kills; kill++) {
        await ordeal.feedPart(kills)
        await ordeal.flows(undefined, 10)
        const at = kill % workers.length
        await workers[at]?.kill()
        ordeal.allowEnd()
        if (kill % 2 === 0) await ordeal.checkCommits()
        workers[at] = ordeal.worker()
      }
      await ordeal.flows()
    },
  },
  {
    fault: 'F1',
    name: 'kills of a queue',
    does: 'SIGKILL of one of two workers of a RabbitMQ queue, again and again',
    then: 'RabbitMQ hands what was not acknowledged to the other; nothing is lost',
    line: { from: 'queue', to: ['command', 'event'] },
    harms: 'workers',
    async run(ordeal) {
      const kills = ordeal.profile.times(3, 10)
      const workers = [ordeal.worker(), ordeal.worker()]
      await Promise.all(workers.map((worker) => worker.runs()))
      for (let kill = 0; kill < kills; kill++) {
        await ordeal.feedPart(kills)
        await ordeal.flows(undefined, 10)
        await workers[kill % 2]?.kill()
        ordeal.allowEnd()
        workers[kill % 2] = ordeal.worker()
      }
    },
  },
]
