// `sluice simulate`: pipelines through seeded schedules of faults on the embedded drivers, judged by the invariants of the runtime.
import { checkerOf } from '../compile/schemas.ts'
import { SluiceError } from '../core/errors.ts'
import { FAULTS, type FaultKind } from '../simulation/fault-plan.ts'
import { jsonReport, seedText, summaryText } from '../simulation/report.ts'
import { simulate, type Simulated } from '../simulation/simulate.ts'
import type { PipelinePlan } from '../core/plan.ts'
import type { Composition } from './composition.ts'
import { EXIT } from './exit.ts'
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
  const results: Simulated[] = []
  for (const name of pipelines) {
    const result = await simulate({
      code,
      pipeline: plan.pipelines[name] as PipelinePlan,
      makeBrokers: composition.embedded,
      messages: options.messages,
      faults,
      seeds,
      onSeed(seed, failures) {
        if (options.format === 'text') process.stdout.write(seedText(name, seed, failures, options))
      },
    })
    results.push(result)
    if (options.format === 'text') process.stdout.write(summaryText(name, result))
  }
  if (options.format === 'json') process.stdout.write(`${jsonReport(results)}\n`)
  return results.some(({ failures }) => failures.length > 0) ? EXIT.failed : EXIT.ok
}

function faultsOf(text: string | undefined): ReadonlySet<FaultKind> {
  if (text === undefined) return new Set(FAULTS)
  const asked = text.split(',').map((name) => name.trim())
  const unknown = asked.find((name) => !FAULTS.some((kind) => kind === name))
  if (unknown !== undefined)
    throw new SluiceError('SLU1001', {
      message: `there is no fault "${unknown}"; there is: ${FAULTS.join(', ')}`,
    })
  return new Set(FAULTS.filter((kind) => asked.includes(kind)))
}
