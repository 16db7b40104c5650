// A connection as it holds: of a Redis that is a cluster here, host and port say nothing, and are shown as unused.
import { CONNECTIONS } from '../../compile/grammar/connections.ts'
import { mapOf } from '../../compile/raw.ts'
import type { ConnectionPlan } from '../../core/plan.ts'
import type { Section, Value } from './value.ts'
import { walk, type Walk } from './walk.ts'

export function connectionSection(
  parts: Pick<Walk, 'file' | 'env'>,
  { name, kind }: Pick<ConnectionPlan, 'name' | 'kind'>,
): Section {
  const path = ['connections', name, kind]
  const written = path.reduce<unknown>((so, part) => mapOf(so)[part], parts.file.value)
  const values = walk(parts, CONNECTIONS[kind], written, path, '')
  return { kind: `${kind} connection`, name, values: kind === 'redis' ? redisWay(values) : values }
}

const isOfServer = ({ path }: Value) => path === 'host' || path === 'port'

function redisWay(values: readonly Value[]): readonly Value[] {
  if ((values.find(({ path }) => path === 'cluster')?.value ?? '') === '') return values
  return values.map((value) =>
    isOfServer(value) ? { ...value, origin: { kind: 'unused', by: 'cluster' } } : value,
  )
}
