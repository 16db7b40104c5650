// Collects what is wrong with a project; never throws for it, never stops at the first.
import type { Code } from '../core/codes.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Position } from '../core/plan.ts'

export interface Place extends Position {
  /** Characters to underline. */
  readonly length: number
}

export class Diagnostics {
  private readonly list: Diagnostic[] = []

  error(code: Code, at: Place, message: string, hint: string): void {
    this.add('error', code, at, message, hint)
  }

  warning(code: Code, at: Place, message: string, hint: string): void {
    this.add('warning', code, at, message, hint)
  }

  get failed(): boolean {
    return this.list.some(({ severity }) => severity === 'error')
  }

  /** In the order of the files' names and then of their lines. */
  sorted(): Diagnostic[] {
    return this.list.toSorted(
      (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
    )
  }

  private add(
    severity: Diagnostic['severity'],
    code: Code,
    { file, line, column, length }: Place,
    message: string,
    hint: string,
  ): void {
    this.list.push({ severity, code, message, file, line, column, length, hint })
  }
}
