// Jobs as a source: read and settled like a queue, with a failed set for dead letters and a place to show how far a job is.
import type { JobSource } from '../core/contract.ts'
import type { QueueMessage } from '../core/message.ts'
import type { Origin } from './origin.ts'
import { queueOrigin, type QueueOriginParts } from './queue-origin.ts'

export interface JobOriginParts extends QueueOriginParts {
  readonly source: JobSource
}

/** A job always has an id. */
const idOf = (message: unknown) => (message as QueueMessage).id as string

export function jobOrigin(parts: JobOriginParts): Origin {
  const { plan, source } = parts
  return {
    ...queueOrigin(parts),
    operation: (_lane, message) => ({ system: 'bullmq', messageId: idOf(message) }),
    // No other job has its id: whoever has it now has it rightly.
    delivery({ message }) {
      const place = `${plan.name}/${idOf(message)}`
      return { place, message: place, again: 0 }
    },
    timePlace: () => '',
    coordinates: ({ message }) => {
      const { type } = message as QueueMessage
      return {
        jobs: plan.name,
        'message-id': idOf(message),
        ...(type === undefined ? {} : { 'message-type': type }),
      }
    },
    note: ({ message }, progress) => source.note(idOf(message), progress),
    report: ({ message }, percent) => source.report(idOf(message), percent),
  }
}
