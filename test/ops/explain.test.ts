// What holds for a pipeline and where it comes from: the files, the environment, policies, defaults, and what follows from them.
import { expect, test } from 'vitest'
import { explainPipeline } from '../../workers/ops/explain/pipeline.ts'
import { explainText } from '../../workers/ops/explain/text.ts'
import type { Section } from '../../workers/ops/explain/value.ts'
import { compiledRoutes, compiledShop } from './project.ts'

const shop = compiledShop()
const explained = (env: Record<string, string> = {}) => explainPipeline({ ...shop, env }, 'billing')
const valueOf = (sections: readonly Section[], section: string, path: string) => {
  const found = sections.find(({ kind, name }) => `${kind} ${name}` === section)
  const value = found?.values.find((one) => one.path === path)
  return value && { value: value.value, ...value.origin }
}

test('what is written stands with its place, in the order of the language', () => {
  const sections = explained()
  expect(valueOf(sections, 'pipeline billing', 'steps.alert.command.to')).toEqual({
    value: 'alerts',
    kind: 'file',
    file: 'pipelines/billing.yaml',
    line: 12,
    column: 20,
  })
  expect(sections.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'pipeline billing',
    'topic orders',
    'topic billed',
    'topic orders.dlq',
    'exchange by_severity',
    'queue alerts',
    'queue urgent',
    'jobs reviews',
    'cache prices',
    'cache rates',
    'breaker quotes',
    'kafka connection events',
    'rabbitmq connection work',
    'redis connection hot',
    'fleet shop',
  ])
})

test('defaults of the grammar, and what follows from something else', () => {
  const sections = explained()
  const of = (section: string, path: string) => valueOf(sections, section, path)
  expect(of('pipeline billing', 'concurrency')).toEqual({ value: 256, kind: 'default' })
  expect(of('pipeline billing', 'steps.price.cache.load.timeout')).toEqual({
    value: '20s',
    kind: 'default',
  })
  expect(of('jobs reviews', 'retention.completed')).toMatchObject({ value: '2d', kind: 'file' })
  expect(of('jobs reviews', 'retention.failed')).toEqual({ value: 'forever', kind: 'default' })
  expect(of('fleet shop', 'drain.within')).toEqual({ value: '25s', kind: 'default' })
  expect(of('pipeline billing', 'from.group')).toMatchObject({ value: 'billing', kind: 'derived' })
  expect(of('topic orders.dlq', 'maxBytes')).toMatchObject({
    value: 2 * 1024 * 1024 + 64 * 1024,
    kind: 'derived',
  })
})

test('a breaker that a call names stands with its own values', () => {
  const of = (path: string) => valueOf(explained(), 'breaker quotes', path)
  expect(of('open')).toMatchObject({ value: '30s', kind: 'file' })
  expect(of('patience')).toEqual({ value: '10m', kind: 'default' })
})

test('a policy gives its values, with its place in fleet.yaml', () => {
  expect(
    valueOf(explained(), 'pipeline billing', 'failure.transient.retry.attempts'),
  ).toMatchObject({
    value: 9,
    kind: 'policy',
    name: 'patient',
    file: 'pipelines/fleet.yaml',
    line: 25,
  })
})

test('the environment as it is, and never a secret', () => {
  const env = { BROKERS: 'kafka:9092', RABBITMQ_PASSWORD: 'hunter2' }
  const sections = explained(env)
  expect(valueOf(sections, 'kafka connection events', 'brokers')).toMatchObject({
    value: 'kafka:9092',
    kind: 'environment',
    set: ['BROKERS'],
    unset: [],
  })
  expect(valueOf(explained(), 'kafka connection events', 'brokers')).toMatchObject({
    value: 'localhost:9092',
    set: [],
    unset: ['BROKERS'],
  })
  expect(valueOf(sections, 'rabbitmq connection work', 'password')).toMatchObject({
    value: '***',
    set: ['RABBITMQ_PASSWORD'],
  })
  expect(JSON.stringify(sections) + explainText(sections, { color: false })).not.toContain(
    'hunter2',
  )
})

test('every value that the plan was made of has one line of text', () => {
  const sections = explained()
  const lines = explainText(sections, { color: false }).split('\n')
  const values = sections.flatMap((section) => section.values)
  expect(lines.filter((line) => line.includes('← '))).toHaveLength(values.length)
  expect(new Set(sections[0]?.values.map(({ path }) => path)).size).toBe(sections[0]?.values.length)
})

test('steps within others stand below them, with their defaults', () => {
  const sections = explainPipeline({ ...compiledRoutes(), env: {} }, 'billing')
  const of = (path: string) => valueOf(sections, 'pipeline billing', `steps.by_total.route.${path}`)
  expect(of('branches.0.when')).toMatchObject({ value: 'event.data.total > 10', line: 10 })
  expect(of('branches.0.steps.alert.command.to')).toMatchObject({ value: 'alerts', line: 13 })
  expect(of('otherwise.steps.inner.route.branches.0.steps.check.call.timeout')).toEqual({
    value: '20s',
    kind: 'default',
  })
  expect(of('otherwise.steps.inner.route.otherwise.fail')).toMatchObject({ value: 'too small' })
})
