// Sees to it that a schedule is kept, once for all who ask; one that is kept already is not touched, so that nothing of it is missed.
import { Queue, type JobSchedulerJson, type RepeatOptions } from 'bullmq'
import type { Jobs } from '../../core/contract.ts'
import type { SchedulePlan } from '../../core/plan.ts'
import type { RedisClient } from '../redis/client.ts'
import { keepFor } from './job-options.ts'
import { nameOn } from './queues.ts'

/** `now`: by the wall clock. */
export async function keepSchedule(
  connection: RedisClient,
  { address, name, retention }: Jobs,
  schedule: SchedulePlan,
  now: number,
): Promise<void> {
  const queue = new Queue(nameOn(connection, address), { connection, skipVersionCheck: true })
  queue.on('error', () => {})
  try {
    const known = await queue.getJobScheduler(name)
    if (known !== undefined && isThat(known, schedule)) return
    await queue.upsertJobScheduler(name, repeatOf(schedule, now), {
      name,
      data: {},
      opts: {
        removeOnComplete: keepFor(retention.completedMs),
        removeOnFail: keepFor(retention.failedMs),
      },
    })
  } finally {
    await queue.close()
  }
}

const isThat = ({ every, pattern, tz }: JobSchedulerJson, schedule: SchedulePlan): boolean =>
  'everyMs' in schedule
    ? every === schedule.everyMs
    : pattern === schedule.cron && tz === schedule.timezone

/** BullMQ counts intervals from the first one: that is at a multiple, and so are all. */
function repeatOf(schedule: SchedulePlan, now: number): Omit<RepeatOptions, 'key'> {
  if ('cron' in schedule) return { pattern: schedule.cron, tz: schedule.timezone }
  const { everyMs } = schedule
  return { every: everyMs, startDate: (Math.floor(now / everyMs) + 1) * everyMs }
}
