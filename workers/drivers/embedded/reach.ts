// One process's way to the embedded broker: it can be cut and healed, and whoever reads over it is told.
import { Gate } from '../../core/gate.ts'

export interface Reader {
  cut(): void
  healed(): void
}

export class Reach {
  readonly gate = new Gate(true)
  readonly readers = new Set<Reader>()

  cut(): void {
    if (!this.gate.isOpen) return
    this.gate.shut()
    for (const reader of this.readers) reader.cut()
  }

  heal(): void {
    if (this.gate.isOpen) return
    this.gate.open()
    for (const reader of this.readers) reader.healed()
  }
}
