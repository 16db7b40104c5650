// Sends messages at a pace that nothing holds back, and measures each from the moment when it was due: whoever is slow is seen to be slow.
import type { World } from '../core/clock.ts'
import type { OutMessage, Sink } from '../core/contract.ts'
import { Latencies, type Percentiles } from './latencies.ts'
import { numberIn } from './messages.ts'
import type { Pace } from './pace.ts'

/** Hears from its start on. */
export interface Ear {
  start(): Promise<void>
  /** Everything that stands there now has been heard. */
  isCaughtUp(): Promise<boolean>
  stop(): Promise<void>
}

export interface LoadParts {
  readonly world: World
  /** Of the run: no other load has it. */
  readonly run: string
  readonly pace: Pace
  /** Messages a second that were asked for. */
  readonly rate: number
  readonly sink: Sink
  readonly message: (number: number) => OutMessage
  /** `heard` is called with the id of each event that arrives. */
  readonly listen: (topic: string, heard: (effect: string | undefined) => void) => Ear
  /** Topics on which answers are expected. */
  readonly topics: readonly string[]
  /** How far the pipeline's group is behind; undefined: nobody knows. */
  readonly lag: () => Promise<number | undefined>
  /** Dead letters of this load. */
  readonly deadLetters: () => Promise<number>
  /** How long it waits for what was sent to be done. */
  readonly drainMs: number
  readonly stopped: AbortSignal
  readonly progress: (sent: number) => void
}

export interface LoadResult {
  readonly sent: {
    readonly count: number
    /** As many were to be sent; fewer were where somebody stopped it. */
    readonly due: number
    readonly failed: number
    /** Why the first that failed did. */
    readonly problem: string | undefined
    /** Messages a second that left once it was steady, and what was to be. How long they took is told by their answers. */
    readonly rate: number
    readonly wanted: number
    /** The most that one of them was sent after it was due. */
    readonly lateMs: number
  }
  readonly answers: readonly {
    readonly topic: string
    readonly count: number
    /** Without the ramp. Undefined: there was none. */
    readonly percentiles: Percentiles | undefined
  }[]
  /** When it ended; undefined: nobody knows. */
  readonly lag: number | undefined
  /** From the last message on until everything was done, or it was given up. */
  readonly drainedMs: number
  readonly deadLetters: number
}

/** Between two looks at what is due. */
const TICK_MS = 4
/** Between two looks at what is left. */
const LOOK_MS = 200
/** Sends that are not confirmed yet; beyond it the sender waits, and is late. */
const UNDER_WAY = 20_000

export async function runLoad(parts: LoadParts): Promise<LoadResult> {
  const { world, pace, topics, run, stopped } = parts
  const { clock } = world
  const answers = topics.map((topic) => ({ topic, latencies: new Latencies(pace.count) }))
  let startedAt = 0
  const listeners = answers.map(({ topic, latencies }) =>
    parts.listen(topic, (effect) => {
      const number = numberIn(run, effect)
      if (number !== undefined && number < pace.count)
        latencies.answered(number, clock.monotonic() - startedAt - pace.due(number))
    }),
  )
  try {
    // A broker that went away meanwhile is not waited for by whoever is told to stop.
    const { promise, resolve } = Promise.withResolvers<void>()
    stopped.addEventListener('abort', () => resolve(), { once: true })
    await Promise.race([Promise.all(listeners.map((listener) => listener.start())), promise])
    startedAt = clock.monotonic()
    const sent = await sendAll(parts, startedAt)
    const lastAt = clock.monotonic()
    const lag = await drained(parts, listeners)
    const drainedMs = clock.monotonic() - lastAt
    return {
      sent,
      answers: answers.map(({ topic, latencies }) => ({
        topic,
        count: latencies.count,
        percentiles: latencies.percentiles(pace.ramped),
      })),
      lag,
      drainedMs,
      deadLetters: await parts.deadLetters(),
    }
  } finally {
    await Promise.all(listeners.map((listener) => listener.stop()))
  }
}

async function sendAll(parts: LoadParts, startedAt: number): Promise<LoadResult['sent']> {
  const { world, pace, sink, message, stopped, progress, rate } = parts
  const { clock } = world
  let [count, failed, underWay, lateMs] = [0, 0, 0, 0]
  let problem: string | undefined
  let lastAt = startedAt
  const sends = new Set<Promise<void>>()
  const send = (number: number) => {
    underWay++
    const one = sink
      .send(message(number))
      .catch((error: unknown) => {
        failed++
        problem ??= error instanceof Error ? error.message : String(error)
      })
      .then(() => {
        underWay--
        sends.delete(one)
      })
    sends.add(one)
  }
  while (count < pace.count && !stopped.aborted) {
    const now = clock.monotonic() - startedAt
    while (count < pace.count && pace.due(count) <= now && underWay < UNDER_WAY) {
      lateMs = Math.max(lateMs, clock.monotonic() - startedAt - pace.due(count))
      send(count++)
      lastAt = clock.monotonic()
    }
    progress(count)
    await clock.sleep(TICK_MS)
  }
  await Promise.all(sends)
  const steady = count - pace.ramped
  const steadyMs = lastAt - startedAt - pace.due(pace.ramped)
  return {
    count,
    due: pace.count,
    failed,
    problem,
    wanted: rate,
    rate: steady <= 0 ? 0 : (steady * 1_000) / Math.max(steadyMs, (steady * 1_000) / rate),
    lateMs,
  }
}

/** Waits until the group has done everything and what came of it was heard, or it takes too long. */
async function drained(
  { world: { clock }, lag, drainMs, stopped }: LoadParts,
  listeners: readonly Ear[],
): Promise<number | undefined> {
  const deadline = clock.monotonic() + drainMs
  for (;;) {
    const left = await lag()
    if (left === 0) {
      const heard = await Promise.all(listeners.map((listener) => listener.isCaughtUp()))
      if (heard.every(Boolean)) return 0
    }
    if (clock.monotonic() > deadline || stopped.aborted) return left
    await clock.sleep(LOOK_MS, stopped)
  }
}
