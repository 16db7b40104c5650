// A run of tests for programs: a stable interface with a version.
import type { Place } from '../compile/diagnostics.ts'
import { countOf, type TestRun } from './result.ts'

export function jsonReport(run: TestRun): string {
  const { cases, real, prefix } = run
  return JSON.stringify({
    version: 1,
    brokers: real ? 'real' : 'embedded',
    ...(prefix === undefined ? {} : { prefix }),
    passed: countOf(run, 'passed'),
    failed: countOf(run, 'failed'),
    notRun: countOf(run, 'not-run'),
    durationMs: Math.round(run.durationMs),
    cases: cases.map(
      ({ pipeline, name, at, status, reason, failures, given, durationMs, virtualMs }) => ({
        pipeline,
        name,
        status,
        ...(reason === undefined ? {} : { reason }),
        ...placeOf(at),
        durationMs: Math.round(durationMs),
        virtualMs: Math.round(virtualMs),
        failures: failures.map(({ message, at: where, lines }) => ({
          message,
          ...placeOf(where),
          differences: lines.map(({ field, expected, actual }) => ({
            field,
            // A field that is not there: nothing.
            expected,
            actual,
          })),
        })),
        given: given.map(({ at: where, story }) => ({
          ...placeOf(where),
          settlement: story?.settlement ?? 'never taken',
          attempts: story?.attempts ?? 0,
          faults: (story?.faults ?? []).map(({ attempt, code, message, step, at: origin }) => ({
            attempt,
            code,
            message,
            step: step ?? null,
            at: origin === undefined ? null : placeOf(origin),
          })),
          steps: (story?.steps ?? []).map(({ plan, item, outcome, value, cache, way, items }) => ({
            step: plan.id,
            item,
            outcome,
            cache,
            way,
            items,
            value,
          })),
        })),
      }),
    ),
  })
}

const placeOf = ({ file, line, column }: Pick<Place, 'file' | 'line' | 'column'>) => ({
  file,
  line,
  column,
})
