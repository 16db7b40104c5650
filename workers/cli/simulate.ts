// `sluice simulate`: pipelines through seeded schedules of faults on the embedded drivers, judged by the invariants of the runtime.
import { checkerOf } from '../compile/schemas.ts'
import { SluiceError } from '../core/errors.ts'
import { FAULTS, type FaultKind } from '../simulation/fault-plan.ts'
import { keepOf } from '../simulation/keep.ts'
import { jsonReport, seedText, summaryText } from '../simulation/report.ts'
import { simulate, type Simulated } from '../simulation/simulate.ts'
import { stepsText } from '../simulation/steps-text.ts'
import type { PipelinePlan } from '../core/plan.ts'
import type { Composition } from './composition.ts'
import { EXIT } from './exit.ts'
import { startProgress } from './progress.ts'
import { choosePipelines, compileProject, findProject, loadCode } from './project.ts'

export interface SimulateOptions {
  readonly project?: string
  readonly pipelines: readonly string[]
  /** How many, from `seed` on. */
  readonly seeds: number
  readonly seed: number
  readonly messages: number
  /** Kinds of faults, separated by commas; undefined: all. */
  readonly faults?: string
  /** Messages and faults, as a failure names them; undefined: all. */
  readonly keep?: string
  /** What happens is printed as well. */
  readonly steps?: true
  readonly format: 'text' | 'json'
}

export async function simulatePipelines(
  options: SimulateOptions,
  composition: Composition,
): Promise<number> {
  const root = findProject(options.project)
  const faults = faultsOf(options.faults)
  const compiled = await compileProject(root, process.stderr, composition.log)
  if (compiled === undefined) return EXIT.usage
  const { plan } = compiled
  const pipelines = choosePipelines(plan, options.pipelines)
  const loaded = await loadCode(compiled, pipelines)
  const code = { ...loaded, plan, checkOf: checkerOf(plan) }
  const seeds = Array.from({ length: options.seeds }, (_, index) => options.seed + index)
  const keep = options.keep === undefined ? undefined : keepOf(options.keep)
  const asked = { messages: options.messages, faults }
  const isText = options.format === 'text'
  const results: Simulated[] = []
  for (const name of pipelines) {
    const progress = startProgress(name, seeds.length, composition.world.clock)
    const result = await simulate({
      code,
      pipeline: plan.pipelines[name] as PipelinePlan,
      makeBrokers: composition.embedded,
      messages: options.messages,
      faults,
      seeds,
      keep,
      shrinks: keep === undefined,
      onSeed(seed, failures, { chronicle }) {
        progress.step()
        if (isText && options.steps) process.stdout.write(stepsText(chronicle, failures))
        if (isText && failures.length > 0) {
          progress.end()
          process.stdout.write(seedText(name, seed, failures, asked))
        }
      },
    })
    progress.end()
    results.push(result)
    if (isText) process.stdout.write(summaryText(name, result))
  }
  if (!isText) process.stdout.write(`${jsonReport(results, asked)}\n`)
  return results.some(({ failures }) => failures.length > 0) ? EXIT.failed : EXIT.ok
}

function faultsOf(text: string | undefined): ReadonlySet<FaultKind> {
  if (text === undefined) return new Set(FAULTS)
  if (text === 'none') return new Set()
  const asked = text.split(',').map((name) => name.trim())
  const unknown = asked.find((name) => !FAULTS.some((kind) => kind === name))
  if (unknown !== undefined)
    throw new SluiceError('SLU1001', {
      message: `there is no fault "${unknown}"; there is: ${FAULTS.join(', ')}, none`,
    })
  return new Set(FAULTS.filter((kind) => asked.includes(kind)))
}
