// Plays a schedule twice, calmly and with its faults, and judges the second by what the first says must become of each message.
import type { PipelinePlan } from '../core/plan.ts'
import { allSteps } from '../core/plan-walk.ts'
import type { History, Promised } from '../oracle/history.ts'
import { judge } from '../oracle/judge.ts'
import type { Invariant, Verdict } from '../oracle/verdict.ts'
import { outcomesOf } from './outcomes.ts'
import { sendersOfEach } from './rolling.ts'
import { play, type Played, type ScheduleParts } from './schedule.ts'
import { Traffic } from './traffic.ts'

export interface Judged {
  readonly played: Played
  readonly history: History
  readonly verdicts: Readonly<Record<Invariant, Verdict>>
}

export type JudgedParts = Omit<ScheduleParts, 'calm' | 'traffic'>

export async function judged(parts: JudgedParts): Promise<Judged> {
  const { code, pipeline } = parts
  const traffic = new Traffic({ ...parts, plan: code.plan, checkOf: code.checkOf })
  const calm = await play({ ...parts, traffic, calm: true })
  const played = await play({ ...parts, traffic, calm: false })
  const outcomes = outcomesOf(calm.history, played.history.arrivals.length)
  const history = { ...played.history, outcomes }
  return {
    played,
    history,
    verdicts: judge(history, promisedBy(pipeline, code.plan.drainWithinMs)),
  }
}

function promisedBy(pipeline: PipelinePlan, drainWithinMs: number): Promised {
  const { order, concurrency, window, once, from } = pipeline
  const behind = new Map<string, ReadonlySet<string>>()
  for (const step of allSteps(pipeline))
    if (step.kind === 'dedupe' && step.windowMs >= LONGER_MS) {
      const later = allSteps(pipeline).filter(({ index }) => index > step.index)
      behind.set(step.id, new Set(later.map(({ id }) => id)))
    }
  return {
    order,
    concurrency,
    window,
    drainWithinMs,
    exclusive: from.kind === 'topic',
    once: once !== undefined,
    behind,
    rolls: sendersOfEach(pipeline),
  }
}

/** No schedule lasts as long: what was seen within it stays seen. */
const LONGER_MS = 60 * 60_000
