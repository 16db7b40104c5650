// Dead letters that cannot be written: F29.
import type { Scenario } from '../scenario.ts'
import { onKafka } from '../stage/kafka.ts'

export const letters: readonly Scenario[] = [
  {
    fault: 'F29',
    name: 'the broker of the dead letters is away',
    does: 'RabbitMQ, which takes the dead letters of a topic, cannot be reached for 60 s',
    then: 'no message that failed is passed, and nothing after it that would be lost with it; the letters are written when RabbitMQ is back',
    line: { from: 'topic', to: ['event'], letters: 'tasks.dlq' },
    harms: 'brokers',
    async run(ordeal) {
      const { proxies, proxied } = ordeal.brokers
      const worker = await ordeal.worker({ env: proxied }).runs()
      await proxies.rabbitmq.refuse()
      await ordeal.feed({ lastsMs: 4_000, malformed: 97, permanent: 211 })
      await ordeal.until('it is not ready', async () => (await worker.probe('/readyz')) === 503)
      ordeal.check((await worker.probe('/livez')) === 200, 'it does not live')
      const before = worker.cpuMs()
      await ordeal.pause(60_000)
      const spent = worker.cpuMs() - before
      ordeal.note(`${Math.round(spent)} ms of CPU time while it waited`)
      ordeal.check(spent < ordeal.profile.wait(60_000) / 2, 'it waits in a hot loop')
      await ordeal.checkCommits()
      await proxies.rabbitmq.restore()
      await ordeal.reaches(0.95)
      ordeal.check(worker.alive, 'the worker ended')
    },
  },
  {
    fault: 'F29',
    name: 'the topic of the dead letters is gone',
    does: 'the topic that takes the dead letters is deleted in the midst of work, and made again 20 s later',
    then: 'no message that failed is passed meanwhile; its letter is written when the topic is there',
    line: { from: 'topic', to: ['event'] },
    harms: 'workers',
    async run(ordeal) {
      const topic = `${ordeal.prefix}incoming.dlq`
      const worker = await ordeal.worker().runs()
      await onKafka((admin) => admin.deleteTopics({ topics: [topic] }))
      await ordeal.feed({ lastsMs: 4_000, malformed: 97, permanent: 211 })
      await ordeal.flows()
      await ordeal.pause(20_000)
      await ordeal.until('the topic is made again', () =>
        onKafka((admin) => admin.createTopics({ topics: [{ topic, numPartitions: 1 }] })).then(
          () => true,
          () => false,
        ),
      )
      await ordeal.reaches(0.95)
      ordeal.check(worker.alive, 'the worker ended')
    },
  },
]
