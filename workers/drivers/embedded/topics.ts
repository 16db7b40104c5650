// The embedded broker: topics and consumer groups in memory; one state for all log drivers of a process.
import { Group } from './group.ts'
import type { Reach } from './reach.ts'
import { EmbeddedTopic } from './topic.ts'

export class EmbeddedTopics {
  private readonly topics = new Map<string, EmbeddedTopic>()
  private readonly groups = new Map<string, Group>()
  private readonly reaches = new Set<Reach>()
  private readonly watchers = new Set<() => void>()
  private available = true

  /** For tests and simulation: false takes the broker away from all drivers, true gives it back with all its messages. */
  setAvailable(available: boolean): void {
    this.available = available
    for (const reach of this.reaches)
      if (available) reach.heal('away')
      else reach.cut('away')
  }

  /** A driver's own way to the broker goes up and down with it. */
  reachedBy(reach: Reach): void {
    this.reaches.add(reach)
    if (!this.available) reach.cut('away')
  }

  get isAvailable(): boolean {
    return this.available
  }

  get(address: string): EmbeddedTopic | undefined {
    return this.topics.get(address)
  }

  /** False when it exists already; then nothing changes. */
  create(address: string, partitions: number, maxBytes: number): boolean {
    if (this.topics.has(address)) return false
    this.topics.set(address, new EmbeddedTopic(partitions, maxBytes))
    for (const look of this.watchers) look()
    return true
  }

  /** Calls `look` after a topic was created; returns how to stop that. */
  watchCreation(look: () => void): () => void {
    this.watchers.add(look)
    return () => this.watchers.delete(look)
  }

  /** Undefined when nobody has ever read as that group; looking makes none. */
  knownGroup(name: string, address: string): Group | undefined {
    return this.groups.get(idOf(name, address))
  }

  /** Undefined while the topic does not exist. */
  group(name: string, address: string): Group | undefined {
    const id = idOf(name, address)
    const topic = this.topics.get(address)
    let group = this.groups.get(id)
    if (group === undefined && topic !== undefined) {
      group = new Group(topic)
      this.groups.set(id, group)
    }
    return group
  }
}

const idOf = (name: string, address: string) => `${name}\u0000${address}`
