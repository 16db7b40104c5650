// How one job stands, as BullMQ and whoever works on it have it written down; changes nothing, and costs the same however many jobs wait.
import type { Queue } from 'bullmq'
import type { JobEnd, JobStatus } from '../../core/contract.ts'
import { attemptOf } from '../../core/job-status.ts'
import type { RedisClient } from '../redis/client.ts'
import { headersOf } from './failed-view.ts'
import { jobIdOf } from './job-id.ts'
import { NOTE, noteIn } from './job-notes.ts'
import { LETTER } from './letter-field.ts'

type Fields = readonly (string | null)[]

export async function jobStatus(
  client: RedisClient,
  queue: Queue,
  id: string,
): Promise<JobStatus | undefined> {
  const jobId = jobIdOf(id)
  const key = (name: string) => queue.toKey(name)
  // At one moment. Where it waits is a list, which BullMQ itself would look for it in from end to end.
  const [completed, failed, delayed, foreign, active, fields] = answersOf(
    await client
      .multi()
      .zscore(key('completed'), jobId)
      .zscore(key('failed'), jobId)
      .zscore(key('delayed'), jobId)
      .zscore(key('waiting-children'), jobId)
      .lrange(key('active'), 0, -1)
      .hmget(key(jobId), 'timestamp', 'progress', 'returnvalue', 'ats', NOTE, LETTER)
      .exec(),
  )
  const [addedAt = null, progress = null, result = null, taken, note = null, text] =
    fields as Fields
  // Of a job that is forgotten a note may be left.
  if (addedAt === null || foreign !== null) return undefined
  const state = stateOf({
    completed: completed !== null,
    failed: failed !== null,
    delayed: delayed !== null,
    active: (active as readonly string[]).includes(jobId),
  })
  const end = state === 'completed' ? endIn(result) : undefined
  const letter = state === 'failed' && typeof text === 'string' ? headersOf(text) : undefined
  const noted = noteIn(note, 0)?.parked
  return {
    state,
    progress: percentIn(progress),
    attempt: attemptOf({ end, letter, noted, taken: Number(taken) > 0 }),
    end,
    letter,
  }
}

/** Rejects, by throwing, with the first refusal: EXEC resolves whatever its commands gave. */
function answersOf(replies: readonly [Error | null, unknown][] | null): readonly unknown[] {
  return (replies ?? []).map(([error, answer]) => {
    if (error !== null) throw error
    return answer
  })
}

/** What is there, and nowhere else, waits. */
const stateOf = (is: Readonly<Record<'completed' | 'failed' | 'delayed' | 'active', boolean>>) =>
  is.completed
    ? 'completed'
    : is.failed
      ? 'failed'
      : is.delayed
        ? 'delayed'
        : is.active
          ? 'active'
          : 'waiting'

/** BullMQ says 0 of a job that said nothing. Other workers may show anything there. */
function percentIn(text: string | null): number | undefined {
  const value = Number(text ?? NaN)
  return value > 0 && value <= 100 ? value : undefined
}

/** What a pipeline left there; that of other workers is theirs. */
function endIn(text: string | null): JobEnd | undefined {
  try {
    const { outcome, attempts } = JSON.parse(text ?? 'null') as Record<string, unknown>
    return typeof outcome === 'string' && typeof attempts === 'number'
      ? { outcome, attempts }
      : undefined
  } catch {
    return undefined
  }
}
