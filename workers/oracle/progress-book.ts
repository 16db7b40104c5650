// How far each message has come, as the happenings go by.
import type { Happening, History } from './history.ts'

export class ProgressBook {
  private readonly history: History
  /** Steps whose effect is on its broker, by message. */
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
      this.done[this.firstOf(happening.message)]?.add(happening.step)
    if (happening.kind === 'letter' && happening.message !== undefined)
      this.letters[this.firstOf(happening.message)] = true
  }

  /** Every effect that it must have, or its dead letter, is on its broker. */
  isFinished(message: number): boolean {
    const { effects, letter } = this.history.outcomes[message] ?? { effects: [], letter: undefined }
    const first = this.firstOf(message)
    if (letter !== undefined) return this.letters[first] === true
    return effects.every(({ step }) => this.done[first]?.has(step))
  }

  /** What is not there, in words. */
  missing(message: number): string {
    const { effects, letter } = this.history.outcomes[message] ?? { effects: [], letter: undefined }
    if (letter !== undefined) return `a dead letter ${letter}`
    return effects
      .filter(({ step }) => this.done[this.firstOf(message)]?.has(step) !== true)
      .map(({ step }) => `the effect of step ${step}`)
      .join(', ')
  }
}

/** `message 12 (partition 1, offset 3, key "a")`. */
export function named({ arrivals }: History, message: number): string {
  const { partition, offset, key } = arrivals[message] ?? { partition: -1, offset: -1, key: null }
  return `message ${message} (partition ${partition}, offset ${offset}, key ${JSON.stringify(key)})`
}
