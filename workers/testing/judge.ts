// Compares what happened with what was expected, and says each difference at the line that expected something else.
import type { Place } from '../compile/diagnostics.ts'
import type { PipelinePlan } from '../core/plan.ts'
import { pair, type FieldDifference } from './pairing.ts'
import type { Destination, Expected, ExpectedNumber, Section, TestCase } from './plan.ts'
import type { Happened } from './run-case.ts'
import type { Seen } from './seen.ts'

/** One line of expected against actual. */
export interface Line {
  /** `value.score`; empty: the whole. */
  readonly field: string
  /** Undefined: nothing. */
  readonly expected: unknown
  /** Undefined: nothing. */
  readonly actual: unknown
}

export interface CaseFailure {
  readonly message: string
  readonly at: Place
  readonly lines: readonly Line[]
  /** All lines tell of what is missing, or of what is too much. */
  readonly only?: 'expected' | 'actual'
}

export function judge(
  testCase: TestCase,
  pipeline: PipelinePlan,
  happened: Happened,
): CaseFailure[] {
  const { expect } = testCase
  const { recorder, counts } = happened
  const named = new Set(expect.destinations.map(({ section, name }) => `${section}/${name}`))
  const accepted = counts.accepted - counts.released
  const numbers = { ...counts, accepted } as unknown as Record<string, number>
  return [
    ...progress(testCase, happened),
    ...expect.destinations.flatMap((destination) =>
      arrivals(testCase, pipeline, happened, destination),
    ),
    ...(expect.othersAllowed
      ? []
      : recorder.seen
          // An entry of a cache is no effect: who does not name the cache does not care.
          .filter(({ section }) => section !== 'caches')
          .filter(({ section, destination }) => !named.has(`${section}/${destination}`))
          .map((seen) => stray(pipeline, seen, expect.at))),
    ...expect.counts.flatMap((count) => differing(count, numbers[count.name] ?? 0, 'counts')),
    ...expect.calls.flatMap((call) => differing(call, recorder.calls.get(call.name) ?? 0, 'calls')),
    ...commits(testCase, happened),
  ]
}

const WORD: Readonly<Record<Section, readonly [what: string, where: string]>> = {
  events: ['event', 'topic'],
  commands: ['command', 'queue'],
  caches: ['entry', 'cache'],
  deadLetters: ['dead letter', 'topic'],
}

function placeText({ steps }: PipelinePlan, section: Section, name: string): string {
  const isExchange = steps.some(
    (step) => step.kind === 'command' && 'exchange' in step.to && step.to.exchange === name,
  )
  const where = section === 'commands' && isExchange ? 'exchange' : WORD[section][1]
  return `${where} ${name}`
}

function arrivals(
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
  if (section !== 'caches' && testCase.expect.ordered && failures.length === 0)
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

function stray(pipeline: PipelinePlan, seen: Seen, at: Place): CaseFailure {
  const [what] = WORD[seen.section]
  return {
    message: `${placeText(pipeline, seen.section, seen.destination)}: ${article(what)} ${what} arrived where nothing is expected`,
    at,
    lines: linesOf(seen),
    only: 'actual',
  }
}

function progress({ at, expect }: TestCase, happened: Happened): CaseFailure[] {
  const { paused, stuckAfterMs } = happened
  const failure = (message: string) => [{ message, at: expect.paused ? expect.at : at, lines: [] }]
  if (stuckAfterMs !== undefined)
    return failure(`not everything was settled after ${Math.round(stuckAfterMs / 1000)} s`)
  if (paused && !expect.paused) return failure('the guard paused the pipeline (SLU5502)')
  if (!paused && expect.paused) return failure('the guard did not pause the pipeline')
  return []
}

function commits({ expect, given, at }: TestCase, happened: Happened): CaseFailure[] {
  const { recorder, paused, stuckAfterMs } = happened
  if (expect.commits !== undefined) {
    const { partitions, at: place } = expect.commits
    const known = new Set(partitions.map(({ name }) => name))
    return [
      ...partitions.flatMap((one) =>
        differing(one, recorder.commits.get(Number(one.name)), 'commits'),
      ),
      ...[...recorder.commits]
        .filter(([partition, next]) => next > 0 && !known.has(String(partition)))
        .map(([partition, next]) => ({
          message: `partition ${partition} has a commit that is not expected`,
          at: place,
          lines: [{ field: String(partition), expected: undefined, actual: next }],
        })),
    ]
  }
  if (paused || stuckAfterMs !== undefined) return []
  return [...recorder.places]
    .filter(([place]) => {
      const [partition = 0, offset = 0] = place.split('/').map(Number)
      return (recorder.commits.get(partition) ?? 0) <= offset
    })
    .map(([place, index]) => ({
      message: `given message ${index + 1} (${place}) is not committed`,
      at: given.events[index]?.at ?? at,
      lines: [],
    }))
}

function differing(
  { name, value, at }: ExpectedNumber,
  actual: number | undefined,
  where: string,
): CaseFailure[] {
  if (value === (actual ?? 0)) return []
  return [
    {
      message: `${where}: ${name}`,
      at,
      lines: [{ field: name, expected: value, actual: actual ?? 0 }],
    },
  ]
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
