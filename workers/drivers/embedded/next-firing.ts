// When a schedule fires next, as BullMQ has it: intervals by the clock in UTC, crons in their zone.
import { CronExpressionParser } from 'cron-parser'
import type { SchedulePlan } from '../../core/plan.ts'

/** After `ms`, never at it. */
export function nextFiring(schedule: SchedulePlan, ms: number): number {
  if ('everyMs' in schedule) return (Math.floor(ms / schedule.everyMs) + 1) * schedule.everyMs
  const { cron, timezone } = schedule
  return CronExpressionParser.parse(cron, { currentDate: ms, tz: timezone }).next().getTime()
}
