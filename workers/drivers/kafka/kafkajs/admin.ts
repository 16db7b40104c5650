// Looks at topics and changes them for `plan` and `apply`, on a short connection of its own; never deletes anything.
import kafkajs, { type Admin } from 'kafkajs'
import type { FoundTopics, TopicAction, TopicAdmin, TopicField } from '../../../core/admin.ts'
import type { Clock } from '../../../core/clock.ts'
import type { DriverContext, Topic } from '../../../core/contract.ts'
import { SluiceError } from '../../../core/errors.ts'
import { bounded } from '../bounded.ts'
import { createConnections } from './connections.ts'
import { away, kafkaError, nameOf } from '../errors.ts'
import { CONFIG_NAME, foundTopic } from './found-topic.ts'
import type { KafkaConfig } from '../index.ts'
import { Limit } from '../limit.ts'
import { configValue } from '../topic-config.ts'
import { ensureTopics } from './topics.ts'

/** A named import of it does not work: Node cannot see it in a CommonJS module. */
const { TOPIC } = kafkajs.ConfigResourceTypes

const REQUEST_MS = 15_000
/** Replicas and leaders take part. */
const ANSWER_MS = 30_000
const CLOSE_MS = 1_000
/** How long after a change was confirmed it may take until every broker shows it. */
const SHOWN_MS = 10_000
const LOOK_AGAIN_MS = 50

export function createKafkaAdmin(
  { brokers }: Pick<KafkaConfig, 'brokers'>,
  context: DriverContext,
): TopicAdmin {
  const place = { brokers, origin: context.origin }
  const { clock } = context.world
  const client = createConnections({ brokers, context, requestTimeout: REQUEST_MS, retries: 1 })
  const admin = client.kafka.admin({ retry: { retries: 1 } })
  const limit = new Limit({ clock, ms: ANSWER_MS, code: 'SLU5201', onLate: () => {} })
  const ask = async <T>(doing: string, question: () => Promise<T>): Promise<T> => {
    try {
      return await limit.within(question)
    } catch (thrown) {
      throw kafkaError(thrown, doing)
    }
  }
  /** A broker answers from its own copy of the metadata, which follows the controller's. */
  const shown = async (what: string, look: () => Promise<boolean>) => {
    const deadline = clock.monotonic() + SHOWN_MS
    while (!(await look())) {
      if (clock.monotonic() > deadline)
        throw new SluiceError('SLU5202', {
          message: `${nameOf(place)} confirmed ${what} and does not show it after ${SHOWN_MS / 1_000} s`,
        })
      await clock.sleep(LOOK_AGAIN_MS)
    }
  }
  return {
    target: nameOf(place),
    async connect() {
      try {
        await limit.within(async () => {
          await admin.connect()
          await admin.describeCluster()
        })
      } catch (thrown) {
        throw away(place, `is away: ${kafkaError(thrown, 'connecting').message}`, thrown)
      }
    },
    async close() {
      await bounded(admin.disconnect(), CLOSE_MS, clock)
      client.destroy()
    },
    look: (topics, prefix) => ask('looking at topics', () => look(admin, topics, prefix)),
    carryOut: (action) =>
      ask(`changing topic ${action.topic.address}`, () => carryOut(admin, action, shown, clock)),
  }
}

async function look(admin: Admin, topics: readonly Topic[], prefix: string): Promise<FoundTopics> {
  const all = await admin.listTopics()
  const existing = new Set(all)
  const declared = new Set(topics.map(({ address }) => address))
  const there = [...declared].filter((address) => existing.has(address))
  const undeclared = all.filter(
    (name) => prefix !== '' && name.startsWith(prefix) && !declared.has(name),
  )
  // Asking for no topic in particular would bring them all.
  if (there.length === 0) return { topics: new Map(), undeclared }
  const { topics: metadata } = await admin.fetchTopicMetadata({ topics: there })
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: there.map((name) => ({ type: TOPIC, name })),
  })
  const configs = new Map(
    resources.map(({ resourceName, configEntries }) => [resourceName, configEntries]),
  )
  return {
    topics: new Map(
      metadata.map(({ name, partitions }) => [
        name,
        foundTopic(partitions, configs.get(name) ?? []),
      ]),
    ),
    undeclared: undeclared.toSorted(),
  }
}

type Shown = (what: string, look: () => Promise<boolean>) => Promise<void>

async function carryOut(
  admin: Admin,
  action: TopicAction,
  shown: Shown,
  clock: Clock,
): Promise<void> {
  const { topic } = action
  switch (action.do) {
    case 'create-topic':
      await ensureTopics(admin, [topic], clock)
      return shown(topic.address, async () => (await admin.listTopics()).includes(topic.address))
    case 'set':
      return set(admin, topic, action.field, shown)
    case 'add-partitions': {
      const enough = async () => (await partitionsOf(admin, topic)) >= topic.partitions
      if (await enough()) return
      const { address, partitions: count } = topic
      await admin.createPartitions({ topicPartitions: [{ topic: address, count }] })
      await shown(`${count} partitions of ${address}`, enough)
    }
  }
}

async function set(admin: Admin, topic: Topic, field: TopicField, shown: Shown): Promise<void> {
  const { address } = topic
  const name = CONFIG_NAME[field]
  const value = configValue(topic, field)
  const resource = { type: TOPIC, name: address }
  // One setting and no other: own-requests.ts makes it so.
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ ...resource, configEntries: [{ name, value }] }],
  })
  await shown(`${name} of ${address}`, async () => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ ...resource, configNames: [name] }],
    })
    return resources[0]?.configEntries[0]?.configValue === value
  })
}

async function partitionsOf(admin: Admin, { address }: Topic): Promise<number> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [address] })
  return topics[0]?.partitions.length ?? 0
}
