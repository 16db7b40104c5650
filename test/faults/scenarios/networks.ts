// Networks that cut, delay and swallow, between a worker and all of its brokers at once: F12.
import type { Ordeal } from '../ordeal.ts'
import type { Scenario } from '../scenario.ts'
import { BROKERS } from '../stage/brokers.ts'
import type { TcpProxy } from '../../support/tcp-proxy.ts'

const each = (ordeal: Ordeal, harm: (proxy: TcpProxy) => void) => {
  for (const name of BROKERS) harm(ordeal.brokers.proxies[name])
}

const restore = async (ordeal: Ordeal) => {
  for (const name of BROKERS) await ordeal.brokers.proxies[name].restore()
}

interface Network {
  readonly name: string
  readonly does: string
  readonly then: string
  harm(ordeal: Ordeal): Promise<void>
}

const NETWORKS: readonly Network[] = [
  {
    name: 'resets',
    does: 'every connection is reset each second or two, for 60 s',
    then: 'each is opened again; nothing is lost, and no connection is left over',
    async harm(ordeal) {
      const until = performance.now() + ordeal.profile.wait(60_000)
      for (let n = 0; performance.now() < until; n++) {
        ordeal.brokers.proxies[BROKERS[n % BROKERS.length] ?? 'kafka'].cut()
        ordeal.allowEnd()
        await ordeal.pause(700)
      }
    },
  },
  {
    name: 'slivers',
    does: 'everything arrives byte by byte for 20 s',
    then: 'no frame is misread; everything goes on',
    async harm(ordeal) {
      each(ordeal, (proxy) => proxy.slow({ sliceBytes: 1 }))
      await ordeal.pause(20_000)
    },
  },
  {
    name: 'latency',
    does: 'everything arrives 500 ± 250 ms late for 60 s',
    then: 'work is slow and goes on; caches are passed by where they answer too late',
    async harm(ordeal) {
      each(ordeal, (proxy) => proxy.slow({ latencyMs: 500, jitterMs: 250 }))
      ordeal.allowEnd(2)
      await ordeal.pause(60_000)
    },
  },
  {
    name: 'trickle',
    does: '32 KB/s each way for 60 s',
    then: 'work is slow and goes on',
    async harm(ordeal) {
      each(ordeal, (proxy) => proxy.slow({ bytesPerSecond: 32_000 }))
      ordeal.allowEnd(2)
      await ordeal.pause(60_000)
    },
  },
  {
    name: 'black hole',
    does: 'nothing arrives for 90 s, and no connection ends',
    then: 'what waits for an answer gives up in time; the same worker goes on by itself when bytes flow again',
    async harm(ordeal) {
      each(ordeal, (proxy) => proxy.blackhole())
      ordeal.allowEnd(2)
      await ordeal.pause(90_000)
    },
  },
  {
    name: 'half-closed',
    does: "the brokers' half of every connection is closed, three times",
    then: 'the connections are given up and opened again',
    async harm(ordeal) {
      for (let n = 0; n < 3; n++) {
        each(ordeal, (proxy) => proxy.halfClose())
        ordeal.allowEnd(2)
        await ordeal.feedPart(6)
        await ordeal.flows()
      }
    },
  },
]

export const networks: readonly Scenario[] = NETWORKS.map(({ harm, ...network }) => ({
  ...network,
  fault: 'F12',
  line: { from: 'topic', to: ['cache', 'command', 'job', 'event'] },
  harms: 'brokers',
  async run(ordeal) {
    await ordeal.feedPart(2)
    const worker = await ordeal.worker({ env: ordeal.brokers.proxied }).runs()
    await ordeal.flows(undefined, 20)
    const connections = () =>
      BROKERS.reduce((sum, name) => sum + ordeal.brokers.proxies[name].connections(), 0)
    const before = connections()
    await harm(ordeal)
    await restore(ordeal)
    await ordeal.feedPart(2)
    await ordeal.flows()
    await ordeal.until('it is ready', async () => (await worker.probe('/readyz')) === 200)
    ordeal.check(worker.alive, 'the worker ended')
    await ordeal.reaches(0.95)
    const opened = BROKERS.reduce((sum, name) => sum + ordeal.brokers.proxies[name].opened(), 0)
    ordeal.note(`connections: ${before} before, ${connections()} after, ${opened} opened in all`)
    ordeal.check(connections() <= before + 3, `${connections()} connections, and ${before} before`)
    ordeal.check((await worker.stop()) === 0, 'it did not stop in good order')
  },
}))
