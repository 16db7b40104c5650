// `npm run corpus`: prints the table and what was missed; `--follow-ups` also what follows, `--write` writes docs/corpus.md and the project's types.
import { writeFileSync } from 'node:fs'
import { generate, write } from '../../../workers/compile/typegen.ts'
import { document, DOCUMENT } from './document.ts'
import { outcome } from './outcome.ts'
import { PROJECT } from './run.ts'
import { followUps, passes, shortcomings, table } from './table.ts'

const has = (option: string) => process.argv.includes(option)

if (has('--write')) {
  const generated = await generate(PROJECT)
  write(
    PROJECT,
    generated.filter(({ file }) => file.startsWith('workers/')),
  )
}
const result = await outcome()
const more = has('--follow-ups') ? followUps(result) : []
console.log([table(result), ...shortcomings(result), ...more].join('\n\n'))
if (has('--write')) writeFileSync(DOCUMENT, document(result))
process.exitCode = passes(result) ? 0 : 1
