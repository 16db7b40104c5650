// Cases as promtool reads them: nothing before its time, exactly that at its time, nothing at all below the threshold.
import { stringify } from 'yaml'
import type { AlertRule, Severity } from '../../../workers/ops/alerts/rule.ts'
import type { RuleCase, Series } from './cases.ts'

const STEP = 30

export function promtoolTests(
  rulesFile: string,
  rules: readonly AlertRule[],
  cases: readonly RuleCase[],
): string {
  return stringify({
    rule_files: [rulesFile],
    evaluation_interval: `${STEP}s`,
    tests: cases.flatMap((one) => {
      const rule = ruleOf(rules, one)
      const due = (one.since ?? 0) + secondsOf(rule.for)
      const name = `${one.alert} ${one.severity}`
      const firing = [...lower(rules, cases, one), expected(rule, one)]
      const early = due < STEP ? [] : [{ at: due - STEP, alerts: [] }]
      return [
        test(`${name}: at it`, one.alert, one.at, [...early, { at: due, alerts: firing }]),
        ...one.below.map((series, nth) =>
          test(`${name}: below it (${nth})`, one.alert, series, [
            { at: due + STEP, alerts: lower(rules, cases, one, series) },
          ]),
        ),
      ]
    }),
  })
}

/** Both severities of one kind fire above the higher threshold. */
function lower(
  rules: readonly AlertRule[],
  cases: readonly RuleCase[],
  one: RuleCase,
  series = one.at,
): object[] {
  if (one.severity === 'warning') return []
  const rule = rules.find(({ alert, severity }) => alert === one.alert && severity === 'warning')
  if (rule === undefined) return []
  const same = cases.find(
    ({ alert, severity, at }) =>
      alert === one.alert &&
      severity === (series === one.at ? 'critical' : 'warning') &&
      JSON.stringify(at) === JSON.stringify(series),
  )
  if (same === undefined) return []
  return [expected(rule, { ...same, severity: 'warning' })]
}

const ruleOf = (rules: readonly AlertRule[], one: { alert: string; severity: Severity }) => {
  const found = rules.find(
    ({ alert, severity }) => alert === one.alert && severity === one.severity,
  )
  if (found === undefined) throw new Error(`no rule ${one.alert} of severity ${one.severity}`)
  return found
}

const expected = (
  { description, next }: AlertRule,
  { labels, severity, summary }: Pick<RuleCase, 'labels' | 'severity' | 'summary'>,
) => ({
  exp_labels: { ...labels, severity, fleet: 'watched' },
  exp_annotations: { summary, description, next },
})

const test = (
  name: string,
  alertname: string,
  series: Series,
  looks: readonly { readonly at: number; readonly alerts: readonly object[] }[],
) => ({
  name,
  interval: `${STEP}s`,
  input_series: Object.entries(series).map(([selector, value]) => ({
    series: selector,
    values: typeof value === 'number' ? `${value}x100` : value,
  })),
  alert_rule_test: looks.map(({ at, alerts }) => ({
    eval_time: `${at}s`,
    alertname,
    exp_alerts: alerts,
  })),
})

function secondsOf(duration: string | undefined): number {
  if (duration === undefined) return 0
  const [, count = '', unit = ''] = /^(\d+)([sm])$/.exec(duration) ?? []
  return Number(count) * (unit === 'm' ? 60 : 1)
}
