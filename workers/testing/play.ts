// Plays what a case gives at its times: messages are sent, connections go away and come back.
import type { OutMessage } from '../core/contract.ts'
import { asError } from '../core/errors.ts'
import type { Giver } from './giver.ts'
import type { Given, GivenEvent } from './plan.ts'
import { ASKER } from './requests.ts'
import type { Stage } from './stage.ts'

export interface Play {
  /** Everything was given, and everything is back that was away. Throws what went wrong with that. */
  over(): boolean
  /** Gives back what is away. */
  end(): void
}

/** What goes away at a moment is away before anything is sent at it. */
export function play(given: Given, { world, setAvailable }: Stage, giver: Giver): Play {
  const { clock } = world
  let open = 0
  let failure: Error | undefined
  const at = (ms: number, what: () => void) => {
    open++
    clock.after(
      ms,
      () => {
        open--
        what()
      },
      { keepAlive: true },
    )
  }
  for (const { connection, fromMs, forMs } of given.faults) {
    at(fromMs, () => setAvailable?.(connection, false))
    at(fromMs + forMs, () => setAvailable?.(connection, true))
  }
  for (const [afterMs, events] of Map.groupBy(given.events, (event) => event.afterMs))
    at(afterMs, () => {
      open++
      giver
        .send(events.map((event) => messageOf(event, given.events.indexOf(event), clock.now())))
        .catch((thrown: unknown) => (failure = asError(thrown)))
        .finally(() => open--)
    })
  return {
    over() {
      if (failure !== undefined) throw failure
      return open === 0
    },
    end() {
      for (const { connection } of given.faults) setAvailable?.(connection, true)
    },
  }
}

const messageOf = (event: GivenEvent, index: number, now: number): OutMessage => ({
  id: event.id ?? `given/${index + 1}`,
  ...(event.asks ? { replyTo: { queue: ASKER, correlationId: `given/${index + 1}` } } : {}),
  key: event.key === null ? null : Buffer.from(event.key),
  value: event.bytes,
  headers: event.headers,
  timestamp: now,
  contentType: 'application/json',
  ...(event.verbatim === true ? { verbatim: true } : {}),
})
