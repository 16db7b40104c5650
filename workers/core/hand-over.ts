// Hands what a broker pushes over to the intake, in order; keeps what the intake has no room for, and never more than was pushed.
import type { Intake, Lane } from './contract.ts'
import { asError } from './errors.ts'
import type { PlacedMessage } from './message.ts'

export interface HandOverParts {
  readonly intake: Pick<Intake, 'offer' | 'room'>
  readonly lane: Lane
  /** The intake failed: nothing more is handed over, and what was pushed must come again. */
  readonly onFault: (error: Error) => void
}

export class HandOver {
  private readonly parts: HandOverParts
  private buffer: PlacedMessage[] = []
  private feeding = false
  private over = false

  constructor(parts: HandOverParts) {
    this.parts = parts
  }

  /** Pushed and not taken. */
  get waiting(): number {
    return this.buffer.length
  }

  /** What comes in one turn is handed over together. */
  push(message: PlacedMessage): void {
    if (this.over) return
    this.buffer.push(message)
    if (this.feeding) return
    this.feeding = true
    queueMicrotask(() => void this.feed())
  }

  /** The lane is closed: what was not taken is forgotten here. */
  end(): void {
    this.over = true
    this.buffer = []
  }

  /** Never rejects. */
  private async feed(): Promise<void> {
    const { intake, lane, onFault } = this.parts
    try {
      while (this.buffer.length > 0) {
        const taken = intake.offer(lane, this.buffer, 0)
        if (this.over) break
        this.buffer = this.buffer.slice(taken)
        if (this.buffer.length > 0) await intake.room(lane)
      }
    } catch (thrown) {
      this.end()
      onFault(asError(thrown))
    } finally {
      this.feeding = false
    }
  }
}
