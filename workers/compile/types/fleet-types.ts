// Writes the type of the whole fleet for those who use it from outside: what travels, by the names in fleet.yaml.
import { join } from 'node:path'
import type { FleetSources } from '../compile.ts'
import { Imports } from './imports.ts'
import { schemaTypes } from './schema-types.ts'

/** What an entry needs to say for a client to be typed by it. */
interface Typed {
  readonly schema?: string | undefined
  readonly reply?: string | undefined
  readonly absentMs?: number | undefined
}

/** Of a fleet with mistakes as far as it can be understood. */
export function fleetTypes({ root, fleet, schemas }: FleetSources): string {
  const imports = new Imports(join(root, 'workers/generated'), ['Fleet'])
  const type = (schema: string | undefined) =>
    schema === undefined || schemas[schema] === undefined
      ? 'unknown'
      : imports.add(
          join(root, `workers/generated/${schema}.ts`),
          schemaTypes(schema, schemas[schema]).root,
        )
  const table = (
    name: string,
    about: string,
    entries: readonly (readonly [string, Typed])[],
    of: (entry: Typed) => string,
  ) => {
    const lines = entries
      .filter(([, { schema }]) => schema !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([key, entry]) =>
          `    ${/^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key)}: ${of(entry)}\n`,
      )
    return `  /** ${about} */\n  ${name}: {${lines.length === 0 ? '' : `\n${lines.join('')}  `}}\n`
  }
  const body = ({ schema }: Typed) => type(schema)
  const queues: [string, Typed][] = Object.entries(fleet.queues)
  const commands = queues.filter(([, { reply }]) => reply === undefined)
  const requests = queues.filter(([, { reply }]) => reply !== undefined)
  const exchanges: [string, Typed][] = Object.entries(fleet.exchanges)
  const tables = [
    table('topics', 'Events on topics.', Object.entries(fleet.topics), body),
    table('commands', 'To queues and exchanges.', [...commands, ...exchanges], body),
    table(
      'requests',
      'Over queues that are answered.',
      requests,
      ({ schema, reply }) => `{ question: ${type(schema)}; answer: ${type(reply)} }`,
    ),
    table('jobs', 'Queues of jobs.', Object.entries(fleet.jobs), body),
    table('stores', 'The values of stores.', Object.entries(fleet.stores), body),
    table(
      'caches',
      'The values of caches.',
      Object.entries(fleet.caches),
      ({ schema, absentMs }) => `${type(schema)}${absentMs === undefined ? '' : ' | null'}`,
    ),
  ]
  return [
    `// generated from pipelines/fleet.yaml by \`npx sluice types\`; do not edit\n`,
    imports.text(),
    `\n/** What travels in this fleet, for clients: \`openFleet<Fleet>()\`. */\n`,
    `export interface Fleet {\n${tables.join('')}}\n`,
  ].join('')
}
