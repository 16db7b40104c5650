// Calls a user's handler with a deadline; never lets a handler that hangs or throws hold a slot for ever.
import type { World } from '../core/clock.ts'
import { asError, SluiceError } from '../core/errors.ts'
import {
  isPermanent,
  retryAfterOf,
  type Handler,
  type HandlerCache,
  type HandlerContext,
} from '../core/handler.ts'
import type { Logger } from '../core/log.ts'
import type { CallPlan } from '../core/plan.ts'
import type { Tracer } from '../core/telemetry.ts'
import { evaluate, type StepContext } from './context.ts'

export interface CallParts {
  readonly plan: CallPlan
  readonly step: string
  readonly handler: Handler<unknown, unknown>
  readonly caches: Readonly<Record<string, HandlerCache<unknown>>>
  readonly shadow: boolean
  readonly world: World
  readonly log: Logger
  readonly tracer: Tracer
}

export type Call = (ctx: StepContext, input: () => unknown) => Promise<unknown>

export function createCall(parts: CallParts): Call {
  const { plan, step, handler, tracer } = parts
  return async (ctx, input) => {
    const argument = evaluate(plan.input, input)
    ctx.assertLive()
    const span = tracer.enabled
      ? tracer.call(
          { handler: plan.handler, step, item: ctx.item, attempt: ctx.attempt },
          ctx.span.context,
        )
      : undefined
    const context = new CallContext(parts, ctx)
    try {
      const answer = handler(argument, context)
      return isThenable(answer) ? await context.deadline(Promise.resolve(answer)) : answer
    } catch (thrown) {
      const error = handlerError(plan, thrown)
      span?.fail(error)
      throw error
    } finally {
      span?.end()
    }
  }
}

/** Clients of databases and queries often answer with a promise of their own making. */
const isThenable = (answer: unknown): answer is PromiseLike<unknown> =>
  typeof answer === 'object' &&
  answer !== null &&
  typeof (answer as { readonly then?: unknown }).then === 'function'

function handlerError(plan: CallPlan, thrown: unknown): SluiceError {
  if (thrown instanceof SluiceError) return thrown
  const cause = asError(thrown)
  return new SluiceError(isPermanent(thrown) ? 'SLU5102' : 'SLU5101', {
    message: `handler ${plan.handler}: ${cause.message}`,
    at: plan.at,
    cause,
    retryAfterMs: retryAfterOf(thrown),
  })
}

/** The handler's context; its signal is made only for handlers that ask. */
class CallContext implements HandlerContext {
  readonly log: Logger
  readonly clock: World['clock']
  readonly random: World['random']
  readonly caches: CallParts['caches']
  readonly shadow: boolean
  private readonly parts: CallParts
  private readonly step: StepContext
  private controller: AbortController | undefined
  private combined: AbortSignal | undefined

  constructor(parts: CallParts, step: StepContext) {
    this.parts = parts
    this.step = step
    this.log = parts.log
    this.clock = parts.world.clock
    this.random = parts.world.random
    this.caches = parts.caches
    this.shadow = parts.shadow
  }

  get message(): HandlerContext['message'] {
    const { envelope, item, attempt } = this.step
    const { id, type, key } = envelope
    return { id, type, key, item, attempt }
  }

  /** Made for those who ask, and theirs to pass on. */
  get progress(): HandlerContext['progress'] {
    return (percent) => {
      if (percent >= 0 && percent <= 100) this.step.progress?.(percent)
    }
  }

  get signal(): AbortSignal {
    this.controller ??= new AbortController()
    this.combined ??= AbortSignal.any([this.controller.signal, this.step.signal])
    return this.combined
  }

  /** Settles as `answer` does, or rejects when the deadline passes first; a late answer is let go. */
  deadline(answer: Promise<unknown>): Promise<unknown> {
    const { plan, world } = this.parts
    return new Promise((resolve, reject) => {
      const timer = world.clock.after(plan.timeoutMs, () => {
        const error = new SluiceError('SLU5103', {
          message: `handler ${plan.handler} did not finish within ${plan.timeoutMs} ms`,
          at: plan.at,
        })
        // Also for a handler that looks at the signal for the first time after this.
        this.controller ??= new AbortController()
        this.controller.abort(error)
        reject(error)
      })
      answer.then(
        (value) => {
          timer.cancel()
          resolve(value)
        },
        (error: unknown) => {
          timer.cancel()
          reject(error as Error)
        },
      )
    })
  }
}
