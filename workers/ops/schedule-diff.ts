// Compares the schedules of the fleet's pipelines with those that a Redis keeps; pure. What is declared and missing is set up by whoever runs it.
import type { FoundSchedule } from '../core/admin.ts'
import { flagged, type Flag, type PlannedChange } from './changes.ts'

export interface DeclaredSchedules {
  readonly connection: string
  /** file:line of the connection: nothing else is left of what was declared. */
  readonly where: string
  readonly addresses: ReadonlySet<string>
}

export function diffSchedules(
  { connection, where, addresses }: DeclaredSchedules,
  found: readonly FoundSchedule[],
  allow: ReadonlySet<Flag>,
): PlannedChange[] {
  return found
    .filter(({ address }) => !addresses.has(address))
    .map(({ address, says }) =>
      flagged(
        { kind: 'schedule', connection, name: address, where },
        {
          symbol: '-',
          field: null,
          from: says,
          to: null,
          action: { do: 'remove-schedule', address },
        },
        {
          flag: 'unschedule',
          reason: `Nobody declares it any more (${says}); as long as it is there it fires, for whoever still takes its jobs.`,
          allow,
        },
      ),
    )
}
