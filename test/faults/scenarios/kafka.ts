// A Kafka that has lost what was not read, or confirms nothing: F25, F26.
import kafkajs from 'kafkajs'
import { readTopic } from '../../e2e/support/brokers-io.ts'
import type { Scenario } from '../scenario.ts'
import { onKafka } from '../stage/kafka.ts'

export const kafka: readonly Scenario[] = [
  {
    fault: 'F25',
    name: 'records deleted before they were read',
    does: 'while no worker runs, records beyond the committed offset are deleted from one partition',
    then: 'the worker goes on with the oldest record that is left. What was deleted is gone, and nothing else',
    line: { from: 'topic', to: ['event'] },
    harms: 'workers',
    async run(ordeal) {
      const topic = `${ordeal.prefix}incoming`
      await ordeal.feed({ messages: Math.min(1_000, ordeal.profile.messages), lastsMs: 4_000 })
      const worker = await ordeal.worker().runs()
      await ordeal.flows(undefined, 20)
      ordeal.check((await worker.stop()) === 0, 'it did not stop in good order')
      const before = await ordeal.done()
      const offset = '200'
      const gone = (await readTopic(topic))
        .filter((one) => one.partition === 0 && Number(one.offset) < Number(offset))
        .map(({ value }) => /e\d+/.exec(String(value))?.[0] ?? '')
        .filter((id) => !before.has(id))
      await onKafka(async (admin) => {
        // It finds only what it was asked about before.
        await admin.fetchTopicOffsets(topic)
        await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] })
      })
      ordeal.forget(gone)
      ordeal.note(`${gone.length} were deleted before they were read`)
      ordeal.check(gone.length > 0, 'nothing was deleted that was not read')
    },
  },
  {
    fault: 'F26',
    name: 'too few replicas',
    does: 'the topic of the events wants two replicas in sync, and there is one broker, for 20 s',
    then: 'events are refused and tried again, and no command is sent twice for it; no offset is committed before they are there',
    line: { from: 'topic', to: ['command', 'event'], attempts: 1_000 },
    harms: 'workers',
    async run(ordeal) {
      const name = `${ordeal.prefix}outgoing`
      const inSync = (value: string) =>
        onKafka((admin) =>
          admin.alterConfigs({
            validateOnly: false,
            resources: [
              {
                type: kafkajs.ConfigResourceTypes.TOPIC,
                name,
                configEntries: [{ name: 'min.insync.replicas', value }],
              },
            ],
          }),
        )
      await ordeal.feed({ lastsMs: 5_000 })
      const worker = await ordeal.worker().runs()
      await ordeal.flows(undefined, 20)
      await inSync('2')
      await ordeal.pause(20_000)
      await ordeal.checkCommits()
      await inSync('1')
      await ordeal.flows()
      ordeal.check(worker.alive, 'the worker ended')
    },
  },
]
