// Follows a job to its end by asking how it stands, at growing intervals; never takes it, never changes it.
import type { Clock } from '../core/clock.ts'
import type { JobStatus } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import { LETTER_PREFIX } from '../core/letter.ts'
import { headerText } from '../core/message.ts'
import type { EndedJob, JobsClient, OpenJob, WaitTerms } from './shape.ts'

const AWAY = Symbol('the server is away')

/** So long between two questions at first, and at most. */
const FIRST_MS = 50
const MOST_MS = 1_000

type Seen = OpenJob | EndedJob
type Look = Seen | typeof AWAY | undefined

export interface WatchingParts {
  /** The name of the queue of jobs. */
  readonly name: string
  readonly clock: Clock
  readonly status: (id: string) => Promise<JobStatus | undefined>
}

export function createWatching({
  name,
  clock,
  status,
}: WatchingParts): Pick<JobsClient<unknown>, 'get' | 'wait' | 'progress'> {
  const get = async (id: string) => {
    const found = await status(id)
    return found && seenOf(id, found)
  }

  /** Nobody waits longer for an answer than for the end: a first connection may take its time. */
  async function answerWithin(answer: Promise<Look>, ms: number, signal: AbortSignal | undefined) {
    const heard = new AbortController()
    const over = AbortSignal.any([heard.signal, ...(signal === undefined ? [] : [signal])])
    try {
      return await Promise.race([answer, clock.sleep(ms, over).then((): Look => AWAY)])
    } finally {
      heard.abort()
    }
  }

  /** How it stands, again and again; the last is its end. */
  async function* follow(
    id: string,
    { withinMs = Infinity, knownWithinMs = 0, signal }: WaitTerms,
  ): AsyncGenerator<Seen> {
    const from = clock.monotonic()
    const deadline = from + withinMs
    let knownBy = from + knownWithinMs
    for (let pauseMs = FIRST_MS; ; pauseMs = Math.min(MOST_MS, pauseMs * 1.5)) {
      signal?.throwIfAborted()
      // The last look has its time as well.
      const ms = Math.max(MOST_MS, deadline - clock.monotonic())
      const seen = await answerWithin(get(id).catch(unlessAway), ms, signal)
      if (seen === undefined && clock.monotonic() >= knownBy)
        throw new SluiceError('SLU5802', { message: `there is no job ${id} in ${name}` })
      if (seen !== undefined && seen !== AWAY) {
        // One that was known and is not any more has been forgotten.
        knownBy = from
        yield seen
        if (isEnded(seen)) return
      }
      const leftMs = deadline - clock.monotonic()
      if (leftMs <= 0)
        throw new SluiceError('SLU5803', {
          message: `job ${id} of ${name} has not ended within ${withinMs} ms`,
        })
      await clock.sleep(Math.min(pauseMs, leftMs), signal)
    }
  }

  return {
    get,
    async wait(id, terms = {}) {
      for await (const seen of follow(id, terms)) if (isEnded(seen)) return seen
      throw new RangeError('a job that is followed comes to its end, or to an error')
    },
    async *progress(id, terms = {}) {
      let last: number | undefined
      for await (const { progress } of follow(id, terms)) {
        if (progress !== undefined && progress !== last) yield progress
        last = progress
      }
    },
  }
}

function unlessAway(error: unknown): typeof AWAY {
  if (error instanceof SluiceError && error.outage) return AWAY
  throw error
}

const isEnded = (seen: Seen): seen is EndedJob =>
  seen.state === 'completed' || seen.state === 'failed'

function seenOf(id: string, { state, progress, attempt, end, letter }: JobStatus): Seen {
  const common = { id, progress, attempt }
  if (state === 'completed') return { ...common, state, outcome: end?.outcome ?? 'unknown' }
  if (state !== 'failed') return { ...common, state }
  const said = (what: string) => letter && headerText(letter, LETTER_PREFIX + what)
  const failure = { code: said('code'), reason: said('reason') ?? 'unknown', step: said('step') }
  return { ...common, state, failure }
}
