// From a folder to a frozen plan: load, shape, names, expressions, rules; all faults of all files at once.
import type { Diagnostic } from '../core/diagnostic.ts'
import type { FleetPlan, PipelinePlan } from '../core/plan.ts'
import { Diagnostics } from './diagnostics.ts'
import { readProject, type ProjectFiles } from './files.ts'
import { planFleet, type Fleet } from './fleet-plan.ts'
import { handlerNames } from './handler-files.ts'
import { parkingPlaces } from './parking-rules.ts'
import { planPipeline, type PlannedPipeline } from './pipeline-plan.ts'
import { mapOf } from './raw.ts'
import { checkRules } from './rules.ts'
import { SchemaStore } from './schemas.ts'
import type { YamlFile } from './yaml-file.ts'
import { ALERTING_MODULE, planAlerting, type PlannedAlerting } from './alerting-plan.ts'

export interface CompiledFleet {
  /** Deeply frozen; undefined when there are errors. */
  readonly plan: FleetPlan | undefined
  /** Source of the compiled module by pipeline; that of `alerting` by a name of its own. */
  readonly modules: Readonly<Record<string, string>>
  readonly diagnostics: readonly Diagnostic[]
  /** What could be read, with mistakes as without: what the check of types works on. */
  readonly sources: FleetSources
}

export interface FleetSources {
  readonly root: string
  readonly fleet: Fleet
  /** Names of the handlers that are there. */
  readonly handlers: readonly string[]
  readonly schemas: Readonly<Record<string, object>>
  readonly pipelines: readonly PlannedPipeline[]
  /** Undefined where none is written. */
  readonly alerting: PlannedAlerting | undefined
  /** Undefined when it could not be read. */
  readonly fleetFile: YamlFile | undefined
}

/** `root` holds pipelines/fleet.yaml. Reads files, connects to nothing, never throws for what a user wrote. */
export function compileFleet(root: string): CompiledFleet {
  const out = new Diagnostics()
  const files = readProject(root, out)
  const schemas = new SchemaStore(root)
  const fleet = planFleet(files.fleet, schemas, out)
  const alerting = planAlerting(files.fleet, fleet, out)
  const around = { fleet, handlers: handlerNames(root) }
  const pipelines = files.pipelines
    .map((file) => planPipeline(file, around, out))
    .filter((pipeline): pipeline is PlannedPipeline => pipeline !== undefined)
  const planned = pipelines.filter(({ shaped }) => shaped)
  checkRules(planned, fleet, files.fleet, pipelineNames(files), out)
  const plan =
    out.failed || files.fleet === undefined
      ? undefined
      : deepFreeze({ ...fleetPlan(root, fleet, planned, schemas), alerting: alerting?.plan })
  const modules = Object.fromEntries([
    ...planned.map(({ plan: { name }, module }) => [name, module] as const),
    ...(alerting === undefined ? [] : [[ALERTING_MODULE, alerting.module] as const]),
  ])
  return {
    plan,
    modules: plan === undefined ? {} : modules,
    diagnostics: out.sorted(),
    sources: {
      root,
      ...around,
      schemas: schemas.all(),
      pipelines,
      alerting,
      fleetFile: files.fleet,
    },
  }
}

/** Of all files, those with faults included: what is wrong with one pipeline does not make a worker wrong. */
function pipelineNames({ pipelines, unread }: ProjectFiles): string[] {
  const names = new Set(unread)
  for (const { file, value } of pipelines) {
    const name = mapOf(value)['pipeline']
    const isFine = typeof name === 'string' && !names.has(name)
    // What has no name, or that of another, would probably be called like its file.
    names.add(isFine ? name : nameOfFile(file))
  }
  return [...names]
}

const nameOfFile = (file: string) => file.replace(/^pipelines\//, '').replace(/\.ya?ml$/, '')

function fleetPlan(
  root: string,
  { declared: _declared, ...fleet }: Fleet,
  planned: readonly PlannedPipeline[],
  schemas: SchemaStore,
): Omit<FleetPlan, 'alerting'> {
  const parking = planned.map((one) => parkingPlaces(one, fleet))
  return {
    ...fleet,
    topics: { ...fleet.topics, ...Object.fromEntries(parking.flatMap(({ topics }) => topics)) },
    queues: { ...fleet.queues, ...Object.fromEntries(parking.flatMap(({ queues }) => queues)) },
    root,
    pipelines: Object.fromEntries(
      planned.map(({ plan }): [string, PipelinePlan] => [plan.name, plan]),
    ),
    schemas: schemas.all(),
    avro: schemas.allAvro(),
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const child of Object.values(value)) deepFreeze(child)
  return Object.freeze(value)
}
