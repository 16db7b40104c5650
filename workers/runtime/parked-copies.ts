// A place where copies of messages wait: each is sent as any other message is, traced and counted; the original stays until it is confirmed.
import type { World } from '../core/clock.ts'
import type { Driver, OutMessage, Sink } from '../core/contract.ts'
import { tierName } from '../core/parking.ts'
import type { Tracer } from '../core/telemetry.ts'
import type { Origin } from './origin.ts'
import type { CopyParts } from './parked-headers.ts'
import type { ParkingPlace } from './parking.ts'
import type { Task } from './task.ts'

export interface CopiesParts {
  readonly pipeline: string
  readonly driver: Driver
  readonly system: 'kafka' | 'rabbitmq'
  /** By the names of the tiers. */
  readonly sinks: Readonly<Record<string, Sink>>
  readonly copy: (task: Task, parts: CopyParts) => OutMessage
  readonly origin: Pick<Origin, 'place'>
  readonly world: World
  readonly tracer: Tracer
  readonly sent: Record<string, number>
}

export function parkedCopies(parts: CopiesParts): ParkingPlace {
  const { pipeline, driver, system, sinks, copy, origin, world, tracer, sent } = parts
  return {
    driver,
    async park(task, tier, { attempt, done }) {
      const name = tierName(pipeline, tier)
      const id = `${origin.place(task)}/${pipeline}/attempt-${attempt}`
      const bytes = task.message.value?.length ?? 0
      const span = tracer.send(
        { destination: name, system, messageId: id, pipeline, bytes },
        task.span?.context ?? {},
      )
      const now = world.clock.now()
      const { delayMs } = tier
      try {
        const message = copy(task, { id, attempt, done, delayMs, now, trace: span.context })
        await (sinks[name] as Sink).send(message)
        sent[name] = (sent[name] ?? 0) + 1
      } finally {
        span.end()
      }
    },
  }
}
