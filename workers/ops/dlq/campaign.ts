// Does one thing to many letters, one after the other: bounded in its rate, told about its progress, and stopped between two letters.
import type { Clock } from '../../core/clock.ts'
import { SluiceError } from '../../core/errors.ts'
import type { Foreign, Letter } from './letter.ts'
import type { Outcome } from './operator.ts'

export interface CampaignParts {
  readonly clock: Clock
  /** Letters a second at most; undefined: as fast as it goes. */
  readonly rate: number | undefined
  readonly act: (letter: Letter | Foreign) => Promise<Outcome>
  readonly told: (letter: Letter | Foreign, outcome: Outcome) => void
  /** Aborts: the letter at hand is finished, no other is begun. */
  readonly signal: AbortSignal
}

export interface Done {
  replayed: number
  dropped: number
  already: number
  /** Somebody else held them to the end. */
  held: number
  readonly refused: { readonly letter: Letter | Foreign; readonly error: SluiceError }[]
  /** Not begun. */
  stopped: boolean
}

/** How long what others hold is waited for: a lease and a little more. */
const PATIENCE_MS = 60_000
const LOOK_AGAIN_MS = 500

export async function campaign(
  letters: AsyncIterable<Letter | Foreign>,
  parts: CampaignParts,
): Promise<Done> {
  const { clock, rate, act, signal } = parts
  const done: Done = {
    replayed: 0,
    dropped: 0,
    already: 0,
    held: 0,
    refused: [],
    stopped: false,
  }
  const waiting: (Letter | Foreign)[] = []
  const pace = new Pace(clock, rate)
  for await (const letter of letters) {
    await pace.turn(signal)
    if (signal.aborted) {
      done.stopped = true
      break
    }
    const outcome = await act(letter)
    if (outcome.kind === 'held') waiting.push(letter)
    else note(done, letter, outcome, parts)
  }
  await settleHeld(waiting, done, parts)
  return done
}

/** What was slow is not made up for: no second has more than it may have. */
class Pace {
  private readonly clock: Clock
  private readonly everyMs: number
  private next = Number.NEGATIVE_INFINITY

  constructor(clock: Clock, rate: number | undefined) {
    this.clock = clock
    this.everyMs = rate === undefined ? 0 : 1_000 / rate
  }

  async turn(signal: AbortSignal): Promise<void> {
    const wait = this.next - this.clock.monotonic()
    if (wait > 0) await this.clock.sleep(wait, signal)
    this.next = Math.max(this.next, this.clock.monotonic()) + this.everyMs
  }
}

/** Whoever holds a letter is at it now, or was killed: then it is ours when the lease ends. */
async function settleHeld(
  waiting: readonly (Letter | Foreign)[],
  done: Done,
  parts: CampaignParts,
): Promise<void> {
  const { clock, act, signal } = parts
  const deadline = clock.monotonic() + PATIENCE_MS
  for (const letter of waiting) {
    if (signal.aborted) {
      note(done, letter, { kind: 'held', leftMs: 0 }, parts)
      continue
    }
    let outcome = await act(letter)
    while (outcome.kind === 'held' && clock.monotonic() < deadline && !signal.aborted) {
      await clock.sleep(Math.min(outcome.leftMs, LOOK_AGAIN_MS), signal)
      outcome = await act(letter)
    }
    note(done, letter, outcome, parts)
  }
}

function note(
  done: Done,
  letter: Letter | Foreign,
  outcome: Outcome,
  { told }: CampaignParts,
): void {
  if (outcome.kind === 'refused') done.refused.push({ letter, error: outcome.error })
  else done[outcome.kind]++
  told(letter, outcome)
}
