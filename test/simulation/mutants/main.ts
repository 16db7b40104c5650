// Plants one bug after the other and prints for each the seed that found it; fails when one is not found.
import { parseArgs } from 'node:util'
import { BUGS } from './bugs.ts'
import { find, LIMIT, type Found } from './find.ts'

const { values, positionals } = parseArgs({
  options: { format: { type: 'string', default: 'text' } },
  allowPositionals: true,
})
const bugs = BUGS.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
const found: Found[] = []
for (const bug of bugs) {
  const one = await find(bug)
  found.push(one)
  if (values.format === 'text')
    console.log(
      `${one.seed === null ? '✗' : '✓'} ${one.name.padEnd(30)} ${one.seed === null ? `not within ${LIMIT} seeds` : `seed ${one.seed}: ${one.invariants.join(', ')}`}`,
    )
}
if (values.format === 'json')
  console.log(JSON.stringify({ version: 1, limit: LIMIT, mutants: found }))
process.exitCode = found.some(({ seed }) => seed === null) ? 1 : 0
