// Plans what a window step counts, when, and for how long.
import type { WindowStepPlan } from '../core/plan.ts'
import type { Written } from './grammar/parts.ts'
import type { VERBS } from './grammar/steps.ts'
import type { Compiled } from './step-plan.ts'
import { milliseconds } from './units.ts'
import type { Path } from './yaml-file.ts'

type Own = Omit<WindowStepPlan, 'id' | 'index' | 'at' | 'when'>

/** `need`: an expression, by its field within the step. */
export function planWindow(
  written: Written<typeof VERBS.window>,
  need: (field: Path, text: string) => Compiled,
) {
  const group = need(['by'], written.by)
  const time = need(['at'], written.at)
  const measures = Object.entries(written.measure).map(([name, text]) => ({
    name,
    value: need(['measure', name], text),
  }))
  const plan: Own = {
    kind: 'window',
    group: group.plan,
    time: time.plan,
    everyMs: milliseconds(written.every),
    lateMs: milliseconds(written.late),
    idleMs: milliseconds(written.idle),
    limit: written.limit,
    measures: measures.map(({ name, value }) => ({ name, value: value.plan })),
  }
  const code = {
    kind: 'window',
    key: group.code,
    time: time.code,
    measures: measures.map(({ value }) => value.code),
  } as const
  return { plan, code }
}
