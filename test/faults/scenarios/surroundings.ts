// What a worker stands on besides its brokers: files, names, ports, the collector of traces: F37, F38.
import { createServer, type AddressInfo } from 'node:net'
import { startOtlpReceiver } from '../../support/otlp-receiver.ts'
import type { Scenario } from '../scenario.ts'

export const surroundings: readonly Scenario[] = [
  {
    fault: 'F37',
    name: 'a name that does not resolve',
    does: 'the host of RabbitMQ has a name that nobody knows',
    then: 'the worker tries on without spinning, and says which connection it waits for, and where that is written',
    line: { from: 'topic', to: ['command', 'event'] },
    harms: 'workers',
    async run(ordeal) {
      await ordeal.feed({ messages: 100 })
      const worker = ordeal.worker({ env: { RABBITMQ_HOST: 'nowhere.invalid' } })
      await ordeal.until('it says so', () => /SLU1101.*"connection":"work"/.test(worker.said))
      const before = worker.cpuMs()
      await ordeal.pause(8_000)
      ordeal.check(worker.cpuMs() - before < 2_000, 'it spins')
      ordeal.check(worker.alive, 'it gave up')
      await worker.kill()
    },
  },
  {
    fault: 'F37',
    name: 'a port that is taken',
    does: 'somebody else listens where the probes are to be',
    then: 'the worker does not start: SLU1104 names the port',
    line: { from: 'topic', to: ['event'] },
    harms: 'workers',
    async run(ordeal) {
      await ordeal.feed({ messages: 100 })
      const server = createServer()
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      const { port } = server.address() as AddressInfo
      const { code, stderr } = await ordeal.worker({ args: ['--probes', String(port)] }).finished
      await new Promise((done) => server.close(done))
      ordeal.check(code !== 0 && stderr.includes('SLU1104'), `it ended with ${code}: ${stderr}`)
      ordeal.check(stderr.includes(String(port)), 'it does not name the port')
    },
  },
  {
    fault: 'F38',
    name: 'traces that go nowhere',
    does: 'the collector takes spans and never answers',
    then: 'work goes on; spans that do not fit into their bounded queue are dropped and counted',
    line: { from: 'topic', to: ['command', 'event'] },
    harms: 'workers',
    async run(ordeal) {
      const collector = await startOtlpReceiver()
      ordeal.afterwards(() => collector.close())
      collector.blackhole()
      await ordeal.feed()
      const worker = await ordeal
        .worker({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } })
        .runs()
      await ordeal.reaches(1)
      const { rssMiB } = worker.resources()
      ordeal.check(rssMiB < 400, `it holds ${rssMiB} MiB`)
    },
  },
]
