// What a run of tests gives; the renderers turn it into text, JSON and JUnit.
import type { Place } from '../compile/diagnostics.ts'
import type { ExpressionPlan } from '../core/plan.ts'
import type { Story } from './story.ts'

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

export interface GivenResult {
  readonly at: Place
  /** Undefined: it never reached the pipeline. */
  readonly story: Story | undefined
}

export interface CaseResult {
  readonly file: string
  readonly pipeline: string
  readonly name: string
  readonly at: Place
  readonly status: 'passed' | 'failed' | 'not-run'
  /** Why it was not run. */
  readonly reason?: string
  readonly failures: readonly CaseFailure[]
  readonly given: readonly GivenResult[]
  /** What decides which messages the pipeline takes; undefined: all. */
  readonly when: ExpressionPlan | undefined
  /** Of our time. */
  readonly durationMs: number
  /** Of the time that only passes inside the case; 0 on real brokers. */
  readonly virtualMs: number
}

export interface TestRun {
  readonly cases: readonly CaseResult[]
  readonly real: boolean
  /** Before the names of what the run created on real brokers. */
  readonly prefix?: string
  readonly durationMs: number
}

export const countOf = ({ cases }: TestRun, status: CaseResult['status']): number =>
  cases.filter((one) => one.status === status).length

/** A case that was not run proves nothing: a run of such cases alone has failed. */
export const hasFailed = (run: TestRun): boolean =>
  countOf(run, 'failed') > 0 || countOf(run, 'passed') === 0
