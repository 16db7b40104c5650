// Guide, "Performance Optimization": what is chosen for each broker, as the broker itself tells.
import { randomUUID } from 'node:crypto'
import { startRedisCluster } from '../../../infra/brokers/index.ts'
import type { Fleet } from '../../../workers/generated/fleet.ts'
import { openFleet } from '../../../workers/index.ts'
import { readTopic } from '../../e2e/support/brokers-io.ts'
import { PLATFORM } from '../../e2e/support/platform/platform.ts'
import { batchesOf } from '../batches.ts'
import { management } from '../../support/management.ts'
import type { Lag } from '../../../workers/ops/lag.ts'
import { holds, type Exercise } from '../exercise.ts'
import { AT, alert } from '../messages.ts'
import type { Stage } from '../stage.ts'

interface QueueFacts {
  readonly type: string
  readonly durable: boolean
  readonly consumer_details: readonly { readonly prefetch_count: number }[]
}

const queue = async ({ prefix }: Stage, name: string) =>
  (await management.queue(prefix + name)) as QueueFacts

/** One key of the cache or store, once there is one. */
const keyOf = ({ redis, prefix, until }: Stage, name: string, type: string) =>
  until(`a ${type} of ${name}`, async () => {
    for (const key of await redis.keys(`${prefix}ml-platform:${name}:*`))
      if ((await redis.type(key)) === type) return key
    return undefined
  })

async function makeFeatures({ client }: Stage): Promise<void> {
  const entity = `user:${randomUUID()}`
  const update = { event_id: randomUUID(), entity, version: 1, timestamp: AT, values: { a: 1 } }
  await client.topic('feature_updates').publish(update, { key: entity })
}

export const PERFORMANCE: readonly Exercise[] = [
  {
    row: 'Redis: hash or string, by what is read',
    async does(stage) {
      await makeFeatures(stage)
      await stage.client.cache('predictions').set(randomUUID(), { model_id: 'm', score: 0.5 })
      await keyOf(stage, 'features', 'hash')
      await keyOf(stage, 'predictions', 'string')
      return 'features are hashes, predictions strings'
    },
  },
  {
    row: 'Redis: a TTL for each type of data',
    async does(stage) {
      await makeFeatures(stage)
      await stage.client.cache('predictions').set(randomUUID(), { model_id: 'm', score: 0.5 })
      const days = async (name: string, type: string) =>
        (await stage.redis.ttl(await keyOf(stage, name, type))) / 86_400
      const [features, predictions] = [
        await days('features', 'hash'),
        await days('predictions', 'string'),
      ]
      holds(features > 29 && features <= 30, `features stay ${features} days`)
      holds(predictions > 0 && predictions < 0.03, `predictions stay ${predictions} days`)
      return `features ${Math.round(features)} days, predictions ${Math.round(predictions * 1440)} minutes`
    },
  },
  {
    row: 'Redis: memory and eviction',
    async does({ client }) {
      const { connections } = await client.health.checkRedisHealth()
      const checks = connections['hot']?.checks ?? []
      const of = (name: string) => checks.find((check) => check.name === name)
      holds(of('memory')?.status === 'pass', JSON.stringify(checks))
      holds(of('eviction')?.status === 'pass', JSON.stringify(checks))
      return `${of('memory')?.detail}; ${of('eviction')?.detail}, as what outlives a process needs it`
    },
  },
  {
    row: 'Redis: clustering',
    async does() {
      const cluster = await startRedisCluster()
      const env = { ...process.env, ...cluster.env }
      const fleet = openFleet<Fleet>({ project: PLATFORM, env })
      try {
        const predictions = fleet.cache('predictions')
        const scores = Array.from({ length: 60 }, (_, n) => n / 100)
        for (const score of scores) await predictions.set(score, { model_id: 'm', score })
        for (const score of scores) holds((await predictions.get(score))?.score === score, 'lost')
        const sizes = await Promise.all(cluster.nodes.map((node) => cluster.ask(node, 'dbsize')))
        const counts = sizes.map(Number)
        holds(counts.every((count) => count > 0) && counts.length === 3, String(counts))
        return `60 predictions on three masters: ${counts.join(', ')}`
      } finally {
        await fleet.close()
        await cluster.stop()
      }
    },
  },
  {
    row: 'RabbitMQ: classic or quorum',
    async does(stage) {
      const [page, review] = [
        await queue(stage, 'alerts.page'),
        await queue(stage, 'alerts.review'),
      ]
      holds(page.type === 'quorum' && review.type === 'classic', `${page.type}, ${review.type}`)
      return 'pages are replicated, what is for review is not'
    },
  },
  {
    row: 'RabbitMQ: persistence',
    async does({ client, prefix, until }) {
      const sent = alert('low')
      await client.command('alerts').send(sent)
      const found = await until('the alert for review', async () => {
        const waiting = await management.peek(`${prefix}alerts.review`)
        return waiting.find(({ payload }) => payload.includes(sent.event_id))
      })
      holds(found.properties.delivery_mode === 2, JSON.stringify(found.properties))
      return 'what must survive a restart is written to disk, and confirmed then'
    },
  },
  {
    row: 'RabbitMQ: prefetch',
    async does(stage) {
      const { consumer_details } = await stage.until('the consumer shows', async () => {
        const found = await queue(stage, 'alerts.page')
        return found.consumer_details.length > 0 ? found : undefined
      })
      const prefetch = consumer_details[0]?.prefetch_count ?? 0
      holds(prefetch === 16, `paging, 8 at work, has a prefetch of ${prefetch}`)
      return `8 at work, ${prefetch} taken`
    },
  },
  {
    row: 'RabbitMQ: queue depths and consumers',
    async does({ ask }) {
      const { queues } = await ask<Lag>('lag')
      const mail = queues.find(({ name }) => name === 'notifications.mail')
      holds(mail?.consumers === 1, JSON.stringify(mail))
      return `${queues.length} queues; mail: ${mail.ready} waiting, ${mail.consumers} consumer`
    },
  },
  {
    row: 'Kafka: partitions by key',
    async does({ client, prefix }) {
      const entity = `user:${randomUUID()}`
      for (let version = 1; version <= 5; version++)
        await client
          .topic('feature_updates')
          .publish(
            { event_id: randomUUID(), entity, version, timestamp: AT, values: {} },
            { key: entity },
          )
      const all = await readTopic(`${prefix}feature_updates`)
      const places = all.filter(({ key }) => String(key) === entity)
      const partitions = new Set(places.map(({ partition }) => partition))
      holds(places.length === 5 && partitions.size === 1, JSON.stringify([...partitions]))
      return `five events of an entity in order on partition ${[...partitions].join()}`
    },
  },
  {
    row: 'Kafka: batches and compression',
    async does({ client, prefix }) {
      const entity = `user:${randomUUID()}`
      const values = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`f${n}`, 1]))
      await Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          client
            .topic('feature_updates')
            .publish(
              { event_id: randomUUID(), entity, version: n + 1, timestamp: AT, values },
              { key: entity },
            ),
        ),
      )
      const { records, gzipped } = await batchesOf(`${prefix}feature_updates`)
      holds(gzipped > 0 && gzipped < records, `${records} messages, ${gzipped} gzipped batches`)
      return `gzip; ${records} messages in ${gzipped} batches`
    },
  },
  {
    row: 'Kafka: consumer groups',
    async does({ ask }) {
      const { groups } = await ask<Lag>('lag')
      const readers = groups.filter(({ topic }) => topic === 'model_life')
      holds(readers.length >= 2, JSON.stringify(readers))
      holds(
        readers.every(({ state, members }) => state === 'Stable' && members === 1),
        JSON.stringify(readers),
      )
      return `${readers.map(({ name }) => name).join(', ')} read model_life, each all of it`
    },
  },
  {
    row: 'Kafka: lag and rebalancing',
    async does({ ask, metric }) {
      const { groups } = await ask<Lag>('lag')
      const behind = groups.reduce((sum, { lag }) => sum + lag, 0)
      const rebalances = await metric('predictions', /^sluice_rebalances_total\{.*predictions.*$/m)
      return `${groups.length} groups, ${behind} behind; ${rebalances}`
    },
  },
]
