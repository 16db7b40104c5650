// Puts an example of a code into a project that is right without it, where a pipeline author would write it.
import { parseAllDocuments, stringify } from 'yaml'
import type { Diagnostic } from '../../workers/core/diagnostic.ts'
import { compileFleet } from '../../workers/compile/compile.ts'
import { compileTests } from '../../workers/testing/compile.ts'
import { checkTypes } from '../../workers/compile/types/check.ts'
import { FLEET, PIPELINE, project } from '../compile/types/project.ts'

type Map = Record<string, unknown>

const OF_A_TEST = ['given', 'expect', 'cases']
const OF_THE_FLEET =
  'audit drain connections state health alerting ops topics exchanges queues jobs stores caches policies workers'.split(
    ' ',
  )

const CASE = {
  name: 'a late order',
  given: { events: [{ value: { kind: 'cancelled', order_id: 'a1', reason: 'late' } }] },
  expect: { others: 'allow' },
}

export interface Example {
  /** What its wrong side is found by: the grammar and the rules, or TypeScript. */
  readonly typed: boolean
  /** The pipeline has no `when`. */
  readonly bare: boolean
  /** The right side: its fields say which file it is about. */
  readonly about: string
}

/** The files that hold one side of an example, by path. */
export function filesOf(side: string, { about, bare }: Example): Record<string, string> {
  const [field = ''] = Object.keys(read(about) ?? {})
  const written = read(side)
  if (written === undefined) return { 'pipelines/example.yaml': side }
  if (OF_A_TEST.includes(field)) return { ...PLAIN, 'pipelines/example.test.yaml': tested(written) }
  if (field === 'type') return { ...PLAIN, ...schema(written) }
  const parts = Object.entries(written)
  const inFleet = parts.filter(([name]) => OF_THE_FLEET.includes(name))
  const inPipeline = parts.filter(([name]) => !OF_THE_FLEET.includes(name))
  const { when, ...rest } = base('example')
  const pipeline = merged(bare ? rest : { ...rest, when }, Object.fromEntries(inPipeline))
  return {
    ...PLAIN,
    ...fleetWith(Object.fromEntries(inFleet)),
    'pipelines/example.yaml': stringify(pipeline),
  }
}

/** `typed: false` leaves TypeScript out, which takes its time. */
export async function codesOf(
  files: Readonly<Record<string, string>>,
  { typed }: Example,
): Promise<string[]> {
  const { root, remove } = project({ ...files })
  try {
    const compiled = compileFleet(root)
    const tests = Object.keys(files).filter((file) => file.endsWith('.test.yaml'))
    const checked = typed ? await checkTypes(compiled) : compiled
    const found: readonly Diagnostic[] = [
      ...(checked?.diagnostics ?? []),
      ...compileTests(root, compiled, tests).diagnostics,
    ]
    return [...new Set(found.map(({ code }) => code))]
  } finally {
    remove()
  }
}

const base = (name: string) => read(PIPELINE.replace('NAME', name)) as Map
const PLAIN = {
  'pipelines/billing.yaml': PIPELINE.replace('NAME', 'billing'),
  'pipelines/example.yaml': PIPELINE.replace('NAME', 'example'),
  'schemas/values/stars.json': '{ "type": "integer" }',
}

const fleetWith = (parts: Map) => ({
  'pipelines/fleet.yaml': stringify(merged(read(FLEET) as Map, parts)),
})

const tested = ({ cases, ...parts }: Map): string =>
  stringify({ pipeline: 'example', cases: cases ?? [merged(CASE, parts)] })

const schema = (written: Map) => ({
  ...fleetWith({ topics: { extra: { in: 'events', schema: 'events/extra' } } }),
  'schemas/events/extra.json': JSON.stringify({ type: 'object', properties: { text: written } }),
})

/** Undefined for what is not one map. */
function read(text: string): Map | undefined {
  const [document, second] = parseAllDocuments(text)
  if (second !== undefined || document === undefined || document.errors?.length > 0) return
  return document.toJS() as Map
}

/** What has a name is replaced by what has the same one; of a step with the same id, field by field. */
function merged(whole: Map, parts: Map): Map {
  const entries = Object.entries(parts).map(([name, part]) => {
    const old = whole[name]
    // A pipeline reads one source: another one takes its place.
    if (name === 'from') return [name, part]
    if (name === 'steps') return [name, mergedSteps(old as Map[], part as Map[])]
    return [name, isMap(old) && isMap(part) ? { ...old, ...part } : part]
  })
  return { ...whole, ...(Object.fromEntries(entries) as Map) }
}

function mergedSteps(whole: readonly Map[], parts: readonly Map[]): Map[] {
  const ids = whole.map(({ id }) => id)
  const changed = whole.map((step) => ({ ...step, ...parts.find(({ id }) => id === step['id']) }))
  return [...changed, ...parts.filter(({ id }) => !ids.includes(id))]
}

const isMap = (value: unknown): value is Map =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
