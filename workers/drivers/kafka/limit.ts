// Bounds what is asked of Kafka; what takes longer is answered by us, and whoever made the limit is told.
import type { Clock } from '../../core/clock.ts'
import { Deadlines } from '../../core/deadlines.ts'
import { SluiceError } from '../../core/errors.ts'

export interface LimitParts {
  readonly clock: Clock
  readonly ms: number
  /** What it means when nothing came: away, or of unknown outcome. */
  readonly code: 'SLU5201' | 'SLU5202'
  readonly onLate: (error: SluiceError) => void
}

export class Limit {
  private readonly parts: LimitParts
  private readonly deadlines: Deadlines

  constructor(parts: LimitParts) {
    this.parts = parts
    this.deadlines = new Deadlines(parts.clock, parts.ms, parts.ms / 10)
  }

  async within<T>(work: () => Promise<T>): Promise<T> {
    const { ms, code, onLate } = this.parts
    const late = Promise.withResolvers<never>()
    const waiting = {
      bornAt: 0,
      expire() {
        const message = `Kafka did not answer within ${ms / 1_000} s`
        const error = new SluiceError(code, { message })
        late.reject(error)
        onLate(error)
      },
    }
    this.deadlines.add(waiting)
    try {
      return await Promise.race([work(), late.promise])
    } finally {
      this.deadlines.delete(waiting)
    }
  }
}
