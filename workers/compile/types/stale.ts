// Finds generated types that no longer are those of their schemas and pipelines: whatever else is said may only follow from them. Writes none.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { FleetSources } from '../compile.ts'
import type { Diagnostics } from '../diagnostics.ts'
import { contentOf } from './folder.ts'
import { handlerTypes } from './handler-types.ts'
import { schemaFile } from './schema-types.ts'

/** What writes them. */
const AGAIN = 'write them again: npx sluice types'

export const fileOfHandler = (handler: string) => `workers/generated/handlers/${handler}.ts`

/** Files that are there and hold something else. Of handlers it takes another run of TypeScript. */
export function staleTypes(sources: FleetSources, ofHandlers: string | undefined): Set<string> {
  const { root, schemas } = sources
  const isStale = ([file, right]: readonly [string, string]) => {
    const text = contentOf(join(root, file))
    return text !== undefined && text !== right
  }
  const files = Object.entries(schemas).map(
    ([name, schema]) => [`workers/generated/${name}.ts`, schemaFile(name, schema)] as const,
  )
  // Where none was ever written none can be stale.
  const written = existsSync(join(root, 'workers/generated/handlers'))
  const handlers =
    ofHandlers === undefined || !written ? [] : [...handlerTypes(sources, ofHandlers)]
  const ofThem = handlers.map(([name, text]) => [fileOfHandler(name), text] as const)
  return new Set([...files, ...ofThem].filter(isStale).map(([file]) => file))
}

/** Once, however many there are. */
export function sayStale(files: ReadonlySet<string>, out: Diagnostics): void {
  const [first] = files
  if (first === undefined) return
  const more = files.size === 1 ? '' : `, and ${files.size - 1} more`
  const place = { file: first, line: 1, column: 1, length: 1 }
  out.warning('SLU0343', place, `generated types are out of date: ${first}${more}`, AGAIN)
}

/** For what is said of a handler whose own types are among them. */
export const hintOfStale = (handler: string) =>
  `${fileOfHandler(handler)} is out of date: npx sluice types`
