// Handlers that take their time or fail. What an input meets depends on the input alone, so that a message ends the same way whatever happens around it.
import { permanent, type Handler } from '../core/handler.ts'
import type { RetryPlan } from '../core/plan-policies.ts'
import { fate } from './chance.ts'

export type Handlers = Readonly<Record<string, Handler<unknown, unknown>>>

export interface HandlerFaultParts {
  readonly handlers: Handlers
  readonly seed: number
  /** Who loads a cache is not refused for good: whether it is asked at all depends on who came before. */
  readonly loaders: ReadonlySet<string>
  readonly retry: RetryPlan
  readonly happened: (kind: 'handler-slow' | 'handler-error' | 'handler-permanent') => void
}

/** Of ordinary inputs. */
const PERMANENT = 0.01
const FAILING = 0.05
const SLOW = 0.1

export function faultyHandlers(parts: HandlerFaultParts): Handlers {
  const { handlers, seed, loaders, retry, happened } = parts
  const faulty =
    (name: string, handler: Handler<unknown, unknown>): Handler<unknown, unknown> =>
    async (input, ctx) => {
      const luck = fate(seed, `${name} ${JSON.stringify(input)}`)
      if (luck < PERMANENT && !loaders.has(name)) {
        happened('handler-permanent')
        throw permanent('simulated: never')
      }
      // As often as it may fail and still succeed with its last attempt.
      const failures = luck < PERMANENT + FAILING ? 1 + (Math.floor(luck * 1e6) % 2) : 0
      if (ctx.message.attempt <= Math.min(failures, retry.attempts - 1)) {
        happened('handler-error')
        throw new Error('simulated: not now')
      }
      if (luck > 1 - SLOW) {
        happened('handler-slow')
        await ctx.clock.sleep(20 + ((luck * 1e6) % 400), ctx.signal)
      }
      return handler(input, ctx)
    }
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [name, faulty(name, handler)]),
  )
}
