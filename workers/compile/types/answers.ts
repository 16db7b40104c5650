// Remembers what TypeScript said, for as long as nothing that it read has changed; a check without changes starts no compiler.
import { hash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { writeFile } from '../write-file.ts'
import { FOLDER } from './folder.ts'
import { runTsc, type Run, type Said } from './tsc.ts'

/** Of the remembered answer; another one when it means something else. */
const FORMAT = 1

interface Answer {
  readonly key: string
  /** What tells a change of each file that was read. */
  readonly read: Readonly<Record<string, string>>
  readonly said: readonly Said[]
}

/** Whether a file is there decides what these say: nothing that was read would tell when it comes. */
const ABOUT_ABSENT_FILES: ReadonlySet<number> = new Set([
  2305, 2306, 2307, 2688, 2732, 2792, 6053, 7016,
])

/** What TypeScript says of the files, which are written already. */
export function answered(
  root: string,
  tsc: string,
  files: ReadonlyMap<string, string>,
): readonly Said[] {
  const folder = join(root, FOLDER)
  const place = join(folder, 'answer.json')
  const key = hash(
    'sha256',
    JSON.stringify([FORMAT, tsc, stamp(tsc), settingsOf(root), ...files]),
    'base64url',
  )
  const known = read(place)
  if (
    known?.key === key &&
    Object.entries(known.read).every(([file, was]) => state(root, file) === was)
  )
    return known.said
  const { said, files: all } = runTsc(tsc, folder)
  if (!said.some(({ code }) => ABOUT_ABSENT_FILES.has(code)))
    save(place, key, root, { said, files: all })
  return said
}

function save(place: string, key: string, root: string, { said, files }: Run): void {
  const inputs = Object.fromEntries(files.map((file) => [file, state(root, file)]))
  const answer: Answer = { key, read: inputs, said }
  writeFile(place, JSON.stringify(answer))
}

function read(place: string): Answer | undefined {
  try {
    const answer = JSON.parse(readFileSync(place, 'utf8')) as Answer
    return Array.isArray(answer.said) && typeof answer.read === 'object' ? answer : undefined
  } catch {
    return undefined
  }
}

/** The project's own settings are read as well, and may extend others: their text and the lockfile stand for all. */
const settingsOf = (root: string) =>
  ['tsconfig.json', 'package.json', 'package-lock.json'].map((file) => stamp(join(root, file)))

/** The content of what people edit; of libraries it is enough that nobody wrote them. */
function state(root: string, file: string): string {
  const path = resolve(root, FOLDER, file)
  const within = relative(root, path)
  if (within.startsWith('..') || /(^|[\\/])node_modules[\\/]/.test(within)) return stamp(path)
  try {
    return hash('sha256', readFileSync(path), 'base64url')
  } catch {
    return 'absent'
  }
}

function stamp(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat === undefined ? 'absent' : `${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`
}
