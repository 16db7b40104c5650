// Brokers that are killed, stopped, paused or absent: F8 to F11, F13.
import type { Ordeal } from '../ordeal.ts'
import type { Scenario } from '../scenario.ts'
import type { BrokerName } from '../stage/brokers.ts'

const EVERYWHERE = { from: 'topic', to: ['cache', 'command', 'job', 'event'] } as const

/** RabbitMQ 3.10 that is killed never finds a quorum queue younger than about two seconds again. */
const GROWN_UP_MS = 5_000

/** Each signal ends it once a round, in the midst of work; it comes back, and the same workers go on by themselves. */
async function ends(ordeal: Ordeal, name: BrokerName, ...signals: NodeJS.Signals[]) {
  const rounds = ordeal.profile.times(1, 3)
  const worker = await ordeal.worker().runs()
  await ordeal.pause(GROWN_UP_MS)
  const broker = ordeal.brokers.own[name]
  const before = worker.resources()
  for (let round = 0; round < rounds; round++)
    for (const signal of signals) {
      await ordeal.feedPart(rounds * signals.length)
      await ordeal.flows(undefined, 20)
      await broker.kill(signal)
      // Whatever was under way has an unknown outcome, and is done again.
      ordeal.allow(ordeal.concurrency)
      await ordeal.pause(2_000)
      await broker.restart()
      const tookMs = await ordeal.flows()
      ordeal.note(
        `${signal} of ${name}: effects again ${(tookMs / 1_000).toFixed(1)} s after it answered`,
      )
      await ordeal.until('it is ready', async () => (await worker.probe('/readyz')) === 200)
    }
  ordeal.check(worker.alive, 'the worker ended')
  const after = worker.resources()
  ordeal.check(
    after.files <= before.files + 10,
    `it has ${after.files} files open, and had ${before.files}`,
  )
}

export const brokerOutages: readonly Scenario[] = [
  {
    fault: 'F8',
    name: 'RabbitMQ',
    does: 'RabbitMQ is stopped in good order, then killed, in the midst of work',
    then: 'the worker waits and connects again by itself; what was not confirmed is sent again; no attempt is counted',
    line: EVERYWHERE,
    harms: 'brokers',
    run: (ordeal) => ends(ordeal, 'rabbitmq', 'SIGTERM', 'SIGKILL'),
  },
  {
    fault: 'F8',
    name: 'RabbitMQ as a source',
    does: 'RabbitMQ is killed while its queue is read',
    then: 'what was not acknowledged comes again; nothing is lost',
    line: { from: 'queue', to: ['command', 'event'] },
    harms: 'brokers',
    async run(ordeal) {
      await ends(ordeal, 'rabbitmq', 'SIGKILL')
      ordeal.allowEnd(ordeal.profile.times(1, 3))
    },
  },
  {
    fault: 'F9',
    name: 'Kafka',
    does: 'Kafka is stopped in good order, then killed, in the midst of work',
    then: 'the worker waits, joins its group again by itself and goes on where it was',
    line: EVERYWHERE,
    harms: 'brokers',
    async run(ordeal) {
      await ends(ordeal, 'kafka', 'SIGTERM', 'SIGKILL')
      // The partitions are lost with the session.
      ordeal.allowEnd(ordeal.profile.times(2, 6))
    },
  },
  ...(['always', 'everysec'] as const).map((fsync): Scenario => ({
    fault: 'F10',
    name: `Redis, appendfsync ${fsync}`,
    does: `Redis with appendfsync ${fsync} is killed while values are stored and jobs are added, with \`once\``,
    then: 'the worker waits and goes on; every value and every job that was confirmed is there. The page cache outlives the process: this says nothing of a power loss',
    line: { from: 'topic', to: ['cache', 'store', 'job', 'event'], once: true },
    harms: 'brokers',
    async run(ordeal) {
      await ordeal.brokers.redis('CONFIG', 'SET', 'appendfsync', fsync)
      await ends(ordeal, 'redis', 'SIGKILL')
    },
  })),
  {
    fault: 'F10',
    name: 'Redis as a source',
    does: 'Redis is killed while its jobs are done',
    then: 'jobs that were at work are taken again; nothing is lost',
    line: { from: 'jobs', to: ['command', 'event'] },
    harms: 'brokers',
    async run(ordeal) {
      await ends(ordeal, 'redis', 'SIGKILL')
      ordeal.allowEnd(ordeal.profile.times(1, 3))
    },
  },
  ...(['kafka', 'rabbitmq', 'redis'] as const).map((name): Scenario => ({
    fault: 'F11',
    name: `${name} stands still`,
    does: `SIGSTOP of ${name} for 90 s: no connection ends, nothing answers; then SIGCONT`,
    then: 'whatever waits for an answer gives up in time and is done again; the same worker goes on by itself',
    line: EVERYWHERE,
    harms: 'brokers',
    async run(ordeal) {
      await ordeal.feed({ lastsMs: 10_000 })
      const worker = await ordeal.worker().runs()
      await ordeal.flows(undefined, 20)
      await ordeal.brokers.own[name].kill('SIGSTOP')
      ordeal.allowEnd()
      await ordeal.pause(90_000)
      ordeal.check((await worker.probe('/livez')) === 200, 'it does not live')
      await ordeal.brokers.own[name].kill('SIGCONT')
      const tookMs = await ordeal.flows()
      ordeal.note(`effects ${(tookMs / 1_000).toFixed(1)} s after SIGCONT`)
      ordeal.check(worker.alive, 'the worker ended')
    },
  })),
]
