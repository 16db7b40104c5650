// More than a worker can do, and what it calls being down: F30, F36.
import type { Scenario } from '../scenario.ts'

export const pressure: readonly Scenario[] = [
  {
    fault: 'F30',
    name: 'what a handler calls is down',
    does: 'whatever the handler calls fails, every time, for 10 min; behind a breaker',
    then: 'the breaker opens, and a probe at a time looks whether it works again: no message is given up for it, and the backlog is done afterwards',
    line: {
      from: 'topic',
      to: ['event'],
      breaker: 'model',
      attempts: 20,
      edits: [
        [
          'caches:',
          'policies:\n  breakers:\n    model: { window: 20, minimum: 10, failureRate: 50, open: 1s }\ncaches:',
        ],
      ],
    },
    harms: 'workers',
    async run(ordeal) {
      const worker = await ordeal.worker().runs()
      await ordeal.down(true)
      await ordeal.feed()
      await ordeal.pause(ordeal.profile.times(20_000, 600_000))
      ordeal.check((await ordeal.letters()) === 0, 'messages were given up')
      await ordeal.down(false)
      await ordeal.reaches(1)
      ordeal.check(worker.alive, 'the worker ended')
    },
  },
  {
    fault: 'F36',
    name: 'far too much',
    does: 'messages of 50 KB come far faster than they are done',
    then: 'the worker holds as much as its window says, and reads no further',
    line: { from: 'topic', to: ['event'] },
    harms: 'workers',
    async run(ordeal) {
      await ordeal.feed({ pad: 50_000, lastsMs: 15_000 })
      const worker = await ordeal.worker().runs()
      let most = 0
      await ordeal.until('a half is done', async () => {
        most = Math.max(most, worker.resources().rssMiB)
        return (await ordeal.progress()) > ordeal.profile.messages / 2
      })
      ordeal.note(`${most} MiB at most`)
      ordeal.check(most < 500, `it held ${most} MiB`)
    },
  },
]
