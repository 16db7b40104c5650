// `sluice test`: runs the cases of pipelines/*.test.yaml, on embedded drivers in virtual time or on the brokers of the environment.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { diagnosticsJson, renderDiagnostics } from '../compile/render.ts'
import { compileFleet, type CompiledFleet } from '../compile/compile.ts'
import { checkerOf } from '../compile/schemas.ts'
import { resolveSetting } from '../compile/settings.ts'
import { SluiceError } from '../core/errors.ts'
import { silentLog } from '../core/log.ts'
import type { FleetPlan } from '../core/plan.ts'
import { compileTests } from '../testing/compile.ts'
import { select } from '../testing/files.ts'
import type { TestCase, TestFile } from '../testing/plan.ts'
import { jsonReport } from '../testing/report-json.ts'
import { junitReport } from '../testing/report-junit.ts'
import { textReport } from '../testing/report-text.ts'
import { hasFailed, type TestRun } from '../testing/result.ts'
import { runCases } from '../testing/run.ts'
import { embeddedStage, realStage } from '../testing/stage.ts'
import type { Composition } from './composition.ts'
import { EXIT } from './exit.ts'
import { findProject, loadCode, useColor } from './project.ts'

export interface TestOptions {
  readonly project?: string
  /** Pipelines by name and files by path; none: all. */
  readonly asked: readonly string[]
  readonly real: boolean
  /** A regular expression that the names of cases match. */
  readonly name?: string
  readonly format: 'text' | 'json'
  /** A file that gets the results as JUnit XML as well. */
  readonly junit?: string
}

export async function test(options: TestOptions, composition: Composition): Promise<number> {
  const { world } = composition
  const root = findProject(options.project)
  const startedAt = world.clock.monotonic()
  const compiled = compileFleet(root)
  const files = chosenFiles(options, root, compiled)
  const { plan } = compiled
  if (files === undefined || plan === undefined) return EXIT.usage
  const chosen = chosenCases(options.name, files)
  const pipelines = [...new Set(files.map(({ pipeline }) => pipeline))]
  const loaded = await loadCode({ ...compiled, plan }, pipelines)
  const code = { ...loaded, plan, checkOf: checkerOf(plan) }
  const report = textReport(root, { color: useColor(process.stdout) })
  const prefix = options.real ? realPrefix(plan, composition) : undefined
  const cases = await runCases({
    code,
    files,
    chosen,
    world,
    log: composition.env['SLUICE_LOG_LEVEL'] ? composition.log : silentLog,
    stageFor: (number) =>
      prefix === undefined
        ? embeddedStage(composition.embedded, world)
        : realStage(world, composition.drivers(false), `${prefix}${number + 1}.`),
    onResult(result) {
      if (options.format === 'text') process.stdout.write(report.caseText(result))
    },
  })
  const run: TestRun = {
    cases,
    real: options.real,
    ...(prefix === undefined ? {} : { prefix }),
    durationMs: world.clock.monotonic() - startedAt,
  }
  if (options.format === 'text') process.stdout.write(report.summaryText(run))
  if (options.format === 'json') process.stdout.write(`${jsonReport(run)}\n`)
  if (options.junit !== undefined) writeJunit(options.junit, junitReport(run, root))
  return hasFailed(run) ? EXIT.failed : EXIT.ok
}

/** Makes the folder as well: CI servers name one that is not there yet. */
function writeJunit(file: string, xml: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, xml)
  } catch (cause) {
    throw new SluiceError('SLU1001', {
      message: `--junit ${file} cannot be written: ${(cause as Error).message}`,
      cause,
    })
  }
}

/** Undefined when something is wrong with the project or its tests, which has been printed. */
function chosenFiles(
  { asked, format }: TestOptions,
  root: string,
  compiled: CompiledFleet,
): readonly TestFile[] | undefined {
  const selection = select(root, asked, process.cwd())
  for (const name of selection.pipelines)
    if (compiled.plan !== undefined && !Object.hasOwn(compiled.plan.pipelines, name))
      throw new SluiceError('SLU1001', {
        message: `there is no pipeline "${name}"; there is: ${Object.keys(compiled.plan.pipelines).join(', ')}`,
      })
  const tests = compileTests(root, compiled, selection.files)
  const diagnostics = [...compiled.diagnostics, ...tests.diagnostics]
  const wrong = diagnostics.some(({ severity }) => severity === 'error')
  if (wrong && format === 'json') process.stdout.write(`${diagnosticsJson(diagnostics)}\n`)
  else if (diagnostics.length > 0)
    process.stderr.write(renderDiagnostics(diagnostics, root, { color: useColor(process.stderr) }))
  if (wrong) return undefined
  const named = new Set(asked.length === selection.pipelines.length ? [] : selection.files)
  const files = tests.files.filter(
    ({ file, pipeline }) =>
      selection.pipelines.length === 0 || selection.pipelines.includes(pipeline) || named.has(file),
  )
  if (files.length > 0) return files
  const what = asked.length === 0 ? 'there is no pipelines/*.test.yaml' : 'no test file is of '
  throw new SluiceError('SLU0360', { message: `${what}${asked.join(', ')}` })
}

function chosenCases(
  pattern: string | undefined,
  files: readonly TestFile[],
): (testCase: TestCase) => boolean {
  if (pattern === undefined) return () => true
  let matches: RegExp
  try {
    matches = new RegExp(pattern, 'iu')
  } catch (cause) {
    throw new SluiceError('SLU1001', {
      message: `--name takes a regular expression: ${(cause as Error).message}`,
      cause,
    })
  }
  const chosen = ({ name }: TestCase) => matches.test(name)
  if (!files.some(({ cases }) => cases.some(chosen)))
    throw new SluiceError('SLU0360', { message: `no case has a name that matches ${pattern}` })
  return chosen
}

/** Keeps this run apart from everything else on the brokers. */
const realPrefix = (plan: FleetPlan, { env, world }: Composition): string =>
  `${resolveSetting(plan.prefix, env)}test-${world.ids.next().slice(0, 8)}.`
