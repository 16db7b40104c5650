// Everything that holds for one pipeline: its own values, and those of what it reads, uses, sends to and runs on.
import type { FleetSources } from '../../compile/compile.ts'
import { BREAKER, RETRY } from '../../compile/grammar/failure.ts'
import { FLEET_SPELT_OUT } from '../../compile/grammar/fleet.ts'
import type { JsonSchema } from '../../compile/grammar/parts.ts'
import { PIPELINE_SPELT_OUT } from '../../compile/grammar/pipeline.ts'
import { CACHE, EXCHANGE, JOBS, QUEUE, STORE, TOPIC } from '../../compile/grammar/resources.ts'
import { mapOf, type Raw } from '../../compile/raw.ts'
import type { YamlFile } from '../../compile/yaml-file.ts'
import type { FleetPlan, PipelinePlan } from '../../core/plan.ts'
import { sourceName, sourcePlan } from '../../core/source-plan.ts'
import { breakersOf } from '../../runtime/breaker-use.ts'
import { allSteps, usesState } from '../../core/plan-walk.ts'
import { cachesOf, destinationsOf } from '../../runtime/counts.ts'
import { connectionSection } from './connection.ts'
import type { Section, Value } from './value.ts'
import { walk, type Walk } from './walk.ts'

export interface Explained {
  readonly plan: FleetPlan
  readonly sources: FleetSources
  readonly env: Walk['env']
}

export function explainPipeline(parts: Explained, name: string): Section[] {
  const { plan, sources } = parts
  const pipeline = plan.pipelines[name] as PipelinePlan
  const file = sources.pipelines.find((one) => one.plan.name === name)?.file as YamlFile
  const fleet = sources.fleetFile as YamlFile
  const own: Section = {
    kind: 'pipeline',
    name,
    values: pipelineValues(parts, pipeline, file, fleet),
  }
  return [
    own,
    ...resources(parts, pipeline, fleet),
    ...breakers(parts, pipeline, fleet),
    ...fleetSections(parts, pipeline, fleet),
  ]
}

function pipelineValues(
  { env }: Explained,
  pipeline: PipelinePlan,
  file: YamlFile,
  fleet: YamlFile,
): Value[] {
  const { from, window } = pipeline
  const derived = {
    window: {
      value: window,
      from: from.kind === 'topic' ? 'what is usual for topics' : 'twice the concurrency',
    },
    ...(from.kind === 'topic'
      ? { 'from.group': { value: from.group, from: 'the name of the pipeline' } }
      : {}),
  }
  const values = walk({ file, env, derived }, PIPELINE_SPELT_OUT, file.value, [], '')
  const policy = values.find(({ path }) => path === 'failure.transient.policy')?.value
  if (typeof policy !== 'string') return values
  const path = ['policies', 'retry', policy]
  const retry = valueAt(fleet, path)
  const shared = walk({ file: fleet, env, policy }, RETRY, retry, path, 'failure.transient.retry')
  return values.flatMap((value) =>
    value.path === 'failure.transient.policy' ? [value, ...shared] : [value],
  )
}

function resources(parts: Explained, pipeline: PipelinePlan, fleet: YamlFile): Section[] {
  const { plan, env } = parts
  const used = new Set([
    sourceName(pipeline.from),
    ...destinationsOf(pipeline),
    ...allSteps(pipeline).flatMap(cachesOf),
  ])
  // A message for an exchange ends in the queues that are bound to it.
  for (const { name, bindings } of Object.values(plan.queues))
    if (bindings.some(({ exchange }) => used.has(exchange))) used.add(name)
  const of = (kind: string, section: string, schema: JsonSchema, names: readonly string[]) =>
    names
      .filter((name) => used.has(name))
      .map((name): Section => {
        const path = [section, name]
        const derived = section === 'topics' ? topicDefaults(plan, name) : {}
        return {
          kind,
          name,
          values: walk({ file: fleet, env, derived }, schema, valueAt(fleet, path), path, ''),
        }
      })
  return [
    ...of('topic', 'topics', TOPIC, Object.keys(plan.topics)),
    ...of('exchange', 'exchanges', EXCHANGE, Object.keys(plan.exchanges)),
    ...of('queue', 'queues', QUEUE, Object.keys(plan.queues)),
    ...of('jobs', 'jobs', JOBS, Object.keys(plan.jobs)),
    ...of('store', 'stores', STORE, Object.keys(plan.stores)),
    ...of('cache', 'caches', CACHE, Object.keys(plan.caches)),
  ]
}

function breakers({ plan, env }: Explained, pipeline: PipelinePlan, file: YamlFile): Section[] {
  const names = new Set(breakersOf(plan, pipeline).map(({ name }) => name))
  return [...names].map((name): Section => {
    const path = ['policies', 'breakers', name]
    return {
      kind: 'breaker',
      name,
      values: walk({ file, env }, BREAKER, valueAt(file, path), path, ''),
    }
  })
}

function topicDefaults({ topics }: FleetPlan, name: string): NonNullable<Walk['derived']> {
  const topic = topics[name] as FleetPlan['topics'][string]
  const from = topic.deadLetters
    ? 'the largest message of the other topics, and 64KiB'
    : "Kafka's own default"
  return { maxBytes: { value: topic.maxBytes, from } }
}

function fleetSections(parts: Explained, pipeline: PipelinePlan, fleet: YamlFile): Section[] {
  const { plan, env } = parts
  const raw = fleet.value as Raw
  const names = new Set([
    sourcePlan(plan, pipeline.from)?.connection,
    ...[...destinationsOf(pipeline)].map(
      (name) =>
        (
          plan.topics[name] ??
          plan.queues[name] ??
          plan.exchanges[name] ??
          plan.jobs[name] ??
          plan.stores[name]
        )?.connection,
    ),
    ...allSteps(pipeline)
      .flatMap(cachesOf)
      .map((name) => plan.caches[name]?.connection),
    ...(usesState(pipeline) ? [plan.state?.connection] : []),
  ])
  const connections = Object.values(plan.connections)
    .filter(({ name }) => names.has(name))
    .map((connection) => connectionSection({ file: fleet, env }, connection))
  const shared = walk(
    { file: fleet, env },
    withFields(FLEET_SPELT_OUT, [
      'fleet',
      'profile',
      'prefix',
      'provision',
      'connect',
      'drain',
      'state',
    ]),
    raw,
    [],
    '',
  )
  return [...connections, { kind: 'fleet', name: plan.fleet, values: shared }]
}

const withFields = (schema: JsonSchema, fields: readonly string[]): JsonSchema => ({
  ...schema,
  properties: Object.fromEntries(
    Object.entries(schema['properties'] as Readonly<Record<string, JsonSchema>>).filter(([name]) =>
      fields.includes(name),
    ),
  ),
})

const valueAt = (file: YamlFile, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => mapOf(value)[name], file.value)
