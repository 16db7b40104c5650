// Brokers that are not there when a worker starts: F13.
import type { Scenario } from '../scenario.ts'
import { BROKERS, type BrokerName } from '../stage/brokers.ts'

/** All subsets but the empty one. */
const SUBSETS: readonly (readonly BrokerName[])[] = Array.from({ length: 7 }, (_, n) =>
  BROKERS.filter((_, bit) => ((n + 1) & (1 << bit)) !== 0),
)

export const absentBrokers: readonly Scenario[] = [
  {
    fault: 'F13',
    name: 'absent at start',
    does: 'a worker starts while some of the three brokers cannot be reached, each of the seven combinations',
    then: 'it lives and is not ready, and tries on; when they can be reached it begins',
    line: { from: 'topic', to: ['cache', 'command', 'job', 'event'] },
    harms: 'brokers',
    async run(ordeal) {
      const { proxies, proxied } = ordeal.brokers
      for (const [round, absent] of SUBSETS.entries()) {
        const messages = Math.floor(ordeal.profile.messages / SUBSETS.length)
        await ordeal.feed({ messages })
        await Promise.all(absent.map((name) => proxies[name].refuse()))
        const worker = ordeal.worker({ env: proxied })
        await ordeal.pause(ordeal.profile.times(3_000, 60_000))
        ordeal.check(
          worker.alive,
          `it gave up without ${absent.join(', ')}:\n${worker.said.slice(-500)}`,
        )
        ordeal.check(
          !worker.said.includes('The worker runs'),
          `it runs without ${absent.join(', ')}`,
        )
        await Promise.all(absent.map((name) => proxies[name].restore()))
        await worker.runs()
        await ordeal.until('it is ready', async () => (await worker.probe('/readyz')) === 200)
        await ordeal.reaches(1)
        ordeal.check((await worker.stop()) === 0, `round ${round}: it did not stop in good order`)
      }
    },
  },
]
