// A consumer group of kafkajs as the membership sees it; one object for the life of the consumer, whatever its generations.
import type { Committed, Edge, Group, Start } from '../client.ts'
import type { ConsumerGroup } from './internals.ts'

export class KafkajsGroup implements Group {
  private readonly group: ConsumerGroup
  private readonly topic: string

  constructor(group: ConsumerGroup, topic: string) {
    this.group = group
    this.topic = topic
  }

  known(): boolean {
    const { memberId } = this.group
    return memberId !== null && memberId !== ''
  }

  assigned(): readonly number[] {
    return this.group.assigned().find(({ topic }) => topic === this.topic)?.partitions ?? []
  }

  async heartbeat(): Promise<void> {
    const { groupId, generationId } = this.group
    const memberId = this.group.memberId ?? ''
    await this.group.coordinator.heartbeat({ groupId, memberId, groupGenerationId: generationId })
  }

  async findCoordinator(): Promise<void> {
    const { cluster, groupId, offsetManager } = this.group
    this.group.coordinator = await cluster.findGroupCoordinator({ groupId })
    if (offsetManager !== null) offsetManager.coordinator = this.group.coordinator
  }

  async stored(partitions: readonly number[]): Promise<Committed[]> {
    const { coordinator, groupId } = this.group
    const { responses } = await coordinator.offsetFetch({
      groupId,
      topics: [{ topic: this.topic, partitions: partitions.map((partition) => ({ partition })) }],
    })
    return responses
      .flatMap((response) => response.partitions)
      .map(({ partition, offset, metadata }) => ({
        partition,
        next: Number(offset),
        note: metadata ?? '',
      }))
  }

  async edges(partitions: readonly number[], edge: Edge): Promise<Map<number, number>> {
    const wanted = partitions.map((partition) => ({ partition }))
    const fromBeginning = edge === 'earliest'
    const [answer] = await this.group.cluster.fetchTopicsOffset([
      { topic: this.topic, fromBeginning, partitions: wanted },
    ])
    return new Map(
      (answer?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]),
    )
  }

  commit(places: readonly Committed[]): Promise<void> {
    const partitions = places.map(({ partition, next, note }) => ({
      partition,
      offset: String(next),
      metadata: note,
    }))
    return this.group.commitOffsets({ topics: [{ topic: this.topic, partitions }] })
  }

  /** kafkajs would ask for the same offsets once more, and might get other answers. */
  readFrom(starts: readonly Start[]): void {
    const offsets = this.group.offsetManager?.committedOffsets()
    if (offsets === undefined) return
    offsets[this.topic] = {
      ...offsets[this.topic],
      ...Object.fromEntries(starts.map(({ partition, from }) => [partition, String(from)])),
    }
  }
}
