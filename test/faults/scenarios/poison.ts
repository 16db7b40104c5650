// Items that hurt whoever works on them: F6, F7, F28.
import type { Ordeal } from '../ordeal.ts'
import type { Scenario } from '../scenario.ts'
import type { Act } from '../stage/load.ts'

/** As whoever starts workers again and again: until one comes to the end. Returns how many did not. */
async function again(ordeal: Ordeal, node: readonly string[] = []): Promise<number> {
  for (let ends = 0; ends < 20; ends++) {
    const worker = ordeal.worker({ untilIdle: true, node })
    const { code } = await worker.finished
    if (code === 0) return ends
    ordeal.allowEnd()
  }
  throw new Error('its workers end for ever')
}

const crash = (act: Act, name: string, does: string, node: readonly string[] = []): Scenario => ({
  fault: act === 'heap' ? 'F6' : 'F7',
  name,
  does,
  then: 'whoever is started again finds the message that was at work each time, runs it alone, and gives it up as a dead letter after three ends under it; everybody else gets through',
  line: { from: 'topic', to: ['event'] },
  harms: 'workers',
  async run(ordeal) {
    ordeal.expectNoise()
    const at = 120
    await ordeal.feed({ messages: 400, acts: new Map([[at, act]]) })
    const ends = await again(ordeal, node)
    ordeal.note(`${ends} processes ended`)
    ordeal.check(ends <= 6, `${ends} processes ended for one message`)
    ordeal.expectLetter(`e${at}`, 'SLU5520')
  },
})

export const poison: readonly Scenario[] = [
  crash('heap', 'out of memory', 'one message uses up the heap (64 MiB) of whoever works on it', [
    '--max-old-space-size=64',
  ]),
  crash('reject', 'unhandled rejection', 'a handler leaves a promise that rejects to nobody'),
  crash('throw', 'thrown in a callback', 'a handler throws in a timer, where nobody catches'),
  {
    fault: 'F7',
    name: 'hung handlers',
    does: 'handlers that never come back, at a timeout of 1 s',
    then: 'each is given up when its time is over, its place goes to others, and after its attempts it becomes a dead letter',
    line: { from: 'topic', to: ['event'], timeout: '1s', attempts: 2 },
    harms: 'workers',
    async run(ordeal) {
      const acts = new Map<number, Act>([7, 8, 9, 200, 300].map((n) => [n, 'hang']))
      await ordeal.feed({ messages: Math.min(1_000, ordeal.profile.messages), acts })
      const worker = await ordeal.worker().runs()
      await ordeal.reaches(0.99)
      ordeal.check(worker.alive, 'the worker ended')
    },
  },
  {
    fault: 'F28',
    name: 'bad ones among the good',
    does: 'in a hundred messages one that is no JSON, one that fails for good, one that fails twice; a hung one here and there; from a queue whose neighbours share the prefetch',
    then: 'each bad one becomes a dead letter; no good one does, and none is held up for good',
    line: { from: 'queue', to: ['command', 'event'], timeout: '1s', attempts: 4 },
    harms: 'workers',
    async run(ordeal) {
      const acts = new Map<number, Act>([11, 222, 333].map((n) => [n, 'hang']))
      await ordeal.feed({ malformed: 100, permanent: 101, transient: 103, acts })
      const worker = await ordeal.worker().runs()
      await ordeal.reaches(0.97)
      ordeal.check(worker.alive, 'the worker ended')
    },
  },
]
