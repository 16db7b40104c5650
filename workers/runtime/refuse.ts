// Tells who asked that there will be no answer, so that it need not wait for its deadline; never decides whether the message is done.
import type { Failure } from './failure.ts'
import { replyToOf } from './message-run.ts'
import type { PipelineParts } from './pipeline-parts.ts'
import type { Task } from './task.ts'

type Parts = Pick<PipelineParts, 'answer' | 'log' | 'origin' | 'plan'>

/** Never rejects: the deadline is there for those who are not told. */
export async function refuse(parts: Parts, task: Task, { error }: Failure): Promise<void> {
  const { answer, log, origin, plan } = parts
  const to = replyToOf(task.message)
  // An answer that was asked for where none may go goes nowhere either.
  if (answer === undefined || to === undefined || error.code === 'SLU5010') return
  const id = `${origin.place(task)}/${plan.name}`
  await answer.reply.refuse(id, to, error, task.span).catch((thrown: unknown) => {
    log.warn(
      { err: thrown, pipeline: plan.name },
      'Who asked was not told that there is no answer.',
    )
  })
}
