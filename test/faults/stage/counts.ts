// How far a line is, cheaply: what its brokers count, without reading any of it.
import amqp from 'amqplib'
import { Queue } from 'bullmq'
import { topicSize } from '../../e2e/support/brokers-io.ts'
import { openRedisView } from '../../support/redis.ts'
import { onKafka } from './kafka.ts'
import type { SinkName, SourceName } from './line.ts'
import { amqpSettings, type WriteWatch } from './views.ts'

/** Messages of a queue that are ready; 0 where there is no such queue. */
export async function queueSize(queue: string): Promise<number> {
  const connection = await amqp.connect(amqpSettings())
  connection.on('error', () => {})
  const channel = await connection.createChannel()
  channel.on('error', () => {})
  const found = await channel.checkQueue(queue).catch(() => undefined)
  await connection.close()
  return found?.messageCount ?? 0
}

/** Jobs that are not over. */
export async function openJobs(name: string): Promise<number> {
  const connection = await openRedisView()
  const queue = new Queue(name, { connection })
  const counts = await queue.getJobCounts('wait', 'active', 'delayed', 'prioritized')
  await queue.close()
  connection.disconnect()
  return Object.values(counts).reduce((sum, n) => sum + n, 0)
}

/** Committed offsets of the line's group, by partition. */
export async function commits(prefix: string): Promise<Map<number, number>> {
  const [entry] = await onKafka((admin) =>
    admin.fetchOffsets({ groupId: `${prefix}line`, topics: [`${prefix}incoming`] }),
  )
  return new Map(
    (entry?.partitions ?? []).map(({ partition, offset }) => [
      partition,
      Math.max(0, Number(offset)),
    ]),
  )
}

/** Effects of the sink that can be counted. */
export async function effectCount(
  prefix: string,
  sink: SinkName,
  watch: WriteWatch | undefined,
): Promise<number> {
  if (sink === 'event') return topicSize(`${prefix}outgoing`)
  if (sink === 'command') return queueSize(`${prefix}commands`).catch(() => 0)
  if (sink === 'job') return openJobs(`${prefix}reports`).catch(() => 0)
  return watch?.writes.size ?? 0
}

/** What is left in the source: only what is not zero. */
export async function residueOf(
  prefix: string,
  source: SourceName,
): Promise<Record<string, number>> {
  if (source === 'queue') return notZero({ tasks: await queueSize(`${prefix}tasks`) })
  if (source === 'jobs') return notZero({ duties: await openJobs(`${prefix}duties`) })
  const ends = await onKafka((admin) => admin.fetchTopicOffsets(`${prefix}incoming`))
  const committed = await commits(prefix)
  // What was deleted before it was read is not left either.
  const left = ends.map(
    ({ partition, high, low }) =>
      Number(high) - Math.max(Number(low), committed.get(partition) ?? 0),
  )
  return notZero({ incoming: left.reduce((sum, n) => sum + n, 0) })
}

const notZero = (counts: Record<string, number>) =>
  Object.fromEntries(Object.entries(counts).filter(([, n]) => n !== 0))
