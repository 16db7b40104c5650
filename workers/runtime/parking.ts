// Parks messages that failed: they wait outside of the pipeline, and only once that is confirmed may the message be settled here.
import type { Driver } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import { tierAfter, tierName } from '../core/parking.ts'
import type { Parked } from '../core/message.ts'
import type { TierPlan } from '../core/plan-policies.ts'
import { backoffMs, OUTAGE_BACKOFF } from './backoff.ts'
import { failureOf, type Failure } from './failure.ts'
import type { Outages } from './outages.ts'
import type { PipelineParts } from './pipeline-parts.ts'
import type { Task } from './task.ts'

/** Where messages of one pipeline wait. */
export interface ParkingPlace {
  readonly driver: Driver
  /** Resolves once it is sure to come back after its wait, with the progress that it has made. */
  park(task: Task, tier: TierPlan, progress: Parked): Promise<void>
}

/** The tier does not take it as it is. */
const UNFIT: ReadonlySet<string> = new Set(['SLU5203', 'SLU5307'])

export class Parking {
  private readonly parts: PipelineParts
  private readonly place: ParkingPlace
  private readonly outages: Outages

  constructor(parts: PipelineParts, place: ParkingPlace, outages: Outages) {
    this.parts = parts
    this.place = place
    this.outages = outages
  }

  /** Where the message waits for its next attempt; undefined: in place. */
  tierOf(task: Task, { error }: Failure): TierPlan | undefined {
    return tierAfter(this.parts.plan.failure.transient.retry, task.attempt, error.retryAfterMs)
  }

  /** `given-up`: the lane was. `unfit`: the message cannot be parked. Never rejects. */
  async park(
    task: Task,
    failure: Failure,
    tier: TierPlan,
  ): Promise<'parked' | 'given-up' | 'unfit'> {
    const { log, world } = this.parts
    const name = tierName(this.parts.plan.name, tier)
    for (let times = 1; ; times++) {
      if (task.group.abort.signal.aborted || (times > 1 && task.group.closed)) return 'given-up'
      try {
        if (!task.group.lane.live()) throw new SluiceError('SLU5501')
        await this.place.park(task, tier, { ...task.progress, attempt: task.attempt + 1 })
        this.parts.counts.retried++
        task.span?.event('park', {
          attempt: task.attempt + 1,
          code: failure.error.code,
          tier: name,
        })
        return 'parked'
      } catch (thrown) {
        const { error } = failureOf(thrown, failure.step)
        if (UNFIT.has(error.code)) return 'unfit'
        log.warn(
          { code: error.code, tier: name, times, err: error },
          'A message could not be parked; it stays and the source waits.',
        )
        const pause = backoffMs(OUTAGE_BACKOFF, times, world.random)
        if (error.code === 'SLU5501') await world.clock.sleep(pause, task.group.closing.signal)
        else await this.outages.wait(this.place.driver, times)
      }
    }
  }
}
