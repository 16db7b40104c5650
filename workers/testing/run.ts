// Runs cases one after another, each on a stage of its own.
import type { World } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { PipelinePlan } from '../core/plan.ts'
import { judge } from './judge.ts'
import type { TestCase, TestFile } from './plan.ts'
import type { CaseResult } from './result.ts'
import { runCase, type CaseCode } from './run-case.ts'
import type { Stage } from './stage.ts'

export interface RunParts {
  readonly code: CaseCode
  readonly files: readonly TestFile[]
  readonly stageFor: (number: number) => Stage
  readonly chosen: (testCase: TestCase) => boolean
  /** Of our own time. */
  readonly world: World
  readonly log: Logger
  /** Hears of each case as soon as it is over. */
  readonly onResult: (result: CaseResult) => void
}

export async function runCases(parts: RunParts): Promise<CaseResult[]> {
  const results: CaseResult[] = []
  for (const file of parts.files)
    for (const testCase of file.cases.filter(parts.chosen)) {
      const result = await runOne(parts, file, testCase, results.length)
      results.push(result)
      parts.onResult(result)
    }
  return results
}

async function runOne(
  { code, stageFor, world, log }: RunParts,
  file: TestFile,
  testCase: TestCase,
  number: number,
): Promise<CaseResult> {
  const stage = stageFor(number)
  const real = stage.setAvailable === undefined
  const { name, at, given } = testCase
  const { pipeline } = file
  const plan = code.plan.pipelines[pipeline] as PipelinePlan
  const { when } = plan
  const result = { file: file.file, pipeline, name, at, failures: [], given: [], when }
  const reason = real ? impossible(testCase) : undefined
  if (reason !== undefined)
    return { ...result, status: 'not-run', reason, durationMs: 0, virtualMs: 0 }
  const startedAt = world.clock.monotonic()
  const happened = await runCase(code, plan, testCase, stage, log)
  const failures = judge(testCase, plan, happened)
  const { places, traced } = happened.recorder
  const placeOf = new Map([...places].map(([place, index]) => [index, place]))
  return {
    ...result,
    status: failures.length > 0 ? 'failed' : 'passed',
    failures,
    given: given.events.map((event, index) => ({
      at: event.at,
      story: traced.stories.get(placeOf.get(index) ?? ''),
    })),
    durationMs: world.clock.monotonic() - startedAt,
    virtualMs: real ? 0 : happened.tookMs,
  }
}

/** The longest that a case may wait before it sends something, on brokers where waiting is waiting. */
const LONGEST_WAIT_MS = 30_000

/** Why a case cannot be run on real brokers. */
function impossible({ given }: TestCase): string | undefined {
  const [fault] = given.faults
  if (fault !== undefined)
    return `connection ${fault.connection} of real brokers cannot be taken away`
  const latest = Math.max(...given.events.map(({ afterMs }) => afterMs))
  return latest > LONGEST_WAIT_MS
    ? `it waits ${latest / 1000} s, and on real brokers time is real`
    : undefined
}
