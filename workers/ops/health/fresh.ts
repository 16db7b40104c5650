// An answer that is at most so old, whoever asks at the same time; under steady questions nobody waits for the next one.
import type { Clock } from '../../core/clock.ts'

/** After this share of its life an answer is fetched anew, while the old one is still given. */
const AHEAD = 0.5

export class Fresh<T> {
  private readonly clock: Clock
  private readonly keepMs: number
  private readonly load: () => Promise<T>
  private known: { readonly value: T; readonly at: number } | undefined
  private loading: Promise<T> | undefined

  /** `load` never has two calls under way. What it rejects with goes to whoever waits, and is not kept. */
  constructor(clock: Clock, keepMs: number, load: () => Promise<T>) {
    this.clock = clock
    this.keepMs = keepMs
    this.load = load
  }

  get(): Promise<T> {
    const { known } = this
    const age = known === undefined ? Infinity : this.clock.monotonic() - known.at
    if (age < this.keepMs * AHEAD) return Promise.resolve((known as { value: T }).value)
    const next = this.refresh()
    if (age >= this.keepMs) return next
    // Whoever asks after this one's life hears of it.
    next.catch(() => {})
    return Promise.resolve((known as { value: T }).value)
  }

  private refresh(): Promise<T> {
    this.loading ??= this.load()
      .then((value) => {
        this.known = { value, at: this.clock.monotonic() }
        return value
      })
      .finally(() => (this.loading = undefined))
    return this.loading
  }
}
