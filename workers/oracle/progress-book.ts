// How far each message has come, as the happenings go by.
import { effectText, type Happening, type History } from './history.ts'

export class ProgressBook {
  private readonly history: History
  /** Effects that are on their brokers, by message. */
  private readonly done: Set<string>[]
  private readonly letters: boolean[]
  /** Messages that are one are finished together. */
  private readonly firstOf: (message: number) => number

  constructor(history: History) {
    this.history = history
    this.done = history.arrivals.map(() => new Set())
    this.letters = history.arrivals.map(() => false)
    this.firstOf = (message) => history.repeats.get(message) ?? message
  }

  see(happening: Happening): void {
    if (happening.kind === 'effect' && happening.message !== undefined)
      this.done[this.firstOf(happening.message)]?.add(effectText(happening))
    if (happening.kind === 'letter' && happening.message !== undefined)
      this.letters[this.firstOf(happening.message)] = true
  }

  /** Every effect that it must have, or its dead letter, is on its broker; or another message stands for it. */
  isFinished(message: number): boolean {
    return this.isDone(message) || this.others(message).some((other) => this.standsFor(other))
  }

  /** Whoever claimed what the message claimed, or what one did that is one with it. */
  private others(message: number): number[] {
    const first = this.firstOf(message)
    return [...this.history.claims.values()].flatMap((one) =>
      [...one].some((other) => this.firstOf(other) === first) ? [...one] : [],
    )
  }

  /** Whoever ends in a dead letter leaves its key to others. */
  private standsFor(message: number): boolean {
    return this.history.outcomes[message]?.letter === undefined && this.isDone(message)
  }

  private isDone(message: number): boolean {
    const { effects, letter } = this.history.outcomes[message] ?? { effects: [], letter: undefined }
    const first = this.firstOf(message)
    if (letter !== undefined) return this.letters[first] === true
    return effects.every((effect) => this.done[first]?.has(effectText(effect)))
  }

  /** What is not there, in words. */
  missing(message: number): string {
    const { effects, letter } = this.history.outcomes[message] ?? { effects: [], letter: undefined }
    if (letter !== undefined) return `a dead letter ${letter}`
    return effects
      .filter((effect) => this.done[this.firstOf(message)]?.has(effectText(effect)) !== true)
      .map((effect) => `the effect of step ${effectText(effect)}`)
      .join(', ')
  }
}

/** `message 12 (partition 1, offset 3, key "a")`. */
export function named({ arrivals }: History, message: number): string {
  const { partition, offset, key } = arrivals[message] ?? { partition: -1, offset: -1, key: null }
  return `message ${message} (partition ${partition}, offset ${offset}, key ${JSON.stringify(key)})`
}
