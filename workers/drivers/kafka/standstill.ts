// Tells a consumer that stands still from one that has nothing to do: by where its lanes end on the broker, not by what the client says.

export interface Standing {
  readonly id: string
  readonly partition: number
  /** Next offset to hand over. */
  readonly position: number
}

export class Standstill {
  private readonly afterMs: number
  private readonly behind = new Map<Standing, { position: number; since: number }>()

  constructor(afterMs: number) {
    this.afterMs = afterMs
  }

  /** Something holds the consumer back: nothing is known of it. */
  excuse(): void {
    this.behind.clear()
  }

  /** A lane that did not move for `afterMs`, though it does not stand where its partition ends: messages wait behind it, or the log is shorter than that. */
  look<Lane extends Standing>(
    lanes: readonly Lane[],
    ends: ReadonlyMap<number, number>,
    now: number,
  ): Lane | undefined {
    for (const known of this.behind.keys())
      if (!lanes.some((lane) => lane === known)) this.behind.delete(known)
    return lanes.find((lane) => {
      const { partition, position } = lane
      const before = this.behind.get(lane)
      if ((ends.get(partition) ?? position) === position) this.behind.delete(lane)
      else if (before?.position !== position) this.behind.set(lane, { position, since: now })
      else return now - before.since >= this.afterMs
      return false
    })
  }
}
