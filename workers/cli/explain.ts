// `sluice explain`: what a code means, or what holds for a pipeline and where each value comes from.
import { CODES, type Code, type CodeEntry } from '../core/codes.ts'
import { REASONS } from '../core/codes/reasons.ts'
import type { Reason } from '../core/codes/reasons/entry.ts'
import { SluiceError } from '../core/errors.ts'
import { printable } from '../compile/render.ts'
import { nearest } from '../compile/suggest.ts'
import { explainConfig, type Config } from '../ops/explain/config.ts'
import { explainPipeline } from '../ops/explain/pipeline.ts'
import { explainText } from '../ops/explain/text.ts'
import type { Composition } from './composition.ts'
import { EXIT } from './exit.ts'
import { choosePipelines, compileProject, findProject, useColor } from './project.ts'

export interface ExplainOptions {
  readonly project?: string
  /** A code, or the name of a pipeline; undefined: the configuration. */
  readonly what: string | undefined
  readonly config: boolean
  readonly format: 'text' | 'json'
}

export async function explain(options: ExplainOptions, { env, log }: Composition): Promise<number> {
  const { what, format } = options
  if (options.config === (what !== undefined))
    throw new SluiceError('SLU1001', {
      message: options.config
        ? 'explain takes a name or --config, not both'
        : 'explain what? A pipeline, a code, or --config',
    })
  if (what !== undefined && /^SLU\d*$/i.test(what)) return explainCode(what, format)
  const compiled = await compileProject(findProject(options.project), process.stderr, log)
  if (compiled === undefined) return EXIT.usage
  if (what === undefined)
    return printConfig(explainConfig(compiled.plan, compiled.sources, env), format)
  const [name = ''] = choosePipelines(compiled.plan, [what])
  const sections = explainPipeline({ ...compiled, env }, name)
  process.stdout.write(
    format === 'json'
      ? `${JSON.stringify({ version: 1, pipeline: name, sections })}\n`
      : explainText(sections, { color: useColor(process.stdout) }),
  )
  return EXIT.ok
}

/** All of it, and then what is wrong with it. */
function printConfig({ sections, problems }: Config, format: ExplainOptions['format']): number {
  if (format === 'json')
    process.stdout.write(`${JSON.stringify({ version: 1, sections, problems })}\n`)
  else {
    process.stdout.write(explainText(sections, { color: useColor(process.stdout) }))
    for (const { severity, code, message, fix } of problems)
      process.stderr.write(`${severity} ${code}  ${printable(message)}\n  fix: ${fix}\n`)
  }
  return problems.some(({ severity }) => severity === 'error') ? EXIT.environment : EXIT.ok
}

function explainCode(what: string, format: ExplainOptions['format']): number {
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
