// Questions and answers of a case: a question is answered as the case says, an answer is written down and goes nowhere.
import type { QueueDriver, Requests } from '../core/contract.ts'
import type { RawMessage } from '../core/message.ts'
import { SluiceError } from '../core/errors.ts'
import { refusalHeaders } from '../core/refusal.ts'
import type { Outcome } from './plan.ts'
import type { Recorder } from './recorder.ts'

/** The queue on which those who ask in a case wait: there is none. */
export const ASKER = 'sluice.replies.case'

export interface ScriptedAnswers {
  /** The queue that the pipeline reads. */
  readonly source: string
  /** What comes of a question to a queue, the next one of this id; undefined: the case does not say. */
  outcome(queue: string, id: string): Outcome | undefined
}

/** A question that the case lets time out, or says nothing of, is really asked, and nobody is there to answer. */
export const recordingRequests = (
  driver: QueueDriver,
  recorder: Recorder,
  { source, outcome }: ScriptedAnswers,
): Requests => ({
  async ask(queue, message, withinMs, signal) {
    const played = driver.isUp() ? outcome(queue.name, message.id) : undefined
    const answer = played === undefined ? undefined : answerOf(played, message.timestamp)
    if (answer === undefined) return driver.requests.ask(queue, message, withinMs, signal)
    await driver.ping()
    recorder.commanded(queue.name, message)
    return answer
  },
  get pending() {
    return driver.requests.pending
  },
  async answer(to, message) {
    if (to.queue !== ASKER) return driver.requests.answer(to, message)
    await driver.ping()
    recorder.replied(source, message)
    return true
  },
})

/** Undefined: there is none. */
function answerOf(outcome: Outcome, timestamp: number): RawMessage | undefined {
  const answer = { key: null, headers: {}, timestamp }
  switch (outcome.kind) {
    case 'return':
      return { ...answer, value: Buffer.from(JSON.stringify(outcome.value) ?? 'null') }
    case 'throw': {
      const code = outcome.permanent ? 'SLU5102' : 'SLU5101'
      const error = new SluiceError(code, { message: outcome.message })
      return { ...answer, value: Buffer.from('null'), headers: refusalHeaders(error) }
    }
    default:
      return undefined
  }
}
