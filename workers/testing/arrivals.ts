// Compares what arrived at a destination with what was expected there, and says each difference at the line that expected something else.
import type { Place } from '../compile/diagnostics.ts'
import type { PipelinePlan } from '../core/plan.ts'
import { pair, type FieldDifference } from './pairing.ts'
import type { Destination, Expected, Section, TestCase } from './plan.ts'
import type { CaseFailure, Line } from './result.ts'
import type { Happened } from './run-case.ts'
import type { Seen } from './seen.ts'

const WORD: Readonly<Record<Section, readonly [what: string, where: string]>> = {
  events: ['event', 'topic'],
  commands: ['command', 'queue'],
  jobs: ['job', 'jobs'],
  stores: ['value', 'store'],
  replies: ['reply', 'queue'],
  caches: ['entry', 'cache'],
  forgotten: ['tag', 'cache'],
  deadLetters: ['dead letter', 'destination'],
}

/** Nobody knows which message led to one of these. */
const UNORDERED: ReadonlySet<Section> = new Set(['caches', 'forgotten'])

function placeText({ steps }: PipelinePlan, section: Section, name: string): string {
  const isExchange = steps.some(
    (step) => step.kind === 'command' && 'exchange' in step.to && step.to.exchange === name,
  )
  const where = section === 'commands' && isExchange ? 'exchange' : WORD[section][1]
  return `${where} ${name}`
}

export function arrivals(
  testCase: TestCase,
  pipeline: PipelinePlan,
  happened: Happened,
  { section, name, at, expected }: Destination,
): CaseFailure[] {
  const [what] = WORD[section]
  const place = placeText(pipeline, section, name)
  const seen = happened.recorder.seen.filter(
    (one) => one.section === section && one.destination === name,
  )
  const { pairs, near, missing, unexpected } = pair(expected, seen)
  const atOf = (index: number) => expected[index]?.at ?? at
  const failures: CaseFailure[] = [
    ...near.map(({ expected: index, differences }) => ({
      message: `${place}: ${article(what)} ${what} is not as expected`,
      at: placeOf(differences[0]) ?? atOf(index),
      lines: differences.map(lineOf),
    })),
    ...missing.map((index) => ({
      message: `${place}: ${article(what)} ${what} did not arrive`,
      at: atOf(index),
      lines: (expected[index]?.fields ?? []).map((field) => ({
        field: field.name,
        expected: field.pattern,
        actual: undefined,
      })),
      only: 'expected' as const,
    })),
    ...unexpected.map((index) => ({
      message: `${place}: ${article(what)} ${what} arrived that is not expected`,
      at,
      lines: linesOf(seen[index]),
      only: 'actual' as const,
    })),
  ]
  if (!UNORDERED.has(section) && testCase.expect.ordered && failures.length === 0)
    failures.push(...disorder(testCase, pipeline, happened, expected, seen, pairs, place))
  return failures
}

/** The first key or partition whose messages the pipeline keeps in order, and which are in another one. */
function disorder(
  { given }: TestCase,
  pipeline: PipelinePlan,
  { recorder }: Happened,
  expected: readonly Expected[],
  seen: readonly Seen[],
  pairs: ReadonlyMap<number, number>,
  where: string,
): CaseFailure[] {
  const chainOf = (index: number): string | undefined => {
    const { cause } = seen[index] ?? {}
    if (cause === undefined || pipeline.order === 'none') return undefined
    if (pipeline.order === 'partition') return cause.split('/')[0]
    const key = given.events[recorder.places.get(cause) ?? -1]?.key
    return key === null ? undefined : key
  }
  for (const chain of Map.groupBy(pairs, ([, index]) => chainOf(index)).values()) {
    const arrived = chain.toSorted(([, a], [, b]) => a - b)
    const place = chain.findIndex((pair, nth) => pair !== arrived[nth])
    const [first] = chain[place] ?? []
    if (first === undefined || chainOf(chain[0]?.[1] as number) === undefined) continue
    return [
      {
        message: `${where}: in another order; order: ${pipeline.order} promises the written one`,
        at: expected[first]?.at as Place,
        lines: chain.map(([wanted], nth) => ({
          field: `${nth + 1}.`,
          expected: bodyOf(expected[wanted]),
          actual: seen[arrived[nth]?.[1] as number]?.fields['value'],
        })),
      },
    ]
  }
  return []
}

const bodyOf = (expected: Expected | undefined): unknown =>
  (expected?.fields.find(({ name }) => name === 'value') ?? expected?.fields[0])?.pattern

/** Something that arrived at a destination that nobody named. */
export function stray(pipeline: PipelinePlan, seen: Seen, at: Place): CaseFailure {
  const [what] = WORD[seen.section]
  return {
    message: `${placeText(pipeline, seen.section, seen.destination)}: ${article(what)} ${what} arrived where nothing is expected`,
    at,
    lines: linesOf(seen),
    only: 'actual',
  }
}

const placeOf = (difference: FieldDifference | undefined): Place | undefined =>
  difference?.field.at(difference.path)

const lineOf = ({ field, path, expected, actual }: FieldDifference): Line => ({
  field: [field.name, ...path].join('.'),
  expected,
  actual,
})

/** What tells most about something that arrived; `raw` only of what is no JSON. */
function linesOf(seen: Seen | undefined): Line[] {
  const { raw, base64: _base64, headers: _headers, ...fields } = seen?.fields ?? {}
  const told = fields['value'] === undefined ? { ...fields, raw } : fields
  return Object.entries(told)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => ({ field, expected: undefined, actual: value }))
}

const article = (word: string) => (/^[aeiou]/.test(word) ? 'an' : 'a')
