// How long it took from when each message was due until its answer came: every one of them kept, so that percentiles are exact.

export interface Percentiles {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

export class Latencies {
  private readonly taken: Float64Array
  count = 0

  /** Of so many messages. */
  constructor(messages: number) {
    this.taken = new Float64Array(messages).fill(NaN)
  }

  /** The first answer counts. A message that is none of ours is passed over. */
  answered(message: number, ms: number): void {
    if (!Number.isNaN(this.taken[message])) return
    this.taken[message] = ms
    this.count++
  }

  /** From that message on. Undefined: none of them was answered. */
  percentiles(from: number): Percentiles | undefined {
    const sorted = this.taken
      .subarray(from)
      .filter((ms) => !Number.isNaN(ms))
      .toSorted()
    const count = sorted.length
    if (count === 0) return undefined
    const at = (share: number) => sorted[Math.max(0, Math.ceil(count * share) - 1)] as number
    return { count, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
  }
}
