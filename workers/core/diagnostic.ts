// A fault in what the user wrote, as a value: collected, sorted and printed together, never thrown.
import type { Code } from './codes.ts'

export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  readonly code: Code
  /** What is wrong, naming what was written; no full stop needed. */
  readonly message: string
  /** Path as the user would type it, relative to the project. */
  readonly file: string
  /** 1-based. */
  readonly line: number
  readonly column: number
  /** Characters to underline; 1 when unknown. */
  readonly length: number
  /** The next thing to do: a suggestion, a command, a value that would be right. */
  readonly hint: string
}
