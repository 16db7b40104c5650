// The whole configuration as it holds here and now: everything of fleet.yaml, the variables beside it, and what is wrong with any of them.
import type { FleetSources } from '../../compile/compile.ts'
import { BREAKER, RETRY } from '../../compile/grammar/failure.ts'
import { FLEET_SPELT_OUT, WORKER } from '../../compile/grammar/fleet.ts'
import type { JsonSchema } from '../../compile/grammar/parts.ts'
import { CACHE, EXCHANGE, JOBS, QUEUE, STORE, TOPIC } from '../../compile/grammar/resources.ts'
import { mapOf } from '../../compile/raw.ts'
import type { YamlFile } from '../../compile/yaml-file.ts'
import type { FleetPlan } from '../../core/plan.ts'
import { connectionSection } from './connection.ts'
import { OWN_VARIABLES } from './own-variables.ts'
import { configProblems, type ConfigProblem } from './problems.ts'
import { HIDDEN, type Section, type Value } from './value.ts'
import { walk } from './walk.ts'

type Env = Readonly<Record<string, string | undefined>>

export interface Config {
  readonly sections: readonly Section[]
  readonly problems: readonly ConfigProblem[]
}

/** Sections that hold things by their names. */
const NAMED: readonly (readonly [string, string, JsonSchema])[] = [
  ['topics', 'topic', TOPIC],
  ['exchanges', 'exchange', EXCHANGE],
  ['queues', 'queue', QUEUE],
  ['jobs', 'jobs', JOBS],
  ['stores', 'store', STORE],
  ['caches', 'cache', CACHE],
  ['workers', 'worker', WORKER],
]

export function explainConfig(plan: FleetPlan, sources: FleetSources, env: Env): Config {
  const file = sources.fleetFile as YamlFile
  const parts = { file, env }
  const at = (...path: string[]) => path.reduce<unknown>((so, name) => mapOf(so)[name], file.value)
  const of = (kind: string, name: string, schema: JsonSchema, path: string[]): Section => ({
    kind,
    name,
    values: walk(parts, schema, at(...path), path, ''),
  })
  const names = (...path: string[]) => Object.keys(mapOf(at(...path)))
  const sections = [
    { kind: 'fleet', name: plan.fleet, values: fleetValues(parts, file) },
    ...Object.values(plan.connections).map((connection) => connectionSection(parts, connection)),
    ...NAMED.flatMap(([section, kind, schema]) =>
      names(section).map((name) => of(kind, name, schema, [section, name])),
    ),
    ...names('policies', 'retry').map((name) =>
      of('retry policy', name, RETRY, ['policies', 'retry', name]),
    ),
    ...names('policies', 'breakers').map((name) =>
      of('breaker', name, BREAKER, ['policies', 'breakers', name]),
    ),
    { kind: 'environment', name: 'beside fleet.yaml', values: ownValues(env) },
  ]
  return { sections, problems: configProblems(plan, file, env) }
}

/** What is neither named by the user nor a section of names. */
function fleetValues(parts: { file: YamlFile; env: Env }, { value }: YamlFile): Value[] {
  const elsewhere = new Set(['connections', 'policies', ...NAMED.map(([section]) => section)])
  const properties = FLEET_SPELT_OUT['properties'] as Readonly<Record<string, JsonSchema>>
  const own = Object.fromEntries(
    Object.entries(properties).filter(([name]) => !elsewhere.has(name)),
  )
  return walk(parts, { ...FLEET_SPELT_OUT, properties: own }, value, [], '')
}

const ownValues = (env: Env): Value[] =>
  OWN_VARIABLES.map(({ name, usual, secret }): Value => {
    const given = env[name] ?? ''
    if (given === '') return { path: name, value: usual, origin: { kind: 'default' } }
    return { path: name, value: secret ? HIDDEN : given, origin: { kind: 'variable', name } }
  })
