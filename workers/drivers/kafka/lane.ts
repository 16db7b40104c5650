// One partition during one tenure: whose it is, how far it was read, and whether the coordinator still knows us.
import type { Lane } from '../../core/contract.ts'

export class KafkaLane implements Lane {
  readonly id: string
  readonly partition: number
  owned = true
  /** Next offset to read after what was handed over; undefined until the first batch. */
  position: number | undefined
  end = 0
  movedAt: number
  private readonly heardLately: () => boolean

  constructor(id: string, partition: number, now: number, heardLately: () => boolean) {
    this.id = id
    this.partition = partition
    this.movedAt = now
    this.heardLately = heardLately
  }

  live(): boolean {
    return this.owned && this.heardLately()
  }
}
