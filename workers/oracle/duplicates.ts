// Invariant 9: duplicates are counted, not done. What has happened is begun again only after a fault that made its message come again. With
// records: what is marked done has no further effect, nothing is settled before it is marked, repeats are no more than faults explain, and
// what is guarded has none at all; without them nothing is suppressed.
import { effectText, type Happening, type History, type Promised } from './history.ts'
import { passedBy } from './passed.ts'
import { named } from './progress-book.ts'
import { repeatsBy, Tenures } from './tenures.ts'
import { Finding, type Verdict } from './verdict.ts'

export function duplicates(history: History, promised: Promised): Verdict {
  const finding = new Finding('duplicates')
  repeatsExplained(history, finding)
  if (!promised.once && promised.behind.size === 0 && history.claims.size === 0)
    nothingSuppressed(history, finding)
  keysOnce(history, promised, finding)
  if (promised.once) messagesOnce(history, promised, finding)
  return finding.verdict()
}

/** What makes messages come again, or leaves a worker in doubt whether what it did was done. */
const COMES_AGAIN: ReadonlySet<Happening['kind']> = new Set([
  'granted',
  'gone',
  'killed',
  'doubted',
])

/** What happened once is begun again only after something that makes messages come again. */
function repeatsExplained(history: History, finding: Finding): void {
  /** Beginnings of each effect that have not led to it yet, oldest first; and the latest that has. */
  const open = new Map<string, number[]>()
  const led = new Map<string, number>()
  const times = new Map<string, number>()
  const copies = new Map<number | undefined, number>()
  let explained = -1
  for (const [at, happening] of history.happenings.entries()) {
    const { kind } = happening
    if (COMES_AGAIN.has(kind)) explained = at
    // Of what was parked in doubt there are more copies than one.
    if (kind === 'returned') copies.set(happening.message, (copies.get(happening.message) ?? 0) + 1)
    if ((kind !== 'effect' && kind !== 'began') || happening.message === undefined) continue
    const { message } = happening
    const effect = `${message} ${effectText(happening)}`
    const begun = open.get(effect) ?? []
    if (kind === 'effect') led.set(effect, begun.shift() ?? at)
    else {
      const before = times.get(effect) ?? 0
      times.set(effect, before + 1)
      finding.check(
        (led.get(effect) ?? -1) <= explained || before <= (copies.get(message) ?? 0),
        () =>
          `${named(history, message)} began step ${effectText(happening)} again, and nothing had happened to it`,
        at,
      )
      open.set(effect, [...begun, at])
    }
  }
}

function nothingSuppressed({ happenings }: History, finding: Finding): void {
  for (const [at, happening] of happenings.entries())
    if (happening.kind === 'counted')
      finding.check(
        happening.counts.duplicates === 0,
        () =>
          `${happening.process} suppressed ${happening.counts.duplicates} messages, and the pipeline keeps no records`,
        at,
      )
}

/** Behind a dedupe step nothing begins for a key of which another message is done. */
function keysOnce(history: History, { behind }: Promised, finding: Finding): void {
  for (const [key, messages] of history.claims) {
    const steps = behind.get(key.slice(0, key.indexOf(':')))
    let done: { readonly message: number; readonly at: number } | undefined
    const claimed = new Claims()
    for (const [at, happening] of history.happenings.entries()) {
      if (steps === undefined || !('message' in happening)) continue
      const { kind, message } = happening
      if (message === undefined || !messages.has(message)) continue
      if (kind === 'claimed' && happening.claim === key) claimed.add(happening, at)
      if (kind === 'marked' && happening.claim === key) done ??= { message, at }
      if (kind !== 'began' || !steps.has(happening.step)) continue
      finding.check(
        done?.message === message || claimed.before(happening, done?.at),
        () =>
          `${named(history, message)} began step ${happening.step}, and ${named(history, done?.message ?? -1)} with its key was done`,
        at,
      )
    }
  }
}

function messagesOnce(
  history: History,
  { concurrency, exclusive }: Promised,
  finding: Finding,
): void {
  const firstOf = (message: number) => history.repeats.get(message) ?? message
  /** What becomes a dead letter is not done: its repeat is another try. */
  const isDone = (message: number) => {
    const { effects: own = [], letter } = history.outcomes[message] ?? {}
    return own.length > 0 && letter === undefined
  }
  const passed = passedBy(history)
  const marked = new Map<number, number>()
  const claimed = new Claims()
  const guarded = new Set<string>()
  const effects = new Map<string, { readonly by: number; readonly times: number }>()
  /** How often each message was done by another: as often as the effect of it that was repeated most. */
  const again = new Map<number, number>()
  const tenures = new Tenures(exclusive)
  let repeats = 0
  let allowed = 0
  for (const [at, happening] of history.happenings.entries()) {
    allowed += repeatsBy(tenures, happening, concurrency)
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
    if (kind === 'claimed' && happening.claim === undefined) claimed.add(happening, at)
    if (kind === 'marked' && happening.claim === undefined && !marked.has(first))
      marked.set(first, at)
    if (kind === 'began')
      finding.check(
        claimed.before(happening, marked.get(first)),
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

/** When each process was last let work on each message. */
class Claims {
  private readonly latest = new Map<string, number>()

  add(claimed: Happening & { kind: 'claimed' }, at: number): void {
    this.latest.set(`${claimed.process} ${claimed.message}`, at)
  }

  /** It was not done yet when the process asked: nobody could stop it by then. */
  before({ process, message }: Happening & { kind: 'began' }, done: number | undefined): boolean {
    return done === undefined || (this.latest.get(`${process} ${message}`) ?? Infinity) < done
  }
}
