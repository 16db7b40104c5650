// One process's way to the embedded broker: it can be cut and healed, and whoever reads over it is told.
import { Gate } from '../../core/gate.ts'

export interface Reader {
  cut(): void
  healed(): void
}

/** Why there is no way: the broker is away from everybody, or the process alone is cut off from it. */
type Obstacle = 'away' | 'cut'

export class Reach {
  readonly gate = new Gate(true)
  readonly readers = new Set<Reader>()
  private readonly obstacles = new Set<Obstacle>()

  cut(by: Obstacle = 'cut'): void {
    this.obstacles.add(by)
    if (!this.gate.isOpen) return
    this.gate.shut()
    for (const reader of this.readers) reader.cut()
  }

  /** Open again once nothing stands in the way. */
  heal(from: Obstacle = 'cut'): void {
    this.obstacles.delete(from)
    if (this.gate.isOpen || this.obstacles.size > 0) return
    this.gate.open()
    for (const reader of this.readers) reader.healed()
  }
}
