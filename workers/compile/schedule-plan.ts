// Plans a schedule as a source: when it fires, and which Redis keeps it.
import { CronExpressionParser } from 'cron-parser'
import type { ScheduleFromPlan, SchedulePlan } from '../core/plan.ts'
import { firingsOf } from '../core/source-plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { Fleet } from './fleet-plan.ts'
import type { Written } from './grammar/parts.ts'
import type { SOURCES } from './grammar/sources.ts'
import { known } from './names.ts'
import { position } from './raw.ts'
import { didYouMean, whatThereIs } from './suggest.ts'
import { milliseconds } from './units.ts'
import type { YamlFile } from './yaml-file.ts'

const PATH = ['from', 'schedule']
/** A firing has nothing in it. */
const MAX_BYTES = 64 * 1024

export function planScheduleSource(
  file: YamlFile,
  { schedule, in: connection }: Written<typeof SOURCES.schedule>,
  pipeline: string,
  fleet: Fleet,
  out: Diagnostics,
): ScheduleFromPlan {
  checkConnection(file, connection, fleet, out)
  return {
    kind: 'schedule',
    name: firingsOf(pipeline),
    pipeline,
    connection: String(connection),
    at: position(file, PATH),
    schedule: planSchedule(file, schedule, out),
    maxBytes: MAX_BYTES,
  }
}

function planSchedule(
  file: YamlFile,
  { every, cron, timezone }: Written<typeof SOURCES.schedule>['schedule'],
  out: Diagnostics,
): SchedulePlan {
  if (typeof cron !== 'string') {
    if (timezone !== undefined)
      out.error(
        'SLU0548',
        file.key([...PATH, 'timezone']),
        'an interval has no time zone',
        'remove it, or write a cron',
      )
    return { everyMs: milliseconds(every) }
  }
  const zone = timezone ?? 'UTC'
  if (!isZone(zone))
    out.error(
      'SLU0548',
      file.at([...PATH, 'timezone']),
      `there is no time zone "${zone}"`,
      didYouMean(zone, Intl.supportedValuesOf('timeZone')),
    )
  else {
    const problem = cronProblem(cron, zone)
    if (problem !== undefined)
      out.error(
        'SLU0547',
        file.at([...PATH, 'cron']),
        `the cron cannot be read: ${problem}`,
        "five fields, '0 3 * * *' for each day at three, or six with the second first",
      )
  }
  return { cron, timezone: zone }
}

function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch {
    return false
  }
}

/** Undefined for one that fires some day. */
function cronProblem(cron: string, tz: string): string | undefined {
  const fields = cron.trim().split(/\s+/).length
  if (fields !== 5 && fields !== 6) return `it has ${fields} fields`
  try {
    CronExpressionParser.parse(cron, { tz }).next()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

function checkConnection(file: YamlFile, written: unknown, fleet: Fleet, out: Diagnostics): void {
  const path = ['from', 'in']
  const names = fleet.declared?.connections
  if (!known(file, path, 'connection', written, names, 'SLU0301', out)) return
  const { kind } = (Object.hasOwn(fleet.connections, written) && fleet.connections[written]) || {}
  const right = Object.values(fleet.connections).filter((one) => one.kind === 'redis')
  if (kind !== undefined && kind !== 'redis')
    out.error(
      'SLU0308',
      file.at(path),
      `connection "${written}" is ${kind}, and schedules need redis`,
      whatThereIs(right.map(({ name }) => name)),
    )
}
