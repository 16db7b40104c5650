// Writes the pages of the reference from the grammar and the table of codes: `npm run generate`. With --check it writes nothing and fails when a page is out of date.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FLEET_SPELT_OUT } from '../../workers/compile/grammar/fleet.ts'
import { PIPELINE_TEST } from '../../workers/compile/grammar/pipeline-test.ts'
import { PIPELINE_SPELT_OUT } from '../../workers/compile/grammar/pipeline.ts'
import { errorsPage } from './errors-page.ts'
import { grammarPage } from './grammar-page.ts'

const PAGES: Readonly<Record<string, () => string>> = {
  'fleet.md': () => grammarPage('pipelines/fleet.yaml', FLEET_SPELT_OUT),
  'pipeline.md': () => grammarPage('pipelines/<name>.yaml', PIPELINE_SPELT_OUT),
  'pipeline-test.md': () => grammarPage('pipelines/<name>.test.yaml', PIPELINE_TEST),
  'errors.md': errorsPage,
}

const onlyCheck = process.argv.includes('--check')
const stale: string[] = []
for (const [name, page] of Object.entries(PAGES)) {
  const file = join(import.meta.dirname, name)
  const text = page()
  if (text === contentOf(file)) continue
  stale.push(name)
  if (!onlyCheck) writeFileSync(file, text)
}
const verb = onlyCheck ? 'out of date, run npm run generate' : 'written'
process.stdout.write(
  stale.length === 0
    ? `${Object.keys(PAGES).length} pages are up to date\n`
    : stale.map((name) => `${verb}: docs/reference/${name}\n`).join(''),
)
process.exitCode = onlyCheck && stale.length > 0 ? 1 : 0

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
