// One kafkajs consumer: hands each batch over and returns, so that kafkajs fetches on; never commits by itself.
import { PartitionAssigners, type Consumer as Client, type EachBatchPayload } from 'kafkajs'
import type { Consumer, ConsumerParts } from '../client.ts'
import { HEARTBEAT_MS, PARTITION_BYTES, REBALANCE_MS, SESSION_MS, WAIT_MS } from '../session.ts'
import { createConnections, type Connections } from './connections.ts'
import { toLogMessage } from './convert.ts'
import type { FetchedBatch } from './internals.ts'
import { hookGroup } from './patches.ts'
import { KafkajsSeat } from './seat.ts'

const REQUEST_MS = 10_000

export class KafkajsConsumer implements Consumer {
  private readonly parts: ConsumerParts
  private readonly connections: Connections
  private readonly seat: KafkajsSeat
  private readonly client: Client

  constructor(parts: ConsumerParts) {
    const { brokers, context, options, seat } = parts
    this.parts = parts
    // A short break of the connection must not cost the partitions: retries last about as long as the session.
    this.connections = createConnections({
      brokers,
      context,
      requestTimeout: REQUEST_MS,
      retries: 6,
    })
    this.seat = new KafkajsSeat(seat, options.topic.address, context.world.clock)
    this.client = this.makeClient()
  }

  async begin(): Promise<void> {
    await this.client.connect()
    // Where a group starts is decided by us; an offset that is out of range goes on at the earliest that is left.
    await this.client.subscribe({ topic: this.parts.options.topic.address, fromBeginning: true })
    await this.client.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 4,
      eachBatch: (payload) => this.eachBatch(payload),
    })
  }

  leave(): Promise<void> {
    return this.client.disconnect()
  }

  destroy(): void {
    this.connections.destroy()
  }

  private makeClient(): Client {
    const { options, seat, failed } = this.parts
    const client = this.connections.kafka.consumer({
      groupId: options.group,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: REBALANCE_MS,
      maxWaitTimeInMs: WAIT_MS,
      maxBytesPerPartition: PARTITION_BYTES,
      metadataMaxAge: 60_000,
      retry: {
        initialRetryTime: 200,
        retries: 6,
        maxRetryTime: 2_000,
        restartOnFailure: () => Promise.resolve(false),
      },
      partitionAssigners: [
        (config) => {
          hookGroup(config.cluster, this.seat)
          return PartitionAssigners.roundRobin(config)
        },
      ],
    })
    const sign = () => seat.sign()
    client.on(client.events.FETCH, sign)
    client.on(client.events.HEARTBEAT, sign)
    client.on(client.events.CRASH, ({ payload }) => failed(payload.error))
    return client
  }

  private async eachBatch({ batch, heartbeat, resolveOffset }: EachBatchPayload): Promise<void> {
    const lane = this.seat.laneFor(batch)
    if (lane === undefined || !lane.owned) {
      // It is fetched again as soon as we return.
      await this.parts.context.world.clock.sleep(HEARTBEAT_MS / 10, this.parts.over)
      return
    }
    await this.parts.handOver({
      lane,
      from: Number((batch as FetchedBatch).fetchedOffset),
      messages: batch.messages.map(toLogMessage),
      next: Number(batch.lastOffset()) + 1,
      // An error on the way makes kafkajs fetch again: not what was taken.
      taken: (last) => resolveOffset(String(last)),
      waiting: heartbeat,
    })
  }
}
