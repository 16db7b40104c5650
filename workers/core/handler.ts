// What a handler author meets: the shape of a handler, its context, and how to refuse a message for good.
import type { Clock, Random } from './clock.ts'
import type { Logger } from './log.ts'

/** One cache, as a handler may use it. It never decides whether a message succeeds, unless the fleet says `whenDown: fail`. */
export interface HandlerCache<Value> {
  /** Undefined when there is none, or the cache is away. `key` is plain data, the same as in a cache step. */
  get(key: unknown): Promise<Value | undefined>
  /** Kept as long as the fleet says. The value must fit the schema of the cache. */
  set(key: unknown, value: Value): Promise<void>
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
  /** Those that the pipeline lets the handler use: `caches: […]` beside its name. */
  readonly caches: { readonly [Name in keyof Caches]: HandlerCache<Caches[Name]> }
  readonly message: {
    readonly id: string
    readonly type: string
    readonly key: string | null
    /** 1 for the first try. */
    readonly attempt: number
  }
}

/**
 * One function, default-exported from `workers/handlers/<name>.ts`. Return the value; throw to fail.
 * A thrown error is tried again; `permanent()` is not.
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

export function isPermanent(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    (error as Record<symbol, unknown>)[PERMANENT] === true
  )
}
