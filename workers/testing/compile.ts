// From test files to checked cases: shape, names, schemas; all faults of all files at once, none of them thrown.
import type { CompiledFleet } from '../compile/compile.ts'
import { Diagnostics } from '../compile/diagnostics.ts'
import { readYamlFile } from '../compile/files.ts'
import { PIPELINE_TEST } from '../compile/grammar/pipeline-test.ts'
import { known } from '../compile/names.ts'
import { isMap, listOf, mapOf } from '../compile/raw.ts'
import { checkShape } from '../compile/shape.ts'
import type { Path, YamlFile } from '../compile/yaml-file.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { FleetPlan } from '../core/plan.ts'
import { planExpectations } from './expect-plan.ts'
import { createFits } from './fits.ts'
import { planGiven } from './given-plan.ts'
import type { Around } from './around.ts'
import type { TestCase, TestFile } from './plan.ts'

export interface CompiledTests {
  /** Empty when there are errors. */
  readonly files: readonly TestFile[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Of a fleet with errors only the shape of its tests is checked: what it names is not known. */
export function compileTests(
  root: string,
  { plan }: Pick<CompiledFleet, 'plan'>,
  names: readonly string[],
): CompiledTests {
  const out = new Diagnostics()
  const files = names
    .map((name) => readYamlFile(root, name, out))
    .filter((file): file is YamlFile => file !== undefined)
    .map((file) => planFile(file, plan, out))
    .filter((file): file is TestFile => file !== undefined)
  return { files: out.failed ? [] : files, diagnostics: out.sorted() }
}

function planFile(
  file: YamlFile,
  plan: FleetPlan | undefined,
  out: Diagnostics,
): TestFile | undefined {
  const shaped = checkShape(file, [], file.value, PIPELINE_TEST, out)
  const raw = mapOf(file.value)
  uniqueNames(file, listOf(raw['cases']), out)
  if (plan === undefined) return undefined
  const names = Object.keys(plan.pipelines)
  if (!known(file, ['pipeline'], 'pipeline', raw['pipeline'], names, 'SLU0314', out))
    return undefined
  const pipeline = plan.pipelines[raw['pipeline']] as FleetPlan['pipelines'][string]
  const around: Around = { file, plan, pipeline, fits: createFits(plan), out }
  // What has not the shape is planned as far as it goes: names and values are checked in the same run.
  const cases = listOf(raw['cases']).map((body, index) =>
    isMap(body) ? planCase(around, ['cases', index], mapOf(body)) : undefined,
  )
  if (!shaped) return undefined
  return { file: file.file, pipeline: pipeline.name, cases: cases as TestCase[] }
}

function planCase(around: Around, path: Path, raw: Readonly<Record<string, unknown>>): TestCase {
  return {
    name: String(raw['name']),
    at: around.file.at([...path, 'name']),
    given: planGiven(around, [...path, 'given'], mapOf(raw['given'])),
    expect: planExpectations(around, [...path, 'expect'], mapOf(raw['expect'])),
  }
}

function uniqueNames(file: YamlFile, cases: readonly unknown[], out: Diagnostics): void {
  const seen = new Set<string>()
  cases.forEach((body, index) => {
    const { name } = mapOf(body)
    if (typeof name !== 'string') return
    if (seen.has(name))
      out.error(
        'SLU0351',
        file.at(['cases', index, 'name']),
        `there is a case "${name.slice(0, 100)}" already`,
        'say what is different about this one',
      )
    seen.add(name)
  })
}
