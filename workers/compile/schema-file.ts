// Reads the files below schemas/ and finds places in them.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseExpressionAt } from 'acorn'
import type { Diagnostics, Place } from './diagnostics.ts'
import { plainFile, startOf } from './files.ts'

const MAX_BYTES = 1024 * 1024

/** `absent` is for the caller to say, who knows where the name stands; what else is wrong is said here. */
export function readSchemaFile(
  root: string,
  file: string,
  out: Diagnostics,
): { readonly text: string } | 'absent' | 'unreadable' {
  try {
    const { size } = plainFile(join(root, file))
    if (size <= MAX_BYTES)
      return { text: readFileSync(join(root, file), 'utf8').replace(/^\uFEFF/, '') }
    const message = `the schema has ${size} bytes`
    out.error('SLU0101', startOf(file), message, `keep it below ${MAX_BYTES} bytes`)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent'
    const hint = 'make it a plain file that can be read'
    out.error('SLU0107', startOf(file), `the schema cannot be read: ${message}`, hint)
  }
  return 'unreadable'
}

/** The names of all schemas of a project, without `.json`. */
export function schemaNames(root: string): string[] {
  try {
    return readdirSync(join(root, 'schemas'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json'))
      .map((file) => file.slice(0, -'.json'.length).replaceAll('\\', '/'))
      .toSorted()
  } catch {
    return []
  }
}

/** Where a word stands, or the first thing that an error quotes; else the beginning. */
export function wordIn(file: string, text: string, about: unknown): Place {
  const word = typeof about === 'string' ? about : quotedIn((about as Error).message)
  const written = word === undefined ? undefined : JSON.stringify(word)
  const offset = written === undefined ? -1 : text.indexOf(written)
  if (written === undefined || offset === -1)
    return placeOf(file, text, positionIn(about, text) ?? syntaxErrorIn(text), 1)
  return placeOf(file, text, offset, written.length)
}

const quotedIn = (message: string): string | undefined =>
  /(?:keyword: |format |reference |pattern )"?([^\s"]+)"?/.exec(message)?.[1] ??
  /schema is invalid: data\S*\/(\w+) must/.exec(message)?.[1] ??
  /Invalid regular expression: \/(.+)\/[a-z]*:/.exec(message)?.[1]

/** In JSON.parse's own words; of a comma too many the comma. */
function positionIn(about: unknown, text: string): number | undefined {
  const [, at] = /in JSON at position (\d+)/.exec(about instanceof Error ? about.message : '') ?? []
  if (at === undefined) return undefined
  const before = text.slice(0, Number(at)).trimEnd()
  return before.endsWith(',') && '}]'.includes(text[Number(at)] ?? '?')
    ? before.length - 1
    : Number(at)
}

/** JSON.parse does not always say where; JSON is JavaScript, whose parser does. */
function syntaxErrorIn(text: string): number {
  try {
    parseExpressionAt(text, 0, { ecmaVersion: 'latest' })
    return 0
  } catch (error) {
    const { pos, message } = error as Error & { pos?: number }
    return message.includes('stack') ? 0 : (pos ?? 0)
  }
}

function placeOf(file: string, text: string, offset: number, length: number): Place {
  const before = text.slice(0, offset).split('\n')
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, length }
}
