// Two faults at a time, drawn by a seed: F40. For the nightly run.
import { seededRandom } from '../../../workers/core/seeded.ts'
import type { Ordeal } from '../ordeal.ts'
import type { Profile } from '../profile.ts'
import type { Scenario } from '../scenario.ts'
import { BROKERS, type BrokerName } from '../stage/brokers.ts'
import type { WorkerProcess } from '../stage/workers.ts'

interface Harm {
  readonly name: string
  /** Whatever it does is undone when it resolves. */
  do(ordeal: Ordeal, workers: WorkerProcess[]): Promise<void>
}

const LASTS_MS = 15_000

const ofBroker = (name: BrokerName): readonly Harm[] => [
  {
    name: `${name} is killed`,
    async do(ordeal) {
      await ordeal.brokers.own[name].kill('SIGKILL')
      await ordeal.pause(2_000)
      await ordeal.brokers.own[name].restart()
    },
  },
  {
    name: `${name} stands still`,
    async do(ordeal) {
      await ordeal.brokers.own[name].kill('SIGSTOP')
      await ordeal.pause(LASTS_MS)
      await ordeal.brokers.own[name].kill('SIGCONT')
    },
  },
  {
    name: `${name} cannot be reached`,
    async do(ordeal) {
      await ordeal.brokers.proxies[name].refuse()
      await ordeal.pause(LASTS_MS)
      await ordeal.brokers.proxies[name].restore()
    },
  },
  {
    name: `${name} is far away`,
    async do(ordeal) {
      ordeal.brokers.proxies[name].slow({ latencyMs: 300, jitterMs: 200 })
      await ordeal.pause(LASTS_MS)
      await ordeal.brokers.proxies[name].restore()
    },
  },
]

const HARMS: readonly Harm[] = [
  {
    name: 'a worker is killed',
    async do(ordeal, workers) {
      await workers[0]?.kill()
      workers[0] = ordeal.worker({ env: ordeal.brokers.proxied })
    },
  },
  {
    name: 'a worker stands still',
    async do(ordeal, workers) {
      workers[1]?.signal('SIGSTOP')
      await ordeal.pause(LASTS_MS)
      workers[1]?.signal('SIGCONT')
    },
  },
  ...BROKERS.flatMap(ofBroker),
]

export function pairs({ pairs: count, seed }: Profile): readonly Scenario[] {
  const random = seededRandom(seed)
  const draw = () => Math.floor(random.next() * HARMS.length)
  return Array.from({ length: count }, (_, n): Scenario => {
    const one = HARMS[draw()] as Harm
    const other = HARMS[draw()] as Harm
    return {
      fault: 'F40',
      name: `pair ${n} of seed ${seed}`,
      does: `${one.name}, and ${other.name}, three times`,
      then: 'as of each by itself',
      line: { from: 'topic', to: ['cache', 'command', 'job', 'event'] },
      harms: 'brokers',
      async run(ordeal) {
        const env = ordeal.brokers.proxied
        const workers = [await ordeal.worker({ env }).runs(), await ordeal.worker({ env }).runs()]
        for (let round = 0; round < 3; round++) {
          await ordeal.feedPart(3)
          await ordeal.flows(undefined, 20)
          // Each worker may lose all that it holds, more than once.
          ordeal.allowEnd(4)
          await Promise.all([one.do(ordeal, workers), other.do(ordeal, workers)])
          await ordeal.flows()
        }
      },
    }
  })
}
