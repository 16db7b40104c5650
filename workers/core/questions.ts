// Questions that wait for an answer: each ends exactly once, by its answer, its deadline, its signal or a loss; none waits for ever.
import type { Clock } from './clock.ts'
import { SluiceError } from './errors.ts'
import type { RawMessage } from './message.ts'

interface Question {
  readonly answered: (message: RawMessage) => void
  readonly failed: (error: Error) => void
}

export class Questions {
  private readonly clock: Clock
  private readonly open = new Map<string, Question>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  get pending(): number {
    return this.open.size
  }

  /** `send` puts the question; rejects as it does, or with SLU5310 after `withinMs`, or with the reason of `signal`. */
  ask(
    id: string,
    name: string,
    withinMs: number,
    signal: AbortSignal,
    send: () => Promise<void>,
  ): Promise<RawMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<RawMessage>()
    const late = () =>
      end(() =>
        reject(
          new SluiceError('SLU5310', {
            message: `${name} did not answer within ${withinMs} ms`,
          }),
        ),
      )
    const given = () => end(() => reject(signal.reason as Error))
    const end = (how: () => void) => {
      if (!this.open.delete(id)) return
      timer.cancel()
      signal.removeEventListener('abort', given)
      how()
    }
    this.open.set(id, {
      answered: (message) => end(() => resolve(message)),
      failed: (error) => end(() => reject(error)),
    })
    const timer = this.clock.after(withinMs, late, { keepAlive: true })
    if (signal.aborted) given()
    else {
      signal.addEventListener('abort', given, { once: true })
      send().catch((error: unknown) => end(() => reject(error as Error)))
    }
    return promise
  }

  /** False for an answer that nobody waits for any more. */
  answer(id: string | undefined, message: RawMessage): boolean {
    const question = id === undefined ? undefined : this.open.get(id)
    question?.answered(message)
    return question !== undefined
  }

  /** No answer can come any more. */
  fail(error: Error): void {
    for (const question of this.open.values()) question.failed(error)
  }
}
