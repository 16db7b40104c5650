// docs/corpus.md: what the corpus is, its table, and what is missed today.
import { join } from 'node:path'
import { misses, table, type Outcome } from './table.ts'

export const DOCUMENT = join(import.meta.dirname, '../../../docs/corpus.md')

export function document(outcome: Outcome): string {
  const missed = misses(outcome).map(({ mistake }) => `- ${mistake.category}: ${mistake.what}`)
  return `# The corpus of mistakes

\`test/compile/corpus/\` holds a clean project of five pipelines and edits of it: mistakes as people make them, each with the line
that must be named and what the hint must say, and correct variants about which nothing may be said. \`npm run corpus\` makes each
edit, checks the project and prints this table; a test keeps it as it is. The first error counts: it must name the right file and
line, and its words must lead to the right fix. Follow-ups are errors beyond the first.

${table(outcome)}

${missed.length === 0 ? 'Nothing is missed.' : `Missed today:\n\n${missed.join('\n')}`}

To add one: a place in \`mistakes/\` or \`correct/\`, written before looking at what the compiler says; then \`npm run corpus -- --write\`.
`
}
