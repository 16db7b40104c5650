// One direction of a connection, with what slows a network down: bytes arrive late, at a trickle or in slivers, and always in their order.
import type { Socket } from 'node:net'

export interface Slowness {
  /** Each piece arrives that much later, give or take the jitter. */
  readonly latencyMs?: number
  readonly jitterMs?: number
  /** Pieces of so many bytes at most. */
  readonly sliceBytes?: number
  readonly bytesPerSecond?: number
}

/** Bytes that wait on their way; above it the sender is told to pause. */
const ROOM = 256 * 1024

export class SlowPipe {
  private readonly from: Socket
  private readonly to: Socket
  private slowness: Slowness = {}
  /** When the last piece that was taken arrives. */
  private arrival = 0
  private waiting = 0
  /** Timers of different lengths may overtake each other; what they let through may not. */
  private readonly queue: Buffer[] = []

  constructor(from: Socket, to: Socket) {
    this.from = from
    this.to = to
  }

  /** Of what is taken from now on. */
  be(slowness: Slowness): void {
    this.slowness = slowness
  }

  take(bytes: Buffer): void {
    const { latencyMs, sliceBytes, bytesPerSecond } = this.slowness
    const fast = latencyMs === undefined && sliceBytes === undefined && bytesPerSecond === undefined
    if (fast && this.waiting === 0) {
      if (!this.to.write(bytes)) this.from.pause()
      return
    }
    // Slivers of everything would cost a timer a byte: the first 64 of each chunk are enough to break every frame.
    const slivers = Math.min(bytes.length, (sliceBytes ?? 0) * 64)
    for (let at = 0; at < slivers; at += sliceBytes ?? 1)
      this.send(bytes.subarray(at, Math.min(at + (sliceBytes ?? 1), slivers)))
    const most = bytesPerSecond === undefined ? bytes.length : Math.ceil(bytesPerSecond / 20)
    for (let at = slivers; at < bytes.length; at += most) this.send(bytes.subarray(at, at + most))
  }

  private send(piece: Buffer): void {
    const { latencyMs = 0, jitterMs = 0, bytesPerSecond = Infinity } = this.slowness
    const now = performance.now()
    const late = latencyMs + (Math.random() * 2 - 1) * jitterMs
    this.arrival = Math.max(this.arrival, now + late) + (piece.length / bytesPerSecond) * 1_000
    this.waiting += piece.length
    if (this.waiting > ROOM) this.from.pause()
    this.queue.push(piece)
    setTimeout(() => {
      const next = this.queue.shift() ?? piece
      this.waiting -= next.length
      if (this.to.writable && !this.to.write(next)) this.from.pause()
      else if (this.waiting <= ROOM) this.from.resume()
    }, this.arrival - now)
  }
}
