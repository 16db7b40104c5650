// Invariant 1: settled only when safe. No offset is passed before its message is finished; in the end each one is, and nothing else happened.
import { effectText, type Happening, type History, type Promised } from './history.ts'
import { passedBy } from './passed.ts'
import { named, ProgressBook } from './progress-book.ts'
import { Finding, type Verdict } from './verdict.ts'
import { windowsHold } from './windows.ts'

export function settled(history: History, promised: Promised): Verdict {
  const finding = new Finding('settled')
  const book = new ProgressBook(history)
  const passed = passedBy(history)
  for (const [at, happening] of history.happenings.entries()) {
    book.see(happening)
    for (const message of passed.get(at) ?? [])
      finding.check(
        book.isFinished(message),
        () => `${named(history, message)} was settled without ${book.missing(message)}`,
        at,
      )
  }
  for (const message of history.arrivals.keys())
    finding.check(
      book.isFinished(message),
      () => `${named(history, message)} is lost: it never got ${book.missing(message)}`,
    )
  nothingInvented(history, finding)
  windowsHold(history, promised, finding)
  return finding.verdict()
}

/** Each effect is one that its message leads to, and is the same each time. */
function nothingInvented(history: History, finding: Finding): void {
  for (const [at, happening] of history.happenings.entries())
    if (happening.kind === 'effect' && happening.message !== undefined) {
      const { message } = happening
      finding.check(
        isOf(history, message, happening),
        () =>
          `${named(history, message)} has an effect of step ${effectText(happening)} that is not its own`,
        at,
      )
    }
}

function isOf(
  { outcomes }: History,
  message: number,
  effect: Happening & { kind: 'effect' },
): boolean {
  const what = effectText(effect)
  return (
    outcomes[message]?.effects.some(
      (one) => effectText(one) === what && one.body === effect.body,
    ) ?? false
  )
}
