// Compares what happened in a case with what was expected, and says each difference at its line of YAML.
import type { PipelinePlan } from '../core/plan.ts'
import { arrivals, stray } from './arrivals.ts'
import type { ExpectedNumber, TestCase } from './plan.ts'
import type { CaseFailure } from './result.ts'
import type { Happened } from './run-case.ts'

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
    ...expect.breakers.flatMap((one) =>
      differing(one, happened.breakers[one.name]?.opened, 'breakers'),
    ),
    ...commits(testCase, happened),
  ]
}

function progress({ at, expect }: TestCase, happened: Happened): CaseFailure[] {
  const { paused, stuckAfterMs } = happened
  const failure = (message: string) => [{ message, at: expect.paused ? expect.at : at, lines: [] }]
  if (stuckAfterMs !== undefined)
    return failure(
      `not everything was settled within ${stuckAfterMs / 1000} s, the longest that a case may take`,
    )
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
    .filter(([place]) => !recorder.isSettled(place))
    .map(([place, index]) => ({
      message: `given message ${index + 1} (${place}) is not settled`,
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
