// What worker processes tell of themselves, as rules: dead letters, pipelines that stand, breakers, caches.
import type { FleetPlan } from '../../core/plan.ts'
import { QUESTIONS } from '../health/workers.ts'
import { perThreshold, select, type AlertRule } from './rule.ts'

export function pipelineRules(plan: FleetPlan): AlertRule[] {
  const pipelines = Object.keys(plan.pipelines).toSorted()
  if (pipelines.length === 0) return []
  return [
    ...lifeRules(plan, pipelines),
    ...rebalanceRules(plan),
    ...breakerRules(plan),
    ...cacheRules(plan),
  ]
}

function lifeRules({ workers }: FleetPlan, all: readonly string[]): AlertRule[] {
  const assigned = new Set(Object.values(workers).flatMap(({ pipelines }) => pipelines))
  const expected = assigned.size === 0 ? all : all.filter((name) => assigned.has(name))
  const stands = (state: string) =>
    `max by (pipeline) (${select('sluice_pipeline_state', { state, pipeline: all })}) == 1`
  const letters = select('sluice_messages_total', { outcome: 'deadLettered', pipeline: all })
  return [
    {
      alert: 'SluicePipelineAbsent',
      expr: expected
        .map((pipeline) => `absent(${select('sluice_pipeline_state', { pipeline })})`)
        .join(' or '),
      for: '5m',
      severity: 'critical',
      summary: 'No process that runs {{ $labels.pipeline }} is scraped',
      description: 'It does not run, or Prometheus does not know where.',
      next: 'npx sluice top',
    },
    {
      alert: 'SluiceDeadLetters',
      expr: `sum by (pipeline) (increase(${letters}[5m])) > 0`,
      for: undefined,
      severity: 'warning',
      summary: '{{ $labels.pipeline }} gives messages up',
      description: 'There are new dead letters: each says why, at which step, on which attempt.',
      next: 'npx sluice dlq list',
    },
    {
      alert: 'SluicePipelinePaused',
      expr: stands('paused'),
      for: undefined,
      severity: 'critical',
      summary: '{{ $labels.pipeline }} is paused by its guard',
      description:
        'Too many of its messages failed. It goes on after a restart: look at the dead letters first.',
      next: 'npx sluice dlq list',
    },
    {
      alert: 'SluicePipelineStalled',
      expr: stands('stalled'),
      for: '1m',
      severity: 'critical',
      summary: '{{ $labels.pipeline }} makes no progress while messages wait',
      description:
        'Its consumer is replaced by itself; if that does not help, restart the process.',
      next: 'npx sluice lag',
    },
    {
      alert: 'SluicePipelineApart',
      expr: stands('apart'),
      for: '1m',
      severity: 'critical',
      summary: '{{ $labels.pipeline }} has no part of its source',
      description: 'It is in no group, or its queue cannot be read.',
      next: 'npx sluice doctor',
    },
  ]
}

function rebalanceRules({ pipelines, health }: FleetPlan): AlertRule[] {
  const names = Object.values(pipelines)
    .filter(({ from }) => from.kind === 'topic')
    .map(({ name }) => name)
  if (names.length === 0) return []
  const metric = select('sluice_rebalances_total', { pipeline: names })
  return [
    ...perThreshold(health.rebalances, {
      alert: 'SluiceRebalances',
      expr: (count) => `max by (pipeline) (increase(${metric}[15m])) >= ${count}`,
      for: undefined,
      summary: 'The partitions of {{ $labels.pipeline }} are given out again and again',
      description: 'Processes come and go, or one of them is too slow to say that it is there.',
      next: 'npx sluice top',
    }),
  ]
}

function breakerRules({ breakers }: FleetPlan): AlertRule[] {
  const names = Object.keys(breakers)
  if (names.length === 0) return []
  // Half open is not closed: it goes back and forth for as long as the other side is away.
  const closed = select('sluice_breaker_state', { state: 'closed', breaker: names })
  return [
    {
      alert: 'SluiceBreakerOpen',
      expr: `min by (breaker) (${closed}) == 0`,
      for: '1m',
      severity: 'warning',
      summary: 'Breaker {{ $labels.breaker }} is open',
      description: 'What it protects fails: pipelines that need it wait, and lose no attempt.',
      next: 'npx sluice top',
    },
  ]
}

function cacheRules({ caches, health }: FleetPlan): AlertRule[] {
  const names = Object.keys(caches)
  const bypassing = Object.values(caches).filter(({ whenDown }) => whenDown === 'bypass')
  const over = (change: 'rate' | 'increase', labels: object) =>
    `sum by (cache) (${change}(${select('sluice_cache_requests_total', { cache: names, ...labels })}[15m]))`
  const bypasses = select('sluice_cache_bypasses_total', {
    cache: bypassing.map(({ name }) => name),
  })
  return [
    ...(names.length === 0
      ? []
      : perThreshold(health.hitPercent, {
          alert: 'SluiceCacheMisses',
          expr: (percent) =>
            `100 * ${over('rate', { result: 'hit' })} / ${over('rate', {})} < ${percent} and ${over('increase', {})} >= ${QUESTIONS}`,
          for: '15m',
          summary:
            'Cache {{ $labels.cache }} answers {{ $value | printf "%.0f" }} % of what it is asked',
          description: 'Its keys differ each time, its entries end too soon, or it was flushed.',
          next: 'npx sluice health',
        })),
    ...(bypassing.length === 0
      ? []
      : [
          {
            alert: 'SluiceCacheBypassed',
            expr: `sum by (cache) (increase(${bypasses}[5m])) > 0`,
            for: '5m',
            severity: 'warning' as const,
            summary: 'Pipelines go on without cache {{ $labels.cache }}',
            description: 'It does not answer, so each value is made anew.',
            next: 'npx sluice doctor',
          },
        ]),
  ]
}
