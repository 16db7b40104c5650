// `sluice explain`: what a code means, or what holds for a pipeline and where each value comes from.
import { CODES, type Code, type CodeEntry } from '../core/codes.ts'
import { REASONS } from '../core/codes/reasons.ts'
import type { Reason } from '../core/codes/reasons/entry.ts'
import { SluiceError } from '../core/errors.ts'
import { nearest } from '../compile/suggest.ts'
import { explainPipeline } from '../ops/explain/pipeline.ts'
import { explainText } from '../ops/explain/text.ts'
import type { Composition } from './composition.ts'
import { EXIT } from './exit.ts'
import { choosePipelines, compileProject, findProject, useColor } from './project.ts'

export interface ExplainOptions {
  readonly project?: string
  /** A code, or the name of a pipeline. */
  readonly what: string
  readonly format: 'text' | 'json'
}

export async function explain(options: ExplainOptions, { env, log }: Composition): Promise<number> {
  if (/^SLU\d*$/i.test(options.what)) return explainCode(options)
  const compiled = await compileProject(findProject(options.project), process.stderr, log)
  if (compiled === undefined) return EXIT.usage
  const [name = ''] = choosePipelines(compiled.plan, [options.what])
  const sections = explainPipeline({ ...compiled, env }, name)
  process.stdout.write(
    options.format === 'json'
      ? `${JSON.stringify({ version: 1, pipeline: name, sections })}\n`
      : explainText(sections, { color: useColor(process.stdout) }),
  )
  return EXIT.ok
}

function explainCode({ what, format }: ExplainOptions): number {
  const code = what.toUpperCase()
  if (!Object.hasOwn(CODES, code)) {
    const near = nearest(code, Object.keys(CODES))
    throw new SluiceError('SLU1001', {
      message: `there is no code ${code}${near === undefined ? '' : `; did you mean ${near}?`}`,
    })
  }
  const entry = { ...CODES[code as Code], ...REASONS[code as Code] }
  process.stdout.write(
    format === 'json'
      ? `${JSON.stringify({ version: 1, code, ...entry })}\n`
      : codeText(code, entry),
  )
  return EXIT.ok
}

function codeText(code: string, { title, why, fix, example }: CodeEntry & Reason): string {
  const indented = (text: string) => text.replace(/^/gm, '    ')
  return [
    `${code}  ${title}`,
    why,
    `Fix: ${fix}`,
    ...(example === undefined
      ? []
      : [`Wrong:\n${indented(example.wrong)}`, `Right:\n${indented(example.right)}`]),
  ]
    .join('\n\n')
    .concat('\n')
}
