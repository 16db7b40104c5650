// A run of tests as a person reads it: one line a case, what differs at its line of YAML, what became of each given message.
import { styleText } from 'node:util'
import { stringify } from 'yaml'
import type { Place } from '../compile/diagnostics.ts'
import { codeFrames, printable } from '../compile/render.ts'
import type { ExpressionPlan, RouteStepPlan, StepPlan } from '../core/plan.ts'
import { targetOf } from './around.ts'
import {
  countOf,
  type CaseFailure,
  type CaseResult,
  type GivenResult,
  type Line,
  type TestRun,
} from './result.ts'
import type { Settlement, StepStory, Story } from './story.ts'

export interface TextReport {
  /** As soon as a case is over. */
  caseText(result: CaseResult): string
  summaryText(run: TestRun): string
}

const MARKS = { passed: ['green', '✓'], failed: ['red', '✗'], 'not-run': ['yellow', '–'] } as const
const WORDS: Readonly<Record<Settlement, string>> = {
  acked: 'acked',
  filtered: 'filtered',
  deadLettered: 'dead-lettered',
  duplicates: 'suppressed as a duplicate',
  parked: 'parked',
  unsettled: 'not settled',
}

export function textReport(root: string, { color }: { color: boolean }): TextReport {
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(format, text, { validateStream: false }) : text
  const frame = codeFrames(root)
  let lastFile: string | undefined

  const failureText = ({ message, at, lines, only }: CaseFailure): string[] => [
    '',
    `    ${paint('bold', placeText(at))}  ${printable(message)}`,
    ...frame(at).map((line) => `  ${line}`),
    ...(only === undefined ? lines.flatMap(differenceText) : sideText(lines, only)),
  ]
  const differenceText = ({ field, expected, actual }: Line): string[] => [
    `      ${printable(field)}`,
    paint('green', `        expected  ${inYaml(expected)}`),
    paint('red', `        actual    ${inYaml(actual)}`),
  ]
  const sideText = (lines: readonly Line[], side: 'expected' | 'actual'): string[] => {
    const width = Math.max(...lines.map(({ field }) => field.length))
    const [colour, word] =
      side === 'expected' ? ['green' as const, side] : ['red' as const, 'arrived']
    return [
      `      ${word}`,
      ...lines.map((line) =>
        paint(colour, `        ${printable(line.field).padEnd(width)}  ${inYaml(line[side])}`),
      ),
    ]
  }
  const givenText = (
    { at, story }: GivenResult,
    index: number,
    when: CaseResult['when'],
  ): string[] => {
    const name = `      given message ${index + 1} (${placeText(at)}): `
    if (story === undefined) return [`${name}was not begun`]
    const { settlement, attempts, tookMs, place } = story
    const tries = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`
    return [
      `${name}${WORDS[settlement]}, ${tries}, ${duration(tookMs)}, partition/offset ${place}`,
      ...faultsText(story),
      ...[
        ...(settlement === 'filtered' && when !== undefined ? [`        ${isFalse(when)}`] : []),
        ...stepsText(story.steps),
      ].map((line) => paint('dim', line)),
    ]
  }
  return {
    caseText(result) {
      const { file, name, status, reason, durationMs, virtualMs, failures, given, when } = result
      const [colour, mark] = MARKS[status]
      const header = file === lastFile ? [] : [paint('bold', printable(file))]
      lastFile = file
      // Less than a second is said by every case, and says nothing.
      const virtual = virtualMs < 1_000 ? '' : `, ${duration(virtualMs)} of virtual time`
      const tail =
        status === 'not-run'
          ? paint('yellow', `not run: ${reason}`)
          : paint('dim', `${duration(durationMs)}${virtual}`)
      const details =
        failures.length === 0
          ? []
          : [
              ...failures.flatMap(failureText),
              '',
              '    what happened',
              ...given.flatMap((one, index) => givenText(one, index, when)),
              '',
            ]
      return `${[...header, `  ${paint(colour, mark)} ${printable(name)}  ${tail}`, ...details].join('\n')}\n`
    },
    summaryText(run) {
      const parts = (['passed', 'failed', 'not-run'] as const).flatMap((status) => {
        const count = countOf(run, status)
        if (count === 0 && status !== 'passed') return []
        const words = `${count} ${status === 'not-run' ? 'not run' : status}`
        return [count === 0 ? words : paint(MARKS[status][0], words)]
      })
      const files = new Set(run.cases.map(({ file }) => file)).size
      const where = run.real ? 'on real brokers' : 'on embedded drivers'
      const left =
        run.prefix === undefined
          ? ''
          : `Left on the brokers: topics, groups and queues whose names begin with ${run.prefix}\n`
      const failed = run.cases
        .filter(({ status }) => status === 'failed')
        .map(({ at, name }) => `${paint('red', '✗')} ${placeText(at)}  ${printable(name)}\n`)
      return `\n${failed.join('')}${parts.join(', ')} in ${files} ${files === 1 ? 'file' : 'files'}, ${where}, ${duration(run.durationMs)}\n${left}`
    },
  }
}

const placeText = ({ file, line, column }: Pick<Place, 'file' | 'line' | 'column'>) =>
  `${printable(file)}:${line}:${column}`

/** On one line, so that it can be copied into a test file. */
function inYaml(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim()
  return printable(text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`)
}

const MAX_TEXT = 400

const faultsText = ({ faults }: Story): string[] =>
  faults.map(({ attempt, code, message, at, step }) => {
    const by = [...(step === undefined ? [] : [`step ${step}`]), ...(at ? [placeText(at)] : [])]
    const origin = by.length === 0 ? '' : `  (${by.join(', ')})`
    return `        attempt ${attempt}: ${code} ${printable(message)}${origin}`
  })

const isFalse = ({ text, at }: ExpressionPlan) => `${printable(text)} is false  (${placeText(at)})`

/** Of one message: a split may have thousands. */
const MOST_STEPS = 60

function stepsText(steps: readonly StepStory[]): string[] {
  const names = steps.map(({ plan, item }) =>
    item === undefined ? plan.id : `${plan.id}[${item}]`,
  )
  const width = Math.max(...names.map(({ length }) => length))
  const lines = steps.map((step, at) => `        ${names[at]?.padEnd(width)}  ${stepText(step)}`)
  const left = lines.length - MOST_STEPS
  // What failed stands at the end.
  return left <= 0
    ? lines
    : [...lines.slice(0, MOST_STEPS / 2), `        … ${left} more`, ...lines.slice(-MOST_STEPS / 2)]
}

function stepText({ plan, outcome, value, cache, way, items }: StepStory): string {
  if (outcome === 'skipped' && plan.when !== undefined) return `skipped: ${isFalse(plan.when)}`
  const found =
    plan.kind === 'route' ? wayText(plan, way) : plan.kind === 'split' ? itemsText(items) : cache
  const what = found === undefined ? targetText(plan) : `${targetText(plan)}: ${found}`
  const given = value === undefined ? '' : `  ${inYaml(value)}`
  return outcome === 'done' ? `${what}${given}` : `${what}  ${outcome}${given}`
}

const itemsText = (items = 0) => `${items} ${items === 1 ? 'item' : 'items'}`

function wayText({ branches }: RouteStepPlan, way: number | undefined): string | undefined {
  if (way === undefined) return undefined
  const branch = branches[way]
  return branch === undefined ? 'otherwise' : `when ${printable(branch.when.text.trim())}`
}

function targetText(plan: StepPlan): string {
  switch (plan.kind) {
    case 'call':
      return `call ${plan.call.handler}`
    case 'cache':
      return `cache ${plan.cache}`
    case 'forget':
      return `forget in ${plan.cache}`
    case 'map':
      return 'map'
    case 'dedupe':
    case 'window':
      return plan.kind
    case 'command':
      return `command to ${targetOf(plan.to)}`
    case 'request':
      return `request to ${plan.queue}`
    case 'event':
      return `event to ${plan.topic}`
    case 'job':
      return `job to ${plan.jobs}`
    case 'store':
      return `value to ${plan.store}`
    case 'route':
    case 'split':
      return plan.kind
  }
}

/** `850 ms`, `12.5 s`, `31 min`. */
function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 120_000) return `${Number((ms / 1_000).toFixed(1))} s`
  return `${Math.round(ms / 60_000)} min`
}
