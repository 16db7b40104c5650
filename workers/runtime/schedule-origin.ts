// A schedule as a source: a message says when it fired, and nothing else; whatever stands in it is passed over.
import { isoTime } from '../core/clock.ts'
import type { JobSource, Driver } from '../core/contract.ts'
import type { QueueMessage } from '../core/message.ts'
import type { ScheduleFromPlan } from '../core/plan.ts'
import { Acknowledger } from './acknowledger.ts'
import type { Origin } from './origin.ts'

export interface ScheduleOriginParts {
  readonly fleet: string
  readonly from: ScheduleFromPlan
  readonly source: JobSource
  readonly driver: Driver
}

/** The firing is told from others by its time: one that comes again has the same id. */
export function scheduleOrigin({ fleet, from, source, driver }: ScheduleOriginParts): Origin {
  const { name, pipeline } = from
  const idOf = (message: unknown) => (message as QueueMessage).id as string
  return {
    name,
    source,
    driver,
    decode(message) {
      const time = isoTime(firedAt(message as QueueMessage))
      return {
        id: `${pipeline}/${time}`,
        type: 'schedule',
        source: `/${fleet}/${pipeline}`,
        time,
        key: null,
        data: { scheduled_at: time },
      }
    },
    settlement: () => new Acknowledger(source),
    operation: (_lane, message) => ({ system: 'bullmq', messageId: idOf(message) }),
    place: ({ message }) => `${name}/${idOf(message)}`,
    delivery({ message }) {
      const place = `${name}/${idOf(message)}`
      return { place, message: place, again: 0 }
    },
    timePlace: () => '',
    coordinates: ({ message }) => ({ schedule: pipeline, 'message-id': idOf(message) }),
    note: ({ message }, progress) => source.note(idOf(message), progress),
    report: ({ message }, percent) => source.report(idOf(message), percent),
  }
}

/** As its id says; of one that somebody added by hand, when that was. */
function firedAt({ id = '', timestamp }: QueueMessage): number {
  const [, ms] = /:(\d{1,15})$/.exec(id) ?? []
  return ms === undefined ? timestamp : Number(ms)
}
