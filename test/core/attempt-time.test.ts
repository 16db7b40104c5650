// How long one message may be at work: what runs one after another adds up, a route takes one way, a split as many items as it may.
import { expect, test } from 'vitest'
import { longestAttemptMs, longestTriesMs } from '../../workers/core/attempt-time.ts'
import type { PipelinePlan, StepPlan } from '../../workers/core/plan.ts'

const at = { file: 'pipelines/x.yaml', line: 1, column: 1 }
const expression = { text: 'true', at }
const base = { id: 's', index: 0, at, when: undefined }
const call = (timeoutMs: number): StepPlan => ({
  ...base,
  kind: 'call',
  call: { handler: 'h', input: expression, caches: [], timeoutMs, breaker: undefined, at },
})
const request = (timeoutMs: number): StepPlan => ({
  ...base,
  kind: 'request',
  queue: 'q',
  body: expression,
  timeoutMs,
})
const map: StepPlan = { ...base, kind: 'map', value: expression }
const split = (limit: number, ...steps: readonly StepPlan[]): StepPlan => ({
  ...base,
  kind: 'split',
  over: expression,
  as: 'item',
  itemId: undefined,
  limit,
  steps,
})
const route = (
  otherwise: readonly StepPlan[],
  ...ways: readonly (readonly StepPlan[])[]
): StepPlan => ({
  ...base,
  kind: 'route',
  branches: ways.map((steps) => ({ when: expression, steps })),
  otherwise: { steps: otherwise },
})

test.each<readonly [string, readonly StepPlan[], number]>([
  ['calls and requests add up', [call(10), map, request(5)], 15],
  [
    'a route takes its longest way',
    [route([call(1)], [call(10), call(10)], [call(15)]), call(5)],
    25,
  ],
  ['a split takes all items', [split(100, call(3), map), call(5)], 305],
  ['and within a split', [split(10, route([], [split(2, call(7))]))], 140],
])('%s', (_what, steps, ms) => {
  expect(longestAttemptMs({ steps })).toBe(ms)
})

test('all attempts, and the waits between them', () => {
  const retry = { attempts: 4, firstMs: 100, maxMs: 150, jitter: 'none' } as const
  const failure = { transient: { retry } } as PipelinePlan['failure']
  expect(longestTriesMs({ steps: [call(10)], failure })).toBe(4 * 10 + 100 + 150 + 150)
})
