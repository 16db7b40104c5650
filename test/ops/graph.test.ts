// The fleet as a graph: what is connected to what, and a picture that no name can break.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileFleet } from '../../workers/compile/compile.ts'
import { graphOf } from '../../workers/ops/graph/graph.ts'
import { mermaid } from '../../workers/ops/graph/mermaid.ts'
import { compiledRoutes, compiledShop } from './project.ts'

const graph = graphOf(compiledShop().plan, ['billing'])
const edges = graph.edges.map(({ from, to, kind, step }) =>
  [from, kind, to, step].filter((part) => part !== undefined).join(' '),
)

test('what a pipeline reads, calls, remembers, sends, and where that ends', () => {
  expect(edges).toEqual([
    'topic:orders reads pipeline:billing',
    'pipeline:billing caches cache:prices price',
    'pipeline:billing calls handler:quote price',
    'handler:quote uses cache:rates',
    'pipeline:billing calls handler:quote check',
    'pipeline:billing sends queue:alerts alert',
    'pipeline:billing sends exchange:by_severity route',
    'pipeline:billing sends jobs:reviews review',
    'pipeline:billing sends topic:billed announce',
    'pipeline:billing deadLetters topic:orders.dlq',
    'exchange:by_severity binds queue:urgent',
  ])
})

test('every end of an edge is a node, and what nothing touches is none', () => {
  const ids = new Set(graph.nodes.map(({ id }) => id))
  expect(ids.size).toBe(graph.nodes.length)
  for (const { from, to } of graph.edges) expect([ids.has(from), ids.has(to)]).toEqual([true, true])
  expect(ids).not.toContain('topic:unused')
  expect(graph.nodes.find(({ name }) => name === 'orders.dlq')).toEqual({
    id: 'topic:orders.dlq',
    kind: 'topic',
    name: 'orders.dlq',
    connection: 'events',
    deadLetters: true,
  })
})

test('as Mermaid: a line a node and an edge, and labels that hold nothing but text', () => {
  const lines = mermaid(graph).trimEnd().split('\n')
  expect(lines[0]).toBe('flowchart LR')
  expect(lines.filter((line) => /^ {2}n\d+\S*"[^"]*"\S*:::\w+$/.test(line))).toHaveLength(
    graph.nodes.length,
  )
  const arrows = lines.filter((line) =>
    /^ {2}n\d+ (?:-->|==>|-\.->)(?:\|"[^"|<>]*"\|)? n\d+$/.test(line),
  )
  expect(arrows).toHaveLength(graph.edges.length)
  expect(lines.join('\n')).toContain(
    'alert: when price.total #62; 10 #38;#38; event.id #33;#61;#61; #34;x#60;y#62;#124;z#34;',
  )
  expect(lines.filter((line) => !/^ {2}(?:n\d|classDef )/.test(line))).toEqual(['flowchart LR'])
})

test('of a step within others, the ways on which it is reached', () => {
  const routed = graphOf(compiledRoutes().plan, ['billing'])
  expect(
    routed.edges.flatMap(({ step, under, when }) =>
      under === undefined ? [] : [{ step, under, when }],
    ),
  ).toEqual([
    {
      step: 'alert',
      under: ['when event.id !== ""', 'when event.data.total > 10'],
      when: undefined,
    },
    {
      step: 'told',
      under: ['when event.id !== ""', 'otherwise', 'each part of [event.data]'],
      when: undefined,
    },
    {
      step: 'check',
      under: ['when event.id !== ""', 'otherwise', 'when event.data.total > 5'],
      when: 'event.key !== null',
    },
  ])
  expect(mermaid(routed)).toContain(
    '"check: when event.id #33;#61;#61; #34;#34;, otherwise, when event.data.total #62; 5, when event.key #33;#61;#61; null"',
  )
})

test('what the fleet tells of itself is there where a pipeline has to do with it', () => {
  const { plan } = compileFleet(join(import.meta.dirname, '../..'))
  if (plan === undefined) throw new Error('the platform has mistakes')
  const told = { from: 'health:alerting', to: 'queue:alerts', kind: 'sends', step: 'alerting' }
  const whole = graphOf(plan, ['alert-routing'])
  expect(whole.edges).toContainEqual(told)
  expect(whole.nodes).toContainEqual({ id: 'health:alerting', kind: 'health', name: 'alerting' })
  expect(mermaid(whole)).toContain('{{"alerting"}}:::health')
  const other = graphOf(plan, ['feature-updates'])
  expect(other.nodes.map(({ kind }) => kind)).not.toContain('health')
})
