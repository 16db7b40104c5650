// The fleet as a graph: what is connected to what, and a picture that no name can break.
import { expect, test } from 'vitest'
import { graphOf } from '../../workers/ops/graph/graph.ts'
import { mermaid } from '../../workers/ops/graph/mermaid.ts'
import { compiledShop } from './project.ts'

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
