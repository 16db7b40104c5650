// Handlers that take their whole process along for some inputs, each time they are asked, until quarantine gives the message up.
import { SluiceError } from '../core/errors.ts'
import type { FleetPlan } from '../core/plan.ts'
import { fate } from './chance.ts'
import type { Handlers, Inputs } from './handler-faults.ts'

export interface DeadlyParts {
  readonly handlers: Handlers
  readonly seed: number
  readonly inputs: Inputs
  /** Ends the process. Undefined in the calm run, where what must become of the message happens at once. */
  readonly die: (() => void) | undefined
}

/** Of inputs. */
const DEADLY = 0.01

/** What ends processes is found only where something outlives them. */
export const findsDeadly = ({ state }: FleetPlan): boolean => state !== undefined

export function deadlyHandlers({ handlers, seed, inputs, die }: DeadlyParts): Handlers {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [
      name,
      (input: unknown, ctx: Parameters<typeof handler>[1]) => {
        const luck = fate(seed, `deadly ${inputs.about(name, input)}`)
        if (luck >= DEADLY || inputs.isShared(name, input)) return handler(input, ctx)
        if (die === undefined) throw new SluiceError('SLU5520')
        die()
        return new Promise(() => {})
      },
    ]),
  )
}
