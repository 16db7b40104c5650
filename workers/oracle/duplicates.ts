// Invariant 9: duplicates are counted, not done. What is marked done has no further effect, nothing is settled before it is marked, and
// repeats are no more than faults explain; what is guarded has none at all.
import { effectText, type Happening, type History, type Promised } from './history.ts'
import { passedBy } from './passed.ts'
import { named } from './progress-book.ts'
import { Finding, type Verdict } from './verdict.ts'

export function duplicates(history: History, promised: Promised): Verdict {
  const finding = new Finding('duplicates')
  keysOnce(history, promised, finding)
  if (promised.once) messagesOnce(history, promised, finding)
  return finding.verdict()
}

/** Behind a dedupe step nothing begins for a key of which another message is done. */
function keysOnce(history: History, { behind }: Promised, finding: Finding): void {
  for (const [key, messages] of history.claims) {
    const steps = behind.get(key.slice(0, key.indexOf(':')))
    let done: number | undefined
    for (const [at, happening] of history.happenings.entries()) {
      if (steps === undefined || !('message' in happening)) continue
      const { kind, message } = happening
      if (message === undefined || !messages.has(message)) continue
      if (kind === 'marked') done ??= message
      if (kind !== 'began' || !steps.has(happening.step)) continue
      finding.check(
        done === undefined || done === message,
        () =>
          `${named(history, message)} began step ${happening.step}, and ${named(history, done ?? -1)} with its key was done`,
        at,
      )
    }
  }
}

function messagesOnce(history: History, { concurrency }: Promised, finding: Finding): void {
  const firstOf = (message: number) => history.repeats.get(message) ?? message
  /** What becomes a dead letter is not done: its repeat is another try. */
  const isDone = (message: number) => {
    const { effects: own = [], letter } = history.outcomes[message] ?? {}
    return own.length > 0 && letter === undefined
  }
  const passed = passedBy(history)
  const marked = new Set<number>()
  const guarded = new Set<string>()
  const effects = new Map<string, { readonly by: number; readonly times: number }>()
  /** How often each message was done by another: as often as the effect of it that was repeated most. */
  const again = new Map<number, number>()
  let repeats = 0
  let allowed = 0
  for (const [at, happening] of history.happenings.entries()) {
    allowed += explained(happening) * concurrency
    if (happening.kind === 'doubted') allowed++
    for (const message of passed.get(at) ?? [])
      if (isDone(message))
        finding.check(
          marked.has(firstOf(message)),
          () => `${named(history, message)} was settled before it was marked as done`,
          at,
        )
    if (!('message' in happening) || happening.message === undefined) continue
    const { kind, message } = happening
    const first = firstOf(message)
    if (kind === 'marked') marked.add(first)
    if (kind === 'began')
      finding.check(
        !marked.has(first),
        () => `${named(history, message)} began step ${happening.step} after it was marked as done`,
        at,
      )
    if (kind !== 'effect') continue
    const effect = `${first} ${effectText(happening)}`
    if (happening.guarded === true) {
      finding.check(
        !guarded.has(effect),
        () =>
          `step ${effectText(happening)}: ${named(history, message)} has a guarded effect again`,
        at,
      )
      guarded.add(effect)
    }
    if (!isDone(message)) continue
    const { by, times } = effects.get(effect) ?? { by: message, times: 0 }
    const isRepeat = by !== message
    effects.set(effect, { by: message, times: isRepeat ? times + 1 : times })
    if (!isRepeat) continue
    if (times + 1 > (again.get(first) ?? 0)) {
      again.set(first, times + 1)
      repeats++
    }
    finding.check(
      repeats <= allowed,
      () =>
        `step ${effectText(happening)}: ${named(history, message)} has the effect that ${named(history, by)} had, and no fault explains it`,
      at,
    )
  }
}

/** How many times its concurrency a process may leave undone work of. */
function explained(happening: Happening): number {
  if (happening.kind === 'killed') return 2
  return happening.kind === 'gone' ? (happening.drained ? 1 : 2) : 0
}
