// Queues that are gone, full or held back: F15 to F18.
import type { Scenario } from '../scenario.ts'
import { onRabbit } from '../stage/rabbit.ts'

export const queues: readonly Scenario[] = [
  {
    fault: 'F15',
    name: 'the source queue is deleted',
    does: 'the queue that a worker reads is deleted under it, and made again 12 s later',
    then: 'the worker says so, is not ready, and reads the new queue by itself; another pipeline would not notice',
    line: { from: 'queue', to: ['event'] },
    harms: 'workers',
    async run(ordeal) {
      const worker = await ordeal.worker().runs()
      await ordeal.feedPart(2)
      await ordeal.reaches(0.95)
      await ordeal.until('the queue is empty', async () => (await ordeal.residue()) === 0)
      await onRabbit((channel) => channel.deleteQueue(`${ordeal.prefix}tasks`))
      await ordeal.until('it is not ready', async () => (await worker.probe('/readyz')) === 503)
      await ordeal.pause(12_000)
      await ordeal.feedPart(2)
      await ordeal.reaches(0.95)
      ordeal.check(worker.alive, 'the worker ended')
    },
  },
  ...[
    {
      name: 'low on memory',
      alarm: ['set_vm_memory_high_watermark', '0.0000001'],
      over: ['set_vm_memory_high_watermark', '0.4'],
    },
    {
      name: 'low on disk',
      alarm: ['set_disk_free_limit', '100000GB'],
      over: ['set_disk_free_limit', '50MB'],
    },
  ].map(({ name, alarm, over }): Scenario => ({
    fault: 'F16',
    name,
    does: `RabbitMQ is ${name} and holds publishers back for 60 s`,
    then: 'commands wait, at the cost of no attempt, and go on by themselves; the worker holds no more than its window meanwhile',
    line: { from: 'topic', to: ['command', 'event'] },
    harms: 'brokers',
    async run(ordeal) {
      const { brokers } = ordeal
      const worker = await ordeal.worker().runs()
      await ordeal.feedPart(2)
      await ordeal.flows()
      await brokers.rabbitmqctl(...alarm)
      ordeal.afterwards(() => brokers.rabbitmqctl(...over))
      await ordeal.feedPart(2)
      ordeal.allowEnd()
      await ordeal.until('it hears of it', () => worker.said.includes('holds publishers back'))
      await ordeal.pause(60_000)
      const { rssMiB } = worker.resources()
      ordeal.note(`${rssMiB} MiB while held back`)
      ordeal.check(rssMiB < 400, `it holds ${rssMiB} MiB`)
      await brokers.rabbitmqctl(...over)
      await ordeal.flows()
      ordeal.check(worker.alive, 'the worker ended')
    },
  })),
  {
    fault: 'F17',
    name: 'a full queue',
    does: 'the queue of the commands takes 100 messages and refuses more, until it is read 20 s later',
    then: 'what is refused is tried again and not passed; everything arrives',
    line: {
      from: 'topic',
      to: ['command', 'event'],
      edits: [
        [
          'commands: { in: work, schema: outcome }',
          'commands: { in: work, schema: outcome, limit: { messages: 100, overflow: reject } }',
        ],
      ],
      attempts: 1_000,
    },
    harms: 'workers',
    async run(ordeal) {
      await ordeal.feed({ messages: Math.min(1_000, ordeal.profile.messages) })
      const worker = await ordeal.worker().runs()
      await ordeal.until('it is full', async () => (await ordeal.progress()) >= 90)
      await ordeal.pause(20_000)
      await ordeal.until('everything is done', async () => {
        await ordeal.takeCommands()
        return (await ordeal.progress()) >= 1_000
      })
      ordeal.check(worker.alive, 'the worker ended')
    },
  },
  {
    fault: 'F18',
    name: 'commands to nowhere',
    does: 'the queue of the commands is deleted in the midst of work, and made again 12 s later: what is published meanwhile comes back as unroutable',
    then: 'what comes back counts as failed, never as sent: it is tried again until the queue is there',
    line: { from: 'topic', to: ['command', 'event'], attempts: 1_000 },
    harms: 'workers',
    async run(ordeal) {
      const worker = await ordeal.worker().runs()
      await ordeal.feedPart(2)
      await ordeal.flows(undefined, 50)
      await ordeal.takeCommands()
      const queue = `${ordeal.prefix}commands`
      await onRabbit((channel) => channel.deleteQueue(queue))
      ordeal.rob('command')
      await ordeal.feedPart(2)
      await ordeal.pause(12_000)
      const before = await ordeal.progress()
      await onRabbit((channel) =>
        channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } }),
      )
      await ordeal.flows()
      ordeal.note(`${before} were done when it was gone`)
      ordeal.check(worker.alive, 'the worker ended')
    },
  },
]
