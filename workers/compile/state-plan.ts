// Plans the state store: the one connection that holds what outlives a process.
import type { ConnectionPlan, StatePlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import { known } from './names.ts'
import { mapOf, position, type Raw } from './raw.ts'
import { whatThereIs } from './suggest.ts'
import type { YamlFile } from './yaml-file.ts'

/** Undefined where none is written. One on the wrong connection is there: pipelines that use it are not wrong for that. */
export function planState(
  file: YamlFile,
  raw: Raw,
  connections: Readonly<Record<string, ConnectionPlan>>,
  out: Diagnostics,
): StatePlan | undefined {
  if (raw['state'] === undefined) return undefined
  const connection = mapOf(raw['state'])['in']
  const path = ['state', 'in']
  const declared = Object.keys(mapOf(raw['connections']))
  if (known(file, path, 'connection', connection, declared, 'SLU0301', out)) {
    // One with faults of its own is said to be wrong where it stands.
    const kind = Object.hasOwn(connections, connection) ? connections[connection]?.kind : undefined
    const right = Object.values(connections).filter((one) => one.kind === 'redis')
    if (kind !== undefined && kind !== 'redis')
      out.error(
        'SLU0308',
        file.at(path),
        `connection "${connection}" is ${kind}, and the state needs redis`,
        whatThereIs(right.map(({ name }) => name)),
      )
  }
  return { connection: String(connection), at: position(file, ['state']) }
}
