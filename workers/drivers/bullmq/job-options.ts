// A message as BullMQ keeps it: the value is the job's data, everything else goes into its options.
import type { JobsOptions } from 'bullmq'
import type { Jobs, OutMessage } from '../../core/contract.ts'
import { headerText } from '../../core/message.ts'
import { jobIdOf } from './job-id.ts'

/**
 * BullMQ never tries anything again: attempts are the worker's. What travels beside the data is where BullMQ's own
 * OpenTelemetry looks for the trace, so that workers of others go on with it.
 */
export function jobOptions({ retention }: Jobs, message: OutMessage): JobsOptions {
  const { id, timestamp, job } = message
  return {
    jobId: jobIdOf(id),
    timestamp,
    attempts: 1,
    removeOnComplete: keepFor(retention.completedMs),
    removeOnFail: keepFor(retention.failedMs),
    telemetry: { metadata: JSON.stringify(carrierOf(message)) },
    ...(job === undefined || job.delayMs === 0 ? {} : { delay: job.delayMs }),
    ...(job?.priority === undefined ? {} : { priority: job.priority }),
  }
}

/** BullMQ counts in whole seconds. */
export const keepFor = (ms: number | 'forever') =>
  ms === 'forever' ? false : { age: Math.ceil(ms / 1_000) }

/** Headers as text, and what tells the job apart where its id is written in another way. */
function carrierOf({ id, source, headers }: OutMessage): Record<string, string> {
  const carrier: Record<string, string> = {}
  for (const name of Object.keys(headers)) carrier[name] = headerText(headers, name) ?? ''
  if (jobIdOf(id) !== id) carrier['ce_id'] = id
  if (source !== undefined) carrier['ce_source'] = source
  return carrier
}
