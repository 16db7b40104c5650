// How one job stands, as BullMQ and whoever works on it have it written down; changes nothing.
import type { Queue } from 'bullmq'
import type { JobEnd, JobStatus } from '../../core/contract.ts'
import { attemptOf } from '../../core/job-status.ts'
import type { RedisClient } from '../redis/client.ts'
import { headersOf } from './failed-view.ts'
import { jobIdOf } from './job-id.ts'
import { NOTE, noteIn } from './job-notes.ts'
import { LETTER } from './letter-field.ts'

const STATES: Readonly<Record<string, JobStatus['state']>> = {
  waiting: 'waiting',
  prioritized: 'waiting',
  delayed: 'delayed',
  active: 'active',
  completed: 'completed',
  failed: 'failed',
}

export async function jobStatus(
  client: RedisClient,
  queue: Queue,
  id: string,
): Promise<JobStatus | undefined> {
  const jobId = jobIdOf(id)
  // In this order: what has ended by the first question has said how by the second.
  const state = STATES[await queue.getJobState(jobId)]
  if (state === undefined) return undefined
  const [progress = null, result = null, taken, note = null, text] = await client.hmget(
    queue.toKey(jobId),
    'progress',
    'returnvalue',
    'ats',
    NOTE,
    LETTER,
  )
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
