// The sending half of a link: one queue a topic on one wire, each request bounded.
import type { Clock } from '../../core/clock.ts'
import type { OutMessage, Topic } from '../../core/contract.ts'
import type { SluiceError } from '../../core/errors.ts'
import { bounded } from './bounded.ts'
import type { Refusal, Wire } from './client.ts'
import { kafkaError } from './errors.ts'
import { Limit } from './limit.ts'
import { outgoing, type Outgoing } from './outgoing.ts'
import { TopicQueue } from './topic-queue.ts'

const CONFIRM_MS = 30_000

export interface PublisherParts {
  readonly wire: Pick<Wire, 'produce' | 'refresh'>
  readonly clock: Clock
  readonly delivered: (address: string) => void
  readonly failed: (error: SluiceError, address: string) => void
  /** A request has no answer: what is still under way must not arrive after its repetition. */
  readonly late: (error: SluiceError) => void
}

export class Publisher {
  private readonly parts: PublisherParts
  private readonly limit: Limit
  private readonly queues = new Map<string, TopicQueue>()
  private failure: SluiceError | undefined
  private onIdle: () => void = () => {}

  constructor(parts: PublisherParts) {
    const { clock, late } = parts
    this.parts = parts
    this.limit = new Limit({ clock, ms: CONFIRM_MS, code: 'SLU5201', onLate: late })
  }

  send(topic: Topic, message: OutMessage): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure)
    let queue = this.queues.get(topic.address)
    if (queue === undefined) {
      queue = this.queueOf(topic)
      this.queues.set(topic.address, queue)
    }
    return queue.send(outgoing(message))
  }

  /** What has not left is rejected, and so is everything that is sent from now on. */
  fail(error: SluiceError): void {
    this.failure ??= error
    for (const queue of this.queues.values()) queue.fail(error)
  }

  /** Nothing is under way when it resolves, or `ms` passed. */
  async drained(ms: number): Promise<void> {
    const idle = new Promise<void>((resolve) => {
      this.onIdle = () => {
        if ([...this.queues.values()].every((queue) => queue.idle)) resolve()
      }
      this.onIdle()
    })
    await bounded(idle, ms, this.parts.clock)
  }

  private queueOf({ address, maxBytes, compression }: Topic): TopicQueue {
    const { clock, failed } = this.parts
    return new TopicQueue({
      address,
      maxBytes,
      clock,
      produce: (messages) => this.produce(address, messages, compression),
      refresh: () => this.refresh(address),
      onError: (error) => failed(error, address),
      onIdle: () => this.onIdle(),
    })
  }

  private async produce(
    topic: string,
    messages: Outgoing[],
    compression: Topic['compression'],
  ): Promise<readonly Refusal[]> {
    const refusals = await this.limit.within(() =>
      this.parts.wire.produce(topic, messages, compression),
    )
    const refused = refusals.reduce((sum, refusal) => sum + refusal.messages.size, 0)
    if (refused < messages.length) this.parts.delivered(topic)
    return refusals
  }

  /** Never rejects: whoever makes the link decides whether it can go on. */
  private async refresh(address: string): Promise<void> {
    try {
      await this.limit.within(() => this.parts.wire.refresh(address))
    } catch (thrown) {
      this.parts.failed(kafkaError(thrown, `asking where ${address} lives`), address)
    }
  }
}
