// Handlers that take their time, hang or fail. What an input meets depends on the input alone, so that a message ends the same way whatever
// happens around it; what a load meets depends on the key of the cache.
import { permanent, type Handler } from '../core/handler.ts'
import type { RetryPlan } from '../core/plan-policies.ts'
import { fate } from './chance.ts'
import type { FaultKind } from './fault-plan.ts'
import { never } from './wire.ts'

/** What befalls a handler, it befalls by this. */
export interface Inputs {
  /** By name and input; by the key, where it is to load a cache. */
  about(handler: string, input: unknown): string
  /** Somebody else may be asked the same and not be: nothing may befall it for good. */
  isShared(handler: string, input: unknown): boolean
}

export type Handlers = Readonly<Record<string, Handler<unknown, unknown>>>

export interface HandlerFaultParts {
  readonly handlers: Handlers
  readonly seed: number
  readonly faults: ReadonlySet<FaultKind>
  readonly inputs: Inputs
  readonly retry: RetryPlan
  readonly happened: (kind: FaultKind) => void
}

/** Of ordinary inputs. */
const PERMANENT = 0.01
const FAILING = 0.05
const HANGING = 0.005
const SLOW = 0.1

export function faultyHandlers(parts: HandlerFaultParts): Handlers {
  const { handlers, seed, faults, inputs, retry, happened } = parts
  const faulty =
    (name: string, handler: Handler<unknown, unknown>): Handler<unknown, unknown> =>
    async (input, ctx) => {
      const luck = fate(seed, inputs.about(name, input))
      const isFinal = luck < PERMANENT && !inputs.isShared(name, input)
      if (isFinal && faults.has('handler-permanent')) {
        happened('handler-permanent')
        throw permanent('simulated: never')
      }
      // As often as it may fail and still succeed with its last attempt.
      const failures = luck < PERMANENT + FAILING ? 1 + (Math.floor(luck * 1e6) % 2) : 0
      const isEarly = ctx.message.attempt <= Math.min(failures, retry.attempts - 1)
      if (isEarly && faults.has('handler-error')) {
        happened('handler-error')
        throw new Error('simulated: not now')
      }
      const isHanging = luck > 0.5 && luck < 0.5 + HANGING && ctx.message.attempt === 1
      if (isHanging && retry.attempts > 1 && faults.has('handler-hang')) {
        happened('handler-hang')
        return never()
      }
      if (luck > 1 - SLOW && faults.has('handler-slow')) {
        happened('handler-slow')
        await ctx.clock.sleep(20 + ((luck * 1e6) % 400), ctx.signal)
      }
      return handler(input, ctx)
    }
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [name, faulty(name, handler)]),
  )
}
