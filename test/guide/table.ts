// The README's table of the guide's rows: which there are, and which of them are open.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

export interface Row {
  readonly row: string
  /** Nothing implements it yet. */
  readonly open: boolean
}

const HEADING = '## The guide, row by row'

/** Throws where there is no such table. */
export function guideRows(): Row[] {
  const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8')
  const from = readme.indexOf(HEADING)
  const section = readme.slice(from, readme.indexOf('\n## ', from + 1))
  const rows = [...section.matchAll(/^\| ([^|]+?) \| (.+) \|$/gm)]
    .slice(1)
    .map(([, row, where]) => ({
      row: row as string,
      open: where === 'open',
    }))
  if (from < 0 || rows.length === 0) throw new Error(`README.md has no table under "${HEADING}"`)
  return rows.filter(({ row }) => !/^-+$/.test(row))
}
