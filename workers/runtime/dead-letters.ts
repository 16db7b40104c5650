// Sends dead letters and does not give in until the broker has them: a message is never settled on a letter that was not confirmed.
import { SluiceError } from '../core/errors.ts'
import type { Failure } from './failure.ts'
import { failureOf } from './failure.ts'
import type { LetterSink, PipelineParts } from './pipeline-parts.ts'
import { deadLetter } from './dead-letter.ts'
import { backoffMs, OUTAGE_BACKOFF } from './backoff.ts'
import type { Outages } from './outages.ts'
import type { Task } from './task.ts'

/** The destination will never take it as it is; without payload and headers it will. */
const UNFIT: ReadonlySet<string> = new Set(['SLU5203', 'SLU5307'])

export class DeadLetters {
  private readonly parts: PipelineParts
  private readonly outages: Outages

  constructor(parts: PipelineParts, outages: Outages) {
    this.parts = parts
    this.outages = outages
  }

  /** True when the letter is confirmed; false when the lane was given up first. Never rejects. */
  async send(task: Task, failure: Failure): Promise<boolean> {
    const { plan, letters, log, world } = this.parts
    const topic = plan.failure[failure.error.failure].deadLetter
    const letter = letters[topic] as LetterSink
    let payload = true
    for (let times = 1; ; times++) {
      if (task.group.abort.signal.aborted || (times > 1 && task.group.closed)) return false
      try {
        if (!task.group.lane.live()) throw new SluiceError('SLU5501')
        await this.once(task, failure, topic, letter, payload)
        return true
      } catch (thrown) {
        const { error } = failureOf(thrown, failure.step)
        if (UNFIT.has(error.code) && payload) payload = false
        else {
          log.warn(
            { code: error.code, topic, times, err: error },
            'A dead letter was not taken; the message stays and the source waits.',
          )
          // Holding the whole pipeline keeps the backlog on the broker, where it is safe.
          if (error.code === 'SLU5501')
            await world.clock.sleep(
              backoffMs(OUTAGE_BACKOFF, times, world.random),
              task.group.closing.signal,
            )
          else await this.outages.wait(letter.driver, times)
        }
      }
    }
  }

  private async once(
    task: Task,
    failure: Failure,
    topic: string,
    { sink, system }: LetterSink,
    payload: boolean,
  ): Promise<void> {
    const { fleet, plan, world, tracer, sent, origin } = this.parts
    const parent = task.span?.context ?? {}
    const bytes = payload ? (task.message.value?.length ?? 0) : 0
    const id = `${origin.place(task)}/${plan.name}/dead-letter`
    const span = tracer.send(
      { destination: topic, system, messageId: id, pipeline: plan.name, bytes },
      parent,
    )
    task.span?.fail(failure.error)
    task.span?.event('dead-letter', { code: failure.error.code, attempts: task.attempt })
    try {
      await sink.send(
        deadLetter(
          task,
          failure,
          {
            id,
            fleet,
            pipeline: plan.name,
            coordinates: origin.coordinates(task),
            failedAt: world.clock.now(),
            trace: span.context,
          },
          payload,
        ),
      )
      sent[topic] = (sent[topic] ?? 0) + 1
    } finally {
      span.end()
    }
  }
}
