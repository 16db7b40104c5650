// The rules of a fleet as Prometheus reads them. The same fleet gives the same text.
import { stringify } from 'yaml'
import type { FleetPlan } from '../../core/plan.ts'
import { brokerRules } from './broker-rules.ts'
import { pipelineRules } from './pipeline-rules.ts'
import type { AlertRule } from './rule.ts'

export interface RuleGroup {
  readonly name: string
  readonly rules: readonly AlertRule[]
}

export const ruleGroups = (plan: FleetPlan): readonly RuleGroup[] =>
  [
    { name: `${plan.fleet}.infrastructure`, rules: brokerRules(plan) },
    { name: `${plan.fleet}.pipelines`, rules: pipelineRules(plan) },
  ].filter(({ rules }) => rules.length > 0)

export function rulesFile(plan: FleetPlan): string {
  const groups = ruleGroups(plan).map(({ name, rules }) => ({
    name,
    rules: rules.map((rule) => written(plan.fleet, rule)),
  }))
  const head = '# generated from pipelines/fleet.yaml by `npx sluice alerts`; do not edit\n'
  return head + stringify({ groups }, { lineWidth: 0, singleQuote: true })
}

function written(fleet: string, rule: AlertRule): object {
  const { alert, expr, for: holds, severity, summary, description, next } = rule
  return {
    alert,
    expr,
    ...(holds === undefined ? {} : { for: holds }),
    labels: { severity, fleet },
    annotations: { summary, description, next },
  }
}
