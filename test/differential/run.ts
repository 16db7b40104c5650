// One seeded history on one stage: everything that was given to the pipeline, what came of it, and what the brokers hold in the end.
import { isUtf8 } from 'node:buffer'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildModules } from '../../workers/compile/build.ts'
import { compileFleet } from '../../workers/compile/compile.ts'
import { checkerOf } from '../../workers/compile/schemas.ts'
import { jobData } from '../../workers/core/job-data.ts'
import { silentLog } from '../../workers/core/log.ts'
import type { FleetPlan, PipelinePlan } from '../../workers/core/plan.ts'
import type { PipelineModule } from '../../workers/runtime/pipeline-parts.ts'
import { Sent } from '../../workers/simulation/sent.ts'
import { Traffic, type Made } from '../../workers/simulation/traffic.ts'
import type { GivenEvent, TestCase } from '../../workers/testing/plan.ts'
import { runCase, type CaseCode, type Happened } from '../../workers/testing/run-case.ts'
import type { Stage } from '../../workers/testing/stage.ts'
import { handlersOf } from './fleet.ts'

/** Everything but what the seed decides. */
export type Code = Omit<CaseCode, 'handlers'>

/** Compiles the files in a folder that is gone again when it resolves: what is built is loaded by then. */
export async function codeOf(
  files: Readonly<Record<string, string>>,
  names: readonly string[],
): Promise<Code> {
  const root = mkdtempSync(join(tmpdir(), 'sluice-differential-'))
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), text)
    }
    const compiled = compileFleet(root)
    const { plan, diagnostics } = compiled
    if (plan === undefined) throw new Error(JSON.stringify(diagnostics, null, 1))
    const built = buildModules({ ...compiled, plan }, names)
    const modules: Record<string, PipelineModule> = {}
    for (const name of names)
      modules[name] = (await import(pathToFileURL(built[name] as string).href)) as PipelineModule
    return { plan, modules, checkOf: checkerOf(plan) }
  } finally {
    rmSync(root, { recursive: true })
  }
}

export interface History {
  readonly pipeline: PipelinePlan
  readonly seed: number
  readonly given: readonly GivenEvent[]
}

const AT = { file: 'history', line: 1, column: 1, length: 1 }

export function historyOf(code: Code, name: string, seed: number, count: number): History {
  const pipeline = code.plan.pipelines[name] as PipelinePlan
  const { plan, checkOf } = code
  const faults = new Set(['duplicate', 'malformed'] as const)
  const traffic = new Traffic({ plan, pipeline, checkOf, seed, messages: count, faults })
  const sent = new Sent(traffic)
  const given = Array.from({ length: count }, (_, number) =>
    eventOf(plan, pipeline, sent.add(number), number),
  ).filter((event) => event !== undefined)
  return { pipeline, seed, given }
}

/** As far as a source of that kind can hold it: a queue knows no nulls, and a job is JSON and has no key. Undefined: not at all. */
function eventOf(
  { topics }: FleetPlan,
  { from, reply }: PipelinePlan,
  { key, value, headers }: Made,
  number: number,
): GivenEvent | undefined {
  // Names that every object has something under.
  const odd: Record<string, string> =
    number % 7 === 3 ? { constructor: 'odd', toString: '', valueOf: 'odd' } : {}
  const plain = {
    at: AT,
    id: undefined,
    asks: false,
    key,
    headers: { ...headers, ...odd },
    bytes: value,
    afterMs: 0,
    scripts: {},
  }
  switch (from.kind) {
    case 'topic': {
      // What has no key may go to any partition, and moves the offsets of all others there.
      const isOne = topics[from.topic]?.partitions === 1
      return { ...plain, key: key === null && !isOne ? 'none' : key }
    }
    case 'queue':
      return {
        ...plain,
        id: `given-${number}`,
        asks: reply !== undefined,
        bytes: value ?? Buffer.alloc(0),
      }
    case 'jobs':
      return isJson(value)
        ? { ...plain, id: `given:${number}`, key: null, bytes: jobData(value) }
        : undefined
    case 'schedule': {
      const ms = Date.UTC(2026, 0, 1 + number, 3)
      const bytes = Buffer.from(JSON.stringify({ scheduled_at: new Date(ms).toISOString() }))
      return { ...plain, id: `repeat:${from.name}:${ms}`, key: null, bytes }
    }
  }
}

function isJson(value: Uint8Array | null): boolean {
  try {
    const bytes = Buffer.from(value ?? [])
    JSON.parse(bytes.toString())
    return isUtf8(bytes)
  } catch {
    return false
  }
}

export function run(
  code: Code,
  { pipeline, seed, given }: History,
  stage: Stage,
): Promise<Happened> {
  const testCase: TestCase = {
    name: `seed ${seed}`,
    at: AT,
    given: { events: given, scripts: {}, answers: ANSWERS, caches: {}, faults: [] },
    expect: NOTHING,
  }
  return runCase({ ...code, handlers: handlersOf(seed) }, pipeline, testCase, stage, silentLog)
}

const ANSWERS: TestCase['given']['answers'] = {
  quotes: [{ kind: 'return', value: { total: 7, note: 'as asked' } }],
}
const NOTHING: TestCase['expect'] = {
  at: AT,
  destinations: [],
  counts: [],
  calls: [],
  breakers: [],
  commits: undefined,
  paused: false,
  ordered: true,
  othersAllowed: true,
}
