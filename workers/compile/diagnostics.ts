// Collects what is wrong with a project; never throws for it, never stops at the first.
import type { Code } from '../core/codes.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Position } from '../core/plan.ts'

export interface Place extends Position {
  /** Characters to underline. */
  readonly length: number
}

/** More than this in one file is one mistake made often; time and output stay bounded. */
export const MAX_PER_FILE = 200

export class Diagnostics {
  private readonly list: Diagnostic[] = []
  private readonly said = new Set<string>()
  private readonly counts = new Map<string, number>()

  error(code: Code, at: Place, message: string, hint: string): void {
    this.add('error', code, at, message, hint)
  }

  warning(code: Code, at: Place, message: string, hint: string): void {
    this.add('warning', code, at, message, hint)
  }

  /** Of several checks of the same files. */
  static merged(...lists: readonly (readonly Diagnostic[])[]): Diagnostic[] {
    const all = new Diagnostics()
    for (const { severity, code, message, hint, ...at } of lists.flat())
      all.add(severity, code, at, message, hint)
    return all.sorted()
  }

  get failed(): boolean {
    return this.list.some(({ severity }) => severity === 'error')
  }

  /** Schemas first, then the fleet, then by the files' names and by lines; the same in every locale. */
  sorted(): Diagnostic[] {
    return inOrder(this.list)
  }

  private add(
    severity: Diagnostic['severity'],
    code: Code,
    { file, line, column, length }: Place,
    message: string,
    hint: string,
  ): void {
    const once = JSON.stringify([code, file, line, column, message])
    if (this.said.has(once)) return
    this.said.add(once)
    const count = (this.counts.get(file) ?? 0) + 1
    this.counts.set(file, count)
    if (count < MAX_PER_FILE)
      this.list.push({ severity, code, message, file, line, column, length, hint })
    else if (count === MAX_PER_FILE)
      this.list.push({
        severity: 'error',
        code: 'SLU0108',
        message: `there are more than ${MAX_PER_FILE - 1} mistakes in this file`,
        file,
        line,
        column,
        length,
        hint: 'mend the ones that are shown, and check again',
      })
  }
}

export const inOrder = (list: readonly Diagnostic[]): Diagnostic[] =>
  list.toSorted(
    (a, b) =>
      rank(a.file) - rank(b.file) ||
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column,
  )

/** Mistakes elsewhere may follow from those in schemas and in the fleet. */
const rank = (file: string) =>
  file.startsWith('schemas/') ? 0 : file === 'pipelines/fleet.yaml' ? 1 : 2

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
