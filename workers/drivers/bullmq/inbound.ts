// A job as a message: its data as they were written, and beside them what its sender said where BullMQ keeps such things.
import type { Job } from 'bullmq'
import type { QueueMessage } from '../../core/message.ts'
import { jobIdOf } from './job-id.ts'

export function jobMessage(job: Job, data: string, offset: number): QueueMessage {
  const { ce_id: said, ce_source: source, ...headers } = carrierOf(job)
  const stored = job.id ?? ''
  return {
    key: null,
    value: Buffer.from(data),
    headers,
    timestamp: job.timestamp,
    offset,
    redelivered: job.attemptsStarted > 1 || job.stalledCounter > 0,
    // Only the id that is written as this one: nobody takes another's.
    id: said !== undefined && jobIdOf(said) === stored ? said : stored,
    type: job.name,
    ...(source === undefined ? {} : { source }),
  }
}

/** Written by whoever sent the job: what is no text, or no JSON at all, is passed over. */
function carrierOf({ opts }: Job): Record<string, string> {
  try {
    const carrier: unknown = JSON.parse(opts.telemetry?.metadata ?? '{}')
    if (typeof carrier !== 'object' || carrier === null) return {}
    return Object.fromEntries(
      Object.entries(carrier).filter((entry): entry is [string, string] => {
        return typeof entry[1] === 'string' && entry[0] !== '__proto__'
      }),
    )
  } catch {
    return {}
  }
}
