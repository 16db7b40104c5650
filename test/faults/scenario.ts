// What a scenario of the fault suite is: data, and the one function that does the harm.
import type { Cell } from './matrix/cells.ts'
import type { Ordeal } from './ordeal.ts'
import type { Line } from './stage/line.ts'

export interface Scenario {
  /** F1 to F40. */
  readonly fault: string
  /** Tells it from others of the same fault. */
  readonly name: string
  /** What is done to whom. */
  readonly does: string
  /** What happens then, in the words of the table. */
  readonly then: string
  readonly line: Line
  /** Of the crash-point matrix. */
  readonly cell?: Cell
  /** Brokers are shared: whoever harms one runs alone. */
  readonly harms: 'workers' | 'brokers'
  /** Does the harm, and sees the line through it. Whatever is left is run to its end and accounted for afterwards. */
  run(ordeal: Ordeal): Promise<void>
}
