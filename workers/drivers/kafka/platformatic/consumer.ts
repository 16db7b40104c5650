// One consumer on @platformatic/kafka: joins, keeps the group by heartbeats of its own, and feeds the lanes that it was given.
import { saysGone, typeOf } from '../errors.ts'
import type { Consumer, ConsumerParts } from '../client.ts'
import { HEARTBEAT_MS } from '../session.ts'
import { Cluster } from './cluster.ts'
import { Feeds } from './feeds.ts'
import { Member } from './group.ts'

const REQUEST_MS = 10_000

export class PlatformaticConsumer implements Consumer {
  private readonly parts: ConsumerParts
  private readonly cluster: Cluster
  private readonly member: Member
  private readonly feeds: Feeds

  constructor(parts: ConsumerParts) {
    const { brokers, context, options, over } = parts
    this.parts = parts
    this.cluster = new Cluster({ brokers, context, requestTimeout: REQUEST_MS })
    this.member = new Member({ cluster: this.cluster, options, over })
    this.feeds = new Feeds(parts, this.cluster, this.member)
  }

  async begin(): Promise<void> {
    await this.cluster.connect()
    await this.cluster.refresh(this.parts.options.topic.address)
    this.stay().catch((error: unknown) => this.parts.failed(error))
  }

  leave(): Promise<void> {
    return this.member.leave()
  }

  destroy(): void {
    this.cluster.destroy()
  }

  /** A member until it is over. Rejects when it cannot be one. */
  private async stay(): Promise<void> {
    const { context, over } = this.parts
    const { clock } = context.world
    await this.join()
    for (;;) {
      await clock.sleep(HEARTBEAT_MS, over)
      if (over.aborted) return
      if (!(await this.beat())) await this.join()
    }
  }

  private async join(): Promise<void> {
    await this.parts.seat.join(this.member, () => this.member.join())
    this.feeds.renew()
  }

  /** False when the group must be joined, again or anew. Silence is judged by whoever made the consumer. */
  private async beat(): Promise<boolean> {
    const { context, seat } = this.parts
    const at = context.world.clock.monotonic()
    try {
      await this.member.heartbeat()
      seat.heard(at)
      return true
    } catch (thrown) {
      const type = typeOf(thrown)
      if (type === 'UNKNOWN_MEMBER_ID') this.member.forget()
      if (type === 'REBALANCE_IN_PROGRESS') seat.heard(at)
      if (type === 'REBALANCE_IN_PROGRESS' || saysGone(thrown)) return false
      context.log.debug({ err: thrown }, 'A heartbeat failed.')
      await this.member.findCoordinator().catch((error: unknown) => {
        context.log.debug({ err: error }, 'The coordinator of the group was not found.')
      })
      return true
    }
  }
}
