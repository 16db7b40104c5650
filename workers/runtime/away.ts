// What a message waits for whose dependency is away: the broker of its step, a breaker, or whoever knows what its bytes mean.
import { backoffMs, OUTAGE_BACKOFF } from './backoff.ts'
import type { Failure } from './failure.ts'
import type { Outages } from './outages.ts'
import type { PipelineParts } from './pipeline-parts.ts'
import type { Task } from './task.ts'

type Parts = Pick<PipelineParts, 'origin' | 'breakers' | 'log' | 'world'>

/** Resolves when another try is worth it. What waits for its meaning holds nobody up but who comes after it in its order. */
export function untilBack(
  parts: Parts,
  outages: Outages,
  task: Task,
  failure: Failure,
): Promise<void> {
  const { code, message } = failure.error
  const { origin, breakers } = parts
  // In line with all who wait for it, so that each of them is a probe in its turn.
  if (code === 'SLU5504') {
    task.span?.event('wait', { code, reason: message })
    return breakers.turn()
  }
  task.outages++
  task.span?.event('wait', { code })
  const unread = task.run === undefined ? origin.meaning : undefined
  const driver = task.run?.current?.driver ?? origin.driver
  // Once for all that wait, not once a message.
  if (task.outages === 1 && (unread === undefined ? !outages.waitsFor(driver) : true))
    warn(parts, failure)
  return unread === undefined
    ? outages.wait(driver, task.outages)
    : untilKnown(parts, task, unread.driver)
}

async function untilKnown(
  { world }: Parts,
  { outages, group }: Task,
  driver: { whenUp(signal: AbortSignal): Promise<void> },
): Promise<void> {
  const { signal } = group.closing
  await world.clock.sleep(backoffMs(OUTAGE_BACKOFF, outages, world.random), signal)
  await driver.whenUp(signal)
}

function warn({ log }: Parts, { error, step }: Failure): void {
  log.warn(
    { code: error.code, step, err: error },
    'A dependency is away; the pipeline waits for it.',
  )
}
