// A part of invariant 1: what windows hold is what came to them, and each one that was closed went where it had to go.
import { effectText, type Happening, type History, type Promised, type Row } from './history.ts'
import { passedBy } from './passed.ts'
import { named } from './progress-book.ts'
import type { Finding } from './verdict.ts'

type Added = Happening & { kind: 'window' }

export function windowsHold(history: History, { rolls }: Promised, finding: Finding): void {
  if (rolls === undefined) return
  const books = new Map([...rolls].map(([step, steps]) => [step, new Book(step, steps)]))
  const passed = passedBy(history)
  const letters = new Set<number | undefined>()
  for (const [at, happening] of history.happenings.entries()) {
    if (happening.kind === 'window')
      books.get(happening.step)?.add(happening, (holds, what) => finding.check(holds, what, at))
    if (happening.kind === 'letter') letters.add(happening.message)
    if (happening.kind === 'rolled')
      for (const book of books.values())
        book.rolled(happening, (holds, what) => finding.check(holds, what, at))
    for (const message of passed.get(at) ?? [])
      for (const book of books.values())
        finding.check(
          letters.has(message) || book.isSent(message),
          () => `${named(history, message)} was settled before it sent the windows that it closed`,
          at,
        )
  }
  for (const book of books.values())
    for (const message of book.closers)
      finding.check(
        letters.has(message) || book.isSent(message),
        () => `windows that ${named(history, message)} closed are lost`,
      )
}

type Check = (holds: boolean, what: () => string) => void

/** What is known of one window step. */
class Book {
  private readonly step: string
  private readonly steps: ReadonlySet<string>
  /** Numbers of what is in each open window. */
  private readonly open = new Map<string, (readonly (number | undefined)[])[]>()
  private readonly inside = new Set<string>()
  private readonly ids = new Set<string>()
  /** Rows by what makes them unique: who was given them. */
  private readonly owners = new Map<string, string>()
  private readonly given = new Map<number, number>()
  private readonly sent = new Map<string, string>()

  constructor(step: string, steps: ReadonlySet<string>) {
    this.step = step
    this.steps = steps
  }

  get closers(): Iterable<number> {
    return this.given.keys()
  }

  add({ id, place, result, name, numbers, closed, message }: Added, check: Check): void {
    if (result === 'repeated')
      check(this.ids.has(id), () => `${id} is said to be in a window, and never came to one`)
    if (result === 'counted') {
      // What was sent twice is known again where it stood before.
      const here = `${place} ${id}`
      check(!this.inside.has(here), () => `${id} is in a window of step ${this.step} twice`)
      this.inside.add(here)
      this.ids.add(id)
      this.open.set(name, [...(this.open.get(name) ?? []), numbers])
    }
    // Whoever was missing may close the window that it came to.
    for (const row of closed) this.close(row, id, result === 'repeated', check)
    if (closed.length > 0 && message !== undefined) this.given.set(message, closed.length)
  }

  private close(row: Row, id: string, again: boolean, check: Check): void {
    const owner = this.owners.get(row.first)
    if (again || owner !== undefined) {
      check(again && owner === id, () => `window ${row.name} was given to ${owner} and to ${id}`)
      return
    }
    this.owners.set(row.first, id)
    const inside = this.open.get(row.name) ?? []
    this.open.delete(row.name)
    check(
      inside.length === row.count,
      () => `window ${row.name} counts ${row.count} messages, and ${inside.length} came to it`,
    )
    const sums = row.sums.map((_, nth) => inside.reduce((sum, one) => sum + (one[nth] ?? 0), 0))
    check(
      sums.every((sum, nth) => sum === row.sums[nth]),
      () => `window ${row.name} sums up ${row.sums.join(', ')}, and ${sums.join(', ')} came to it`,
    )
  }

  rolled({ step, item, body, message }: Happening & { kind: 'rolled' }, check: Check): void {
    if (!this.steps.has(step) || message === undefined) return
    check(
      this.given.has(message),
      () => `step ${step} sent a window that message ${message} did not close`,
    )
    const key = `${message} ${effectText({ step, item })}`
    const before = this.sent.get(key)
    check(
      before === undefined || before === body,
      () => `step ${effectText({ step, item })} of message ${message} said another thing again`,
    )
    this.sent.set(key, body)
  }

  /** Each step that has to say something of each window has said it. */
  isSent(message: number): boolean {
    const windows = this.given.get(message) ?? 0
    if (windows === 0) return true
    return [...this.steps].every((step) => {
      const own = `${message} ${step}[`
      return [...this.sent.keys()].filter((key) => key.startsWith(own)).length === windows
    })
  }
}
