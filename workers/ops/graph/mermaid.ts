// A graph as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html); no text of a user can leave its label.
import type { Graph, GraphEdge, GraphNode, NodeKind } from './graph.ts'

/** What stands around the label of a node. */
const SHAPES: Readonly<Record<NodeKind, readonly [string, string]>> = {
  topic: ['[/', '/]'],
  exchange: ['{{', '}}'],
  queue: ['[[', ']]'],
  jobs: ['[[', ']]'],
  store: ['[(', ')]'],
  schedule: ['((', '))'],
  cache: ['[(', ')]'],
  handler: ['>', ']'],
  pipeline: ['([', '])'],
  health: ['{{', '}}'],
}

const CLASSES = [
  'classDef pipeline fill:#e8f1fb,stroke:#2f6fb1,color:#10304f,font-weight:bold',
  'classDef topic fill:#f3f3f3,stroke:#555555,color:#222222',
  'classDef exchange fill:#fdf1e3,stroke:#b8742a,color:#4d2d06',
  'classDef queue fill:#fdf1e3,stroke:#b8742a,color:#4d2d06',
  'classDef jobs fill:#f3ecfa,stroke:#7b4bab,color:#33114f',
  'classDef store fill:#fdeaea,stroke:#b13f3f,color:#4f1010',
  'classDef schedule fill:#f3ecfa,stroke:#7b4bab,color:#33114f',
  'classDef cache fill:#fdeaea,stroke:#b13f3f,color:#4f1010',
  'classDef handler fill:#eef8ee,stroke:#3f8a3f,color:#123d12',
  'classDef health fill:#fff8e0,stroke:#a58a1f,color:#4a3d05',
  'classDef deadLetters fill:#f3f3f3,stroke:#999999,color:#555555,stroke-dasharray:4 3',
]

/** Of a condition; a picture is no place to read code. */
const LONGEST = 60

export function mermaid({ nodes, edges }: Graph): string {
  const short = new Map(nodes.map(({ id }, index) => [id, `n${index}`]))
  const idOf = (id: string) => short.get(id) as string
  const used = new Set<string>(nodes.map(classOf))
  return [
    'flowchart LR',
    ...nodes.map((node) => `  ${idOf(node.id)}${shape(node)}:::${classOf(node)}`),
    ...edges.map((edge) => `  ${idOf(edge.from)} ${arrow(edge)} ${idOf(edge.to)}`),
    ...CLASSES.filter((line) => used.has(line.split(' ')[1] ?? '')).map((line) => `  ${line}`),
    '',
  ].join('\n')
}

const classOf = ({ kind, deadLetters }: GraphNode) => (deadLetters === true ? 'deadLetters' : kind)

function shape({ kind, name }: GraphNode): string {
  const [open, close] = SHAPES[kind]
  return `${open}"${label(name)}"${close}`
}

function arrow(edge: GraphEdge): string {
  const text = textOf(edge)
  const line = edge.kind === 'deadLetters' ? '-.->' : edge.kind === 'sends' ? '==>' : '-->'
  return text === '' ? line : `${line}|"${label(text)}"|`
}

function textOf({ kind, step, under = [], when, key }: GraphEdge): string {
  if (kind === 'binds') return key ?? ''
  if (kind === 'deadLetters') return 'dead letters'
  const conditions = [...under, ...(when === undefined ? [] : [`when ${when}`])].map(shortened)
  return [step, conditions.join(', ')]
    .filter((part) => part !== undefined && part !== '')
    .join(': ')
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
}

/** Mermaid reads `#` and a number as a character: everything that could mean something else becomes one. */
const label = (text: string): string =>
  text.replace(/[^A-Za-z0-9 .,:;_/+\-…]/gu, (char) => `#${char.codePointAt(0)};`)
