// Every row of the guide that is implemented, in its order.
import { ARCHITECTURE } from './chapters/architecture.ts'
import { CONFIGURATION } from './chapters/configuration.ts'
import { EXAMPLES } from './chapters/examples.ts'
import { HEALTH } from './chapters/health.ts'
import { MIGRATION } from './chapters/migration.ts'
import { PERFORMANCE } from './chapters/performance.ts'
import { PRACTICES } from './chapters/practices.ts'
import { REGISTRY } from './chapters/registry.ts'
import { TROUBLESHOOTING } from './chapters/troubleshooting.ts'
import type { Exercise } from './exercise.ts'
import { guideRows } from './table.ts'

const EXERCISES: readonly Exercise[] = [
  ...ARCHITECTURE,
  ...EXAMPLES,
  ...HEALTH,
  ...CONFIGURATION,
  ...REGISTRY,
  ...PERFORMANCE,
  ...TROUBLESHOOTING,
  ...MIGRATION,
  ...PRACTICES,
]

export interface GuideRow {
  readonly row: string
  /** Undefined: the README says that the row is open. */
  readonly exercise: Exercise | undefined
}

/** Throws when the README says one thing and the exercises another. */
export function guide(): readonly GuideRow[] {
  const rows = guideRows()
  const missing = rows.filter(
    ({ row, open }) => !open && !EXERCISES.some((exercise) => exercise.row === row),
  )
  const unnamed = EXERCISES.filter(({ row }) => !rows.some((one) => one.row === row && !one.open))
  if (missing.length + unnamed.length > 0)
    throw new Error(
      [
        ...missing.map(({ row }) => `nothing exercises "${row}"`),
        ...unnamed.map(({ row }) => `the README does not name "${row}"`),
      ].join('\n'),
    )
  return rows.map(({ row }) => ({
    row,
    exercise: EXERCISES.find((exercise) => exercise.row === row),
  }))
}
