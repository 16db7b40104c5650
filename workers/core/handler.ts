// What a handler author meets: the shape of a handler, its context, and how to refuse a message for good.
import type { Clock, Random } from './clock.ts'
import type { Logger } from './log.ts'

/** Given to each call. Use these instead of `Date`, timers and `Math.random`: pipeline tests and simulation own time and chance. */
export interface HandlerContext {
  readonly log: Logger
  readonly clock: Clock
  readonly random: Random
  /** Aborts when the step's timeout passes or the worker gives the message up. Pass it on to whatever you await. */
  readonly signal: AbortSignal
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
export type Handler<Input, Output> = (input: Input, ctx: HandlerContext) => Output | Promise<Output>

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
