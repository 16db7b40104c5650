// A fleet as a graph: what it reads, calls, remembers and sends, as plain data.
import type { FleetPlan, PipelinePlan, StepPlan } from '../../core/plan.ts'
import { letterKind, lettersOfPipeline } from '../../core/letter.ts'
import { blocksOf, handlersOf, type Block } from '../../core/plan-walk.ts'
import { sourceName } from '../../core/source-plan.ts'

export type NodeKind =
  | 'topic'
  | 'exchange'
  | 'queue'
  | 'jobs'
  | 'schedule'
  | 'store'
  | 'cache'
  | 'handler'
  | 'pipeline'
  | 'health'

export interface GraphNode {
  /** `<kind>:<name>`. */
  readonly id: string
  readonly kind: NodeKind
  readonly name: string
  /** The connection it is on, of what is on a broker. */
  readonly connection?: string
  readonly schema?: string
  /** True of a topic or a stream that holds dead letters. */
  readonly deadLetters?: true
}

export interface GraphEdge {
  readonly from: string
  readonly to: string
  /** reads: messages; calls: a handler; caches: a step with a cache; forgets: entries of a cache; uses: a handler with a cache; sends: a command, an event, a job or a value to a store; asks: a request; binds: an exchange to a queue. */
  readonly kind:
    'reads' | 'calls' | 'caches' | 'forgets' | 'uses' | 'sends' | 'asks' | 'binds' | 'deadLetters'
  readonly step?: string
  /** Of a step within others: the ways on which it is reached, outermost first. */
  readonly under?: readonly string[]
  /** The condition, as it is written. */
  readonly when?: string
  /** The key of a binding. */
  readonly key?: string
}

export interface Graph {
  readonly version: 1
  readonly fleet: string
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}

/** What a place for dead letters is in the picture. */
const LETTERS = { topic: 'topic', stream: 'queue', jobs: 'jobs' } as const

const idOf = (kind: NodeKind, name: string) => `${kind}:${name}`

/** The part of the fleet that these pipelines touch, in the order of the files. */
export function graphOf(plan: FleetPlan, pipelines: readonly string[]): Graph {
  const flows = pipelines.flatMap((name) => edgesOf(plan, plan.pipelines[name] as PipelinePlan))
  const edges = [...flows, ...alertingEdges(plan, flows)]
  const reached = new Set(edges.flatMap(({ from, to }) => [from, to]))
  const bindings = bindingsOf(plan, reached)
  for (const { to } of bindings) reached.add(to)
  return {
    version: 1,
    fleet: plan.fleet,
    nodes: nodesOf(plan).filter(({ id }) => reached.has(id)),
    edges: [...edges, ...bindings],
  }
}

function edgesOf(plan: FleetPlan, pipeline: PipelinePlan): GraphEdge[] {
  const { name, from, when, steps } = pipeline
  const self = idOf('pipeline', name)
  return [
    {
      from: idOf(from.kind, sourceName(from)),
      to: self,
      kind: 'reads',
      ...(when === undefined ? {} : { when: when.text.trim() }),
    },
    ...stepsEdges(self, steps, []),
    ...lettersOfPipeline(pipeline).map((letters): GraphEdge => ({
      from: self,
      to: idOf(LETTERS[letterKind(plan, letters)], letters),
      kind: 'deadLetters',
    })),
  ]
}

/** What the fleet tells of itself, where one of the pipelines has to do with it. */
function alertingEdges({ alerting }: FleetPlan, flows: readonly GraphEdge[]): GraphEdge[] {
  if (alerting === undefined) return []
  const told = stepEdges(idOf('health', 'alerting'), alerting.command, [])
  return told.filter(({ to }) => flows.some((flow) => flow.from === to || flow.to === to))
}

const stepsEdges = (
  from: string,
  steps: readonly StepPlan[],
  under: readonly string[],
): GraphEdge[] =>
  steps.flatMap((step) => [
    ...stepEdges(from, step, under),
    ...blocksOf(step).flatMap((block) => {
      const way = wayInto(step, block)
      return stepsEdges(from, block.steps, [...under, ...conditionOf(step), way])
    }),
  ])

const conditionOf = ({ when }: StepPlan) => (when === undefined ? [] : [`when ${when.text.trim()}`])

/** What has to be so for the steps of a block to run. */
function wayInto(step: StepPlan, { at }: Block): string {
  if (step.kind === 'split') return `each ${step.as} of ${step.over.text.trim()}`
  const branch = step.kind === 'route' ? step.branches[at] : undefined
  return branch === undefined ? 'otherwise' : `when ${branch.when.text.trim()}`
}

function stepEdges(from: string, step: StepPlan, under: readonly string[]): GraphEdge[] {
  const own = {
    step: step.id,
    ...(under.length === 0 ? {} : { under }),
    ...(step.when === undefined ? {} : { when: step.when.text.trim() }),
  }
  const calls = (handler: string, caches: readonly string[]): GraphEdge[] => [
    { from, to: idOf('handler', handler), kind: 'calls', ...own },
    ...caches.map((cache): GraphEdge => ({
      from: idOf('handler', handler),
      to: idOf('cache', cache),
      kind: 'uses',
    })),
  ]
  switch (step.kind) {
    case 'call':
      return calls(step.call.handler, step.call.caches)
    case 'cache':
      return [
        { from, to: idOf('cache', step.cache), kind: 'caches', ...own },
        ...calls(step.load.handler, step.load.caches),
      ]
    case 'forget':
      return [{ from, to: idOf('cache', step.cache), kind: 'forgets', ...own }]
    case 'map':
    case 'dedupe':
    case 'window':
    case 'route':
    case 'split':
      return []
    case 'command': {
      const { to } = step
      const target = 'queue' in to ? idOf('queue', to.queue) : idOf('exchange', to.exchange)
      return [{ from, to: target, kind: 'sends', ...own }]
    }
    case 'request':
      return [{ from, to: idOf('queue', step.queue), kind: 'asks', ...own }]
    case 'event':
      return [{ from, to: idOf('topic', step.topic), kind: 'sends', ...own }]
    case 'job':
      return [{ from, to: idOf('jobs', step.jobs), kind: 'sends', ...own }]
    case 'store':
      return [{ from, to: idOf('store', step.store), kind: 'sends', ...own }]
  }
}

function bindingsOf({ queues }: FleetPlan, reached: ReadonlySet<string>): GraphEdge[] {
  return Object.values(queues).flatMap(({ name, bindings }) =>
    bindings
      .map(({ exchange, key }): GraphEdge => ({
        from: idOf('exchange', exchange),
        to: idOf('queue', name),
        kind: 'binds',
        ...(key === '' ? {} : { key }),
      }))
      .filter(({ from }) => reached.has(from)),
  )
}

function nodesOf(plan: FleetPlan): GraphNode[] {
  const placed = (
    kind: NodeKind,
    all: Readonly<Record<string, { name: string; connection: string; schema: string | undefined }>>,
  ) =>
    Object.values(all).map(({ name, connection, schema }): GraphNode => {
      const table = kind === 'topic' ? plan.topics : kind === 'queue' ? plan.queues : {}
      const deadLetters = table[name]?.deadLetters === true
      return {
        id: idOf(kind, name),
        kind,
        name,
        connection,
        ...(schema === undefined ? {} : { schema }),
        ...(deadLetters ? { deadLetters } : {}),
      }
    })
  const named = (kind: NodeKind, names: Iterable<string>) =>
    [...names].map((name): GraphNode => ({ id: idOf(kind, name), kind, name }))
  return [
    ...placed('topic', plan.topics),
    ...schedulesOf(plan),
    ...named('pipeline', Object.keys(plan.pipelines)),
    ...placed('cache', plan.caches),
    ...named('handler', new Set(Object.values(plan.pipelines).flatMap(handlersOf))),
    ...placed('exchange', plan.exchanges),
    ...placed('queue', plan.queues),
    ...placed('jobs', plan.jobs),
    ...placed('store', plan.stores),
    ...(plan.alerting === undefined ? [] : named('health', ['alerting'])),
  ]
}

/** Called by when they fire. */
const schedulesOf = ({ pipelines }: FleetPlan): GraphNode[] =>
  Object.values(pipelines).flatMap(({ from }): GraphNode[] => {
    if (from.kind !== 'schedule') return []
    const { schedule, connection } = from
    const name =
      'cron' in schedule
        ? `${schedule.cron} (${schedule.timezone})`
        : `every ${schedule.everyMs / 1_000} s`
    return [{ id: idOf('schedule', from.name), kind: 'schedule', name, connection }]
  })
