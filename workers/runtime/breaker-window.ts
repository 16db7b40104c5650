// The latest outcomes of a breaker's calls: how many there are, and how many of them failed.

export class BreakerWindow {
  private readonly ring: Uint8Array
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

  record(outcome: 0 | 1): void {
    const at = this.taken++ % this.ring.length
    this.failed += outcome - (this.ring[at] as number)
    this.ring[at] = outcome
  }

  clear(): void {
    this.ring.fill(0)
    this.taken = 0
    this.failed = 0
  }
}
