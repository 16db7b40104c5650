// Trace and span ids from the system's randomness, drawn in batches; never repeats and never makes the all-zero id.
import { randomFillSync } from 'node:crypto'

const POOL = 4_096
const TRACE_BYTES = 16
const SPAN_BYTES = 8

export class TraceIds {
  private readonly pool = Buffer.allocUnsafe(POOL)
  private at = POOL

  traceId(): string {
    return this.draw(TRACE_BYTES)
  }

  spanId(): string {
    return this.draw(SPAN_BYTES)
  }

  private draw(bytes: number): string {
    if (this.at + bytes > POOL) {
      randomFillSync(this.pool)
      this.at = 0
    }
    const from = this.at
    this.at += bytes
    // One word set to 1 where it is 0 keeps the id valid; it happens once in four thousand million ids.
    if (this.pool.readUInt32LE(from) === 0) this.pool.writeUInt32LE(1, from)
    return this.pool.toString('hex', from, this.at)
  }
}
