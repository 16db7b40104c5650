// A connection for whoever asks now and then: opened when it is asked, bounded each time, thrown away when it failed; nothing goes on by itself.
import type { Clock } from './clock.ts'
import { asError, SluiceError } from './errors.ts'

export interface InspectionParts<C> {
  readonly clock: Clock
  /** What is asked, for people. */
  readonly target: string
  /** Who asked for the connection: its name and line. */
  readonly origin: string
  /** Ends early when the signal aborts. */
  readonly open: (signal: AbortSignal) => Promise<C>
  /** Never rejects, never hangs. */
  readonly shut: (connection: C) => Promise<void>
}

interface Life<C> {
  readonly opened: Promise<C>
  readonly end: AbortController
}

export class Inspection<C> {
  private readonly parts: InspectionParts<C>
  private life: Life<C> | undefined

  constructor(parts: InspectionParts<C>) {
    this.parts = parts
  }

  /** Rejects with what the question rejects with, and with SLU1183 when there is no answer in time. A refusal leaves the connection as it is. */
  async ask<T>(withinMs: number, question: (connection: C) => Promise<T>): Promise<T> {
    const { clock, target, origin } = this.parts
    const late = Promise.withResolvers<never>()
    const timer = clock.after(
      withinMs,
      () =>
        late.reject(
          new SluiceError('SLU1183', {
            message: `${target} did not answer within ${withinMs / 1_000} s (${origin})`,
          }),
        ),
      { keepAlive: true },
    )
    const life = this.open()
    let isOpen = false
    const answer = life.opened.then((connection) => {
      isOpen = true
      return question(connection)
    })
    try {
      return await Promise.race([answer, late.promise])
    } catch (thrown) {
      if (!isOpen || !(thrown instanceof SluiceError) || thrown.outage) await this.forget(life)
      throw thrown instanceof SluiceError
        ? thrown
        : new SluiceError('SLU1184', {
            message: `${target} could not be looked at: ${asError(thrown).message} (${origin})`,
            cause: thrown,
          })
    } finally {
      timer.cancel()
    }
  }

  async close(): Promise<void> {
    if (this.life !== undefined) await this.forget(this.life)
  }

  private open(): Life<C> {
    if (this.life !== undefined) return this.life
    const end = new AbortController()
    const opened = this.parts.open(end.signal)
    // Whoever asks hears of it.
    opened.catch(() => {})
    this.life = { opened, end }
    return this.life
  }

  /** One that is still being opened is shut when it is open: nobody waits for that. */
  private async forget(life: Life<C>): Promise<void> {
    if (this.life === life) this.life = undefined
    life.end.abort()
    const shut = life.opened.then(this.parts.shut).catch(() => {})
    await Promise.race([shut, this.parts.clock.sleep(0)])
  }
}
