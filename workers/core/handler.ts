// What a handler author meets: the shape of a handler, its context, and how to refuse a message for good.
import type { Clock, Random } from './clock.ts'
import type { Logger } from './log.ts'

/** One cache, as a handler may use it. It never decides whether a message succeeds, unless the fleet says `whenDown: fail`. */
export interface HandlerCache<Value> {
  /** Undefined when there is none, or the cache is away. `key` is plain data, the same as in a cache step. */
  get(key: unknown): Promise<Value | undefined>
  /** Kept as long as the fleet says, or until one of its tags is forgotten. The value must fit the schema of the cache. */
  set(
    key: unknown,
    value: Value,
    terms?: { readonly tags?: readonly (string | number)[] },
  ): Promise<void>
}

/** The type of each cache's values by its name: of none. */
type NoCaches = Readonly<Record<never, never>>

/** Given to each call. Use these instead of `Date`, timers and `Math.random`: pipeline tests and simulation own time and chance. */
export interface HandlerContext<Caches = NoCaches> {
  readonly log: Logger
  readonly clock: Clock
  readonly random: Random
  /** Aborts when the step's timeout passes or the worker gives the message up. Pass it on to whatever you await. */
  readonly signal: AbortSignal
  /** How far the work is, 0 to 100: shown where the message is a job, and nothing else anywhere. */
  readonly progress: (percent: number) => void
  /** Those that the pipeline lets the handler use: `caches: […]` beside its name. */
  readonly caches: { readonly [Name in keyof Caches]: HandlerCache<Caches[Name]> }
  /**
   * True in a shadow run: nothing that the pipeline sends leaves the process, and what the handler does by itself still
   * happens. Whoever writes to a database or calls a service that remembers leaves it out then.
   */
  readonly shadow: boolean
  readonly message: {
    readonly id: string
    readonly type: string
    readonly key: string | null
    /** Which item of a split the call is for, with `id` its identity in every attempt; undefined outside of splits. */
    readonly item?: string | undefined
    /** 1 for the first try. */
    readonly attempt: number
  }
}

/**
 * One function, default-exported from `workers/handlers/<name>.ts`. Return the value; throw to fail.
 * A thrown error is tried again; `permanent()` is not, `retryAfter()` after the pause it names.
 */
export type Handler<Input, Output, Caches = NoCaches> = (
  input: Input,
  ctx: HandlerContext<Caches>,
) => Output | Promise<Output>

const PERMANENT = Symbol.for('sluice.permanent')

/** Throw it to say that no further attempt can help: the message becomes a dead letter at once. */
export function permanent(message: string, options?: { cause?: unknown }): Error {
  const error = new Error(message, options)
  error.name = 'PermanentError'
  Object.defineProperty(error, PERMANENT, { value: true })
  return error
}

const RETRY_AFTER = Symbol.for('sluice.retryAfter')

/** Longest pause that a handler can ask for, milliseconds: a message that waits holds its key and a place in the window. */
const LONGEST_PAUSE_MS = 3_600_000

/**
 * Throw it when you know how long another attempt would be in vain, as after an answer 429 with `Retry-After`. It takes
 * the place of the policy's pause, and counts as an attempt like any other failure. `ms`: at least 0; above an hour it is an hour.
 */
export function retryAfter(ms: number, message: string, options?: { cause?: unknown }): Error {
  if (!(ms >= 0)) throw new RangeError(`retryAfter: ${ms} ms is no pause`)
  const error = new Error(message, options)
  error.name = 'RetryAfterError'
  Object.defineProperty(error, RETRY_AFTER, { value: Math.min(ms, LONGEST_PAUSE_MS) })
  return error
}

/** Milliseconds; undefined for an error that asks for no pause of its own. */
export function retryAfterOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const ms = (error as Record<symbol, unknown>)[RETRY_AFTER]
  return typeof ms === 'number' ? ms : undefined
}

export function isPermanent(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    (error as Record<symbol, unknown>)[PERMANENT] === true
  )
}
