// Counts a message in the window of its group and time; gives the windows that it closes, the same ones however often it is asked.
import { hash } from 'node:crypto'
import { isoTime, timeOf } from '../core/clock.ts'
import type { ClosedWindow, Measured, StateDriver } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import { $time } from '../core/expression-runtime.ts'
import type { WindowStepPlan } from '../core/plan.ts'
import type { WindowCounts } from '../core/telemetry.ts'
import { keyText } from './cache-key.ts'
import { evaluate, type StepContext } from './context.ts'
import { boundedId, effectId } from './effect-id.ts'

/** Of a step that adds to windows for its message. */
export interface WindowContext extends StepContext {
  /** What has a time of its own: a partition. */
  readonly place: string
  readonly delivery: string
  /** The highest time of those that came to the step with nobody before them missing, this one included; undefined: of none. */
  reachedBy(step: number, at: number): number | undefined
  /** It is counted, or late. */
  came(step: number, at: number): void
  /** Is called once all steps are done, before the message is settled; again if it fails. */
  owes(done: () => Promise<void>): void
}

export type WindowStep = (
  ctx: WindowContext,
  group: () => unknown,
  time: () => unknown,
  measures: readonly (() => unknown)[],
) => Promise<readonly unknown[]>

export interface WindowParts {
  readonly plan: WindowStepPlan
  readonly pipeline: string
  readonly state: StateDriver
  /** Before every key: of this step. */
  readonly scope: string
  readonly counts: WindowCounts
}

export function createWindow({ plan, pipeline, state, scope, counts }: WindowParts): WindowStep {
  const { everyMs, lateMs, idleMs, limit } = plan
  return async (ctx, group, time, measures) => {
    const at = momentOf(plan, time)
    const entry = {
      scope,
      // Two messages are one if source and id are: others must not be taken for its repeats.
      id: boundedId(
        `${encodeURIComponent(ctx.envelope.source)}:${effectId(ctx, pipeline, plan.id)}`,
      ),
      delivery: ctx.delivery,
      place: ctx.place,
      group: groupOf(plan, group),
      at,
      reached: ctx.reachedBy(plan.index, at),
      everyMs,
      lateMs,
      idleMs,
      limit,
      numbers: measures.map((value, nth) => numberOf(plan, nth, value)),
    }
    ctx.assertLive()
    const { kind, closed } = await state.addToWindow(entry)
    if (kind === 'full') throw new SluiceError('SLU5124', { at: plan.at })
    if (kind === 'ahead') throw new SluiceError('SLU5125', { at: plan.time.at })
    ctx.came(plan.index, at)
    counts[kind]++
    if (kind === 'late') ctx.span.event('late')
    if (closed.length > 0) {
      counts.closed += closed.length
      ctx.span.event('windows closed', { windows: closed.length })
      ctx.owes(() => state.forgetClosed(scope, entry.id))
    }
    return closed.map((one) => rowOf(plan, one))
  }
}

/** As later steps see it; JSON through and through. */
function rowOf({ everyMs, measures }: WindowStepPlan, window: ClosedWindow) {
  const { first, start, group, count, measured } = window
  return {
    id: hash('sha256', `${start}/${first}`, 'base64url').slice(0, 22),
    start: isoTime(start),
    end: isoTime(start + everyMs),
    group: JSON.parse(group) as unknown,
    count,
    ...Object.fromEntries(measures.map(({ name }, nth) => [name, statistics(measured[nth])])),
  }
}

function statistics({ count, sum, min, max }: Measured = NOTHING) {
  return count === 0
    ? { count, sum, min: null, max: null, avg: null }
    : { count, sum, min, max, avg: sum / count }
}

const NOTHING: Measured = { count: 0, sum: 0, min: 0, max: 0 }

function groupOf({ group: plan }: WindowStepPlan, group: () => unknown): string {
  const text = evaluate(plan, () => keyText(group())) as string | undefined
  if (text === undefined) throw new SluiceError('SLU5122', { at: plan.at })
  return text
}

/** The first and the last moment that a date can be. */
const LATEST = 8_640_000_000_000_000

function momentOf({ time: plan }: WindowStepPlan, time: () => unknown): number {
  const value = evaluate(plan, time)
  const at = typeof value === 'string' ? timeOf($time(value)) : value
  if (typeof at !== 'number' || !(Math.abs(at) < LATEST))
    throw new SluiceError('SLU5121', { at: plan.at })
  return Math.floor(at)
}

function numberOf(
  { measures }: WindowStepPlan,
  nth: number,
  value: () => unknown,
): number | undefined {
  const { name, value: plan } = measures[nth] as WindowStepPlan['measures'][number]
  const found = evaluate(plan, value)
  if (found === undefined || found === null) return undefined
  if (typeof found === 'number' && Number.isFinite(found)) return found
  throw new SluiceError('SLU5123', {
    message: `measure "${name}" is ${typeof found === 'number' ? String(found) : `a ${typeof found}`}, and no number`,
    at: plan.at,
  })
}
