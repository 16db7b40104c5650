// One consumer group on one topic: members, committed offsets, eager rebalances; waits for nobody who was dropped.
import type { EmbeddedTopic } from './topic.ts'

export interface StoredOffset {
  readonly next: number
  readonly note: string
}

/** One member's side of a rebalance. */
export interface Member {
  /** Gives up all partitions; resolves when its work is drained and committed. Never rejects. */
  revoke(): Promise<void>
  grant(partitions: readonly number[]): void
  /** The group went on without it. */
  dropped(): void
}

export class Group {
  readonly topic: EmbeddedTopic
  readonly offsets = new Map<number, StoredOffset>()
  /** In the order of joining; each with how to tell a rebalance not to wait for it. */
  private readonly members = new Map<Member, AbortController>()
  /** Those whom the next rebalance lets in; aborted: it does not. */
  private readonly joining = new Map<Member, AbortController>()
  private changing: Promise<void> = Promise.resolve()

  constructor(topic: EmbeddedTopic) {
    this.topic = topic
    // What nobody has committed may still be read from the very beginning.
    topic.floors.add((partition) => this.offsets.get(partition)?.next ?? 0)
  }

  /** Members of now. */
  get size(): number {
    return this.members.size
  }

  has(member: Member): boolean {
    return this.members.has(member)
  }

  /** Once for whoever waits to be let in. */
  join(member: Member): void {
    if (this.joining.has(member)) return
    const admission = new AbortController()
    this.joining.set(member, admission)
    this.rebalance(() => {
      if (admission.signal.aborted) return
      this.joining.delete(member)
      this.members.set(member, new AbortController())
    })
  }

  /** The member has given up its partitions already. */
  leave(member: Member): void {
    if (this.remove(member)) this.rebalance(() => {})
  }

  /** As a coordinator does when it has not heard of a member for one session. */
  drop(member: Member): void {
    if (!this.remove(member)) return
    this.rebalance(() => {})
    member.dropped()
  }

  /** For tests and simulation: drops everybody. */
  expel(): void {
    for (const member of this.members.keys()) this.drop(member)
  }

  private remove(member: Member): boolean {
    this.joining.get(member)?.abort()
    this.joining.delete(member)
    this.members.get(member)?.abort()
    return this.members.delete(member)
  }

  /** Everybody gives up everything before anybody is given anything. */
  private rebalance(change: () => void): void {
    this.changing = this.changing.then(async () => {
      await Promise.all(
        [...this.members].map(([member, { signal }]) =>
          Promise.race([member.revoke(), aborted(signal)]),
        ),
      )
      change()
      const members = [...this.members.keys()]
      const partitions = this.topic.partitions.map((_, index) => index)
      members.forEach((member, index) =>
        member.grant(partitions.filter((n) => n % members.length === index)),
      )
    })
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
