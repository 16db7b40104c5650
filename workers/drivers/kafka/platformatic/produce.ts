// Sends messages to the leaders of their partitions, one request to each, and tells of each partition what became of it; never repeats anything.
import type { MessageRecord } from '@platformatic/kafka'
import type { Topic } from '../../../core/contract.ts'
import { SluiceError } from '../../../core/errors.ts'
import type { Headers } from '../../../core/message.ts'
import { murmur2 } from '../../../core/murmur2.ts'
import type { Refusal } from '../client.ts'
import type { Outgoing } from '../outgoing.ts'
import { Answered, answeredBy, Unanswered } from './answers.ts'
import type { Cluster } from './cluster.ts'

const LEADER_NOT_AVAILABLE = 5
const ALL_IN_SYNC = -1
/** What the broker itself may take for its replicas. */
const REPLICAS_MS = 10_000

/** Messages of one partition, in their order. */
type Parts = ReadonlyMap<number, readonly Outgoing[]>

export class Producer {
  private readonly cluster: Cluster
  /** Messages without a key go around. */
  private turn = 0

  constructor(cluster: Cluster) {
    this.cluster = cluster
  }

  /** What is in no refusal was stored. Rejects when nothing was sent. */
  async send(
    topic: string,
    messages: readonly Outgoing[],
    compression: Topic['compression'],
  ): Promise<Refusal[]> {
    const { leaders } = await this.cluster.topic(topic)
    const parts = Map.groupBy(messages, ({ key }) => this.partitionFor(key, leaders))
    const byLeader = Map.groupBy(parts, ([partition]) => leaders[partition] ?? -1)
    const refusals = await Promise.all(
      [...byLeader].map(([leader, entries]) =>
        this.sendTo(leader, topic, new Map(entries), compression),
      ),
    )
    return refusals.flat()
  }

  private async sendTo(
    leader: number,
    topic: string,
    parts: Parts,
    compression: Topic['compression'],
  ): Promise<Refusal[]> {
    const all = new Set([...parts.values()].flat())
    if (leader < 0) return [{ error: answeredBy(LEADER_NOT_AVAILABLE), messages: all }]
    const records = [...parts].flatMap(([partition, its]) =>
      its.map((message) => recordOf(topic, partition, message)),
    )
    try {
      const { responses } = await this.cluster.askInParts(
        await this.cluster.node(leader),
        'Produce',
        ALL_IN_SYNC,
        REPLICAS_MS,
        records,
        { compression },
      )
      const answers = responses.flatMap(({ partitionResponses }) => partitionResponses)
      return refusalsIn(new Map(answers.map(({ index, errorCode }) => [index, errorCode])), parts)
    } catch (error) {
      // The other leaders may have stored theirs.
      if (error instanceof Answered || error instanceof Unanswered)
        return [{ error, messages: all }]
      throw error
    }
  }

  private partitionFor(key: Uint8Array | null, leaders: readonly number[]): number {
    if (key !== null) return (murmur2(key) & 0x7fffffff) % leaders.length
    const led = [...leaders.keys()].filter((partition) => (leaders[partition] ?? -1) >= 0)
    const from = led.length === 0 ? [...leaders.keys()] : led
    return from[this.turn++ % from.length] ?? 0
  }
}

function refusalsIn(codes: ReadonlyMap<number, number>, parts: Parts): Refusal[] {
  const refusals: Refusal[] = []
  for (const [partition, messages] of parts) {
    const code = codes.get(partition)
    // Nothing may count as stored that Kafka did not say so of.
    if (code === undefined)
      throw new SluiceError('SLU9001', {
        message: `Kafka does not say what became of messages for partition ${partition}`,
      })
    if (code !== 0) refusals.push({ error: answeredBy(code), messages: new Set(messages) })
  }
  return refusals
}

function recordOf(topic: string, partition: number, message: Outgoing): MessageRecord {
  const { key, value, headers, timestamp } = message
  return {
    topic,
    partition,
    // The library's types know no tombstones, and it writes them well.
    key: bytesOf(key) as Buffer,
    value: bytesOf(value) as Buffer,
    headers: headersOf(headers),
    timestamp: BigInt(timestamp),
  }
}

/** The same bytes as the library's kind, never a copy. */
function bytesOf(bytes: Uint8Array | null): Buffer | null {
  if (bytes === null || Buffer.isBuffer(bytes)) return bytes
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Each name is an object of its own, so one that comes twice is written twice. */
function headersOf(headers: Headers): Map<Buffer, Buffer> {
  const written = new Map<Buffer, Buffer>()
  for (const [name, value] of Object.entries(headers)) {
    const values = typeof value === 'string' || value instanceof Uint8Array ? [value] : value
    for (const each of values)
      written.set(
        Buffer.from(name),
        typeof each === 'string' ? Buffer.from(each) : (bytesOf(each) as Buffer),
      )
  }
  return written
}
