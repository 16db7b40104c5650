// The latest outcomes of a breaker's calls, one a message: a message that is tried again replaces its own outcome, so that nobody fills the window alone.

export class BreakerWindow {
  private readonly ring: Uint8Array
  /** Of the messages that were seen, the number of their outcome; what left the ring is below `taken - ring.length`. */
  private places = new WeakMap<object, number>()
  private taken = 0
  private failed = 0

  constructor(size: number) {
    this.ring = new Uint8Array(size)
  }

  get size(): number {
    return Math.min(this.taken, this.ring.length)
  }

  get failures(): number {
    return this.failed
  }

  /** `who`: the message; undefined is somebody new each time. */
  record(who: object | undefined, outcome: 0 | 1): void {
    const { ring } = this
    const known = who === undefined ? undefined : this.places.get(who)
    const place = known !== undefined && known >= this.taken - ring.length ? known : this.taken++
    if (who !== undefined) this.places.set(who, place)
    const at = place % ring.length
    this.failed += outcome - (ring[at] as number)
    ring[at] = outcome
  }

  clear(): void {
    this.ring.fill(0)
    this.places = new WeakMap()
    this.taken = 0
    this.failed = 0
  }
}
