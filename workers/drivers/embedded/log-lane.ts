// One partition of an embedded topic during one tenure.
import type { Lane } from '../../core/contract.ts'
import type { Partition } from './topic.ts'

export class EmbeddedLane implements Lane {
  readonly id: string
  readonly partition: number
  readonly log: Partition
  /** Next offset to offer. */
  position: number
  owned = true
  feeding = false
  movedAt: number
  private readonly heardLately: () => boolean

  constructor(
    id: string,
    partition: number,
    log: Partition,
    position: number,
    now: number,
    heardLately: () => boolean,
  ) {
    this.id = id
    this.partition = partition
    this.log = log
    this.position = position
    this.movedAt = now
    this.heardLately = heardLately
  }

  live(): boolean {
    return this.owned && this.heardLately()
  }

  get left(): number {
    return this.log.end - this.position
  }
}
