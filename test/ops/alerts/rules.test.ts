// Which rules a fleet gets: of what it has, by its own names and thresholds, the same text for the same fleet.
import { expect, test } from 'vitest'
import type { FleetPlan } from '../../../workers/core/plan.ts'
import { select } from '../../../workers/ops/alerts/rule.ts'
import { ruleGroups, rulesFile } from '../../../workers/ops/alerts/rules-file.ts'
import { compiledShop } from '../project.ts'

const { plan } = compiledShop()
const names = (of: FleetPlan) =>
  ruleGroups(of).flatMap(({ rules }) => rules.map(({ alert, severity }) => `${alert} ${severity}`))
const without = (part: Partial<FleetPlan>) => names({ ...plan, ...part })

test('a fleet has rules for what it has', () => {
  const all = names(plan)
  expect(all).toContain('SluiceLag warning')
  expect(all).toContain('SluiceBreakerOpen warning')
  expect(all).toContain('SluiceCacheBypassed warning')
  expect(without({ breakers: {} }).join()).not.toContain('Breaker')
  expect(without({ caches: {} }).join()).not.toContain('Cache')
  expect(without({ jobs: {} }).join()).not.toContain('Jobs')
  expect(without({ pipelines: {} }).join()).not.toMatch(/Pipeline|DeadLetters|Lag|Unread/)
  const { unused, hot } = plan.connections as { unused: never; hot: never }
  expect(without({ connections: { hot, unused } }).join()).not.toMatch(/Rabbitmq|Queue|Topic|Lag/)
})

test('a threshold that is not written has no rule', () => {
  expect(names(plan)).not.toContain('SluiceLag critical')
  const health = { ...plan.health, lag: { warn: 7, fail: 70 } }
  const rules = ruleGroups({ ...plan, health }).flatMap((group) => group.rules)
  const lags = rules.filter(({ alert }) => alert === 'SluiceLag')
  expect(lags.map(({ severity, expr }) => [severity, expr.split(' >= ')[1]])).toEqual([
    ['warning', '7'],
    ['critical', '70'],
  ])
})

test('workers are expected where somebody says how many there are', () => {
  expect(names(plan).join()).not.toContain('WorkerMissing')
  const workers = { all: { pipelines: ['billing'], replicas: 2 } }
  const state = { connection: 'hot', at: { file: 'f', line: 1, column: 1 } }
  expect(without({ workers, state })).toContain('SluiceWorkerMissing warning')
})

test('the same fleet gives the same text, in whatever order things stand in it', () => {
  const turned = <T>(table: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(table).toReversed())
  const other = { ...plan, queues: turned(plan.queues), caches: turned(plan.caches) }
  expect(rulesFile(other)).toBe(rulesFile(plan))
  expect(rulesFile(plan)).toBe(rulesFile(structuredClone(plan)))
})

test('names are what they are, and no pattern', () => {
  expect(select('m', { queue: ['b.c', 'a'], state: 'x"y' })).toBe(
    'm{queue=~"a|b\\\\.c",state="x\\"y"}',
  )
  expect(select('m', { queue: ['b.c'] })).toBe('m{queue="b.c"}')
  expect(select('m')).toBe('m')
})
