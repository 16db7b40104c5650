// Turns fleet.yaml into what pipelines share; names and kinds are checked here, once.
import type { FleetPlan, Position, TextForm, TopicPlan } from '../core/plan.ts'
import type { RetryPlan } from '../core/plan-policies.ts'
import { planAudit } from './audit-plan.ts'
import { planBreakers } from './breaker-plan.ts'
import { checkDefaults, planConnections, secretOf } from './connection-plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import { FLEET as FLEET_FILE, startOf } from './files.ts'
import { fill } from './grammar/fill.ts'
import { FLEET, PREFIX, PROFILE } from './grammar/fleet.ts'
import { planHealth } from './health-plan.ts'
import { isMap, mapOf, position, type Raw } from './raw.ts'
import { ResourcePlanner, type Resources } from './resource-plan.ts'
import { planRetry } from './retry-plan.ts'
import type { SchemaStore } from './schemas.ts'
import { settingOf } from './settings.ts'
import { planState } from './state-plan.ts'
import { nearest } from './suggest.ts'
import { checkShape } from './shape.ts'
import { milliseconds } from './units.ts'
import { checkVariables } from './variables.ts'
import type { YamlFile } from './yaml-file.ts'

/** What is written in the file, whether it has the right shape or not. */
export interface DeclaredNames {
  readonly connections: readonly string[]
  readonly topics: readonly string[]
  readonly exchanges: readonly string[]
  readonly queues: readonly string[]
  readonly caches: readonly string[]
  readonly jobs: readonly string[]
  readonly stores: readonly string[]
  readonly policies: readonly string[]
  readonly breakers: readonly string[]
  readonly hasState: boolean
}

export interface Fleet
  extends
    Pick<
      FleetPlan,
      'fleet' | 'profile' | 'prefix' | 'provision' | 'connectWithinMs' | 'drainWithinMs' | 'workers'
    >,
    Pick<FleetPlan, 'connections' | 'state' | 'audit' | 'health' | 'ops' | 'breakers'>,
    Resources {
  readonly retryPolicies: Readonly<Record<string, RetryPlan>>
  /** Undefined when the file could not be read: then nobody knows which names there are. */
  readonly declared: DeclaredNames | undefined
}

/** With faults of shape the rest is planned all the same, so that the faults of pipelines are found in the same run. */
export function planFleet(
  file: YamlFile | undefined,
  schemas: SchemaStore,
  out: Diagnostics,
): Fleet {
  if (file !== undefined) {
    checkShape(file, [], file.value, FLEET, out)
    checkVariables(file, out)
  }
  const written = fill(FLEET, file?.value)
  const usable = file !== undefined && isMap(file.value)
  const raw = mapOf(file?.value)
  const connections = usable ? planConnections(file, mapOf(raw['connections']), out) : {}
  const resources = usable
    ? new ResourcePlanner({ file, written, raw, connections, schemas, out }).plan()
    : { topics: {}, exchanges: {}, queues: {}, jobs: {}, stores: {}, caches: {} }
  const setting = (field: 'profile' | 'prefix', form: TextForm) =>
    settingOf<string>(written[field], 'string', placeOf(file, field), { form })
  const settings = { profile: setting('profile', PROFILE), prefix: setting('prefix', PREFIX) }
  checkDefaults(settings, out)
  return {
    fleet: written.fleet,
    ...settings,
    provision: written.provision,
    connectWithinMs: milliseconds(written.connect.within),
    drainWithinMs: milliseconds(written.drain.within),
    connections,
    state: usable ? planState(file, raw, connections, out) : undefined,
    health: planHealth(usable ? file : undefined, written.health, out),
    ops: { token: secretOf(written.ops.token) },
    audit: usable ? planAudit(file, raw, written.audit, resources, out) : undefined,
    ...resources,
    retryPolicies: mapValues(written.policies.retry, planRetry),
    breakers: planBreakers(file, written.policies.breakers, connections, out),
    workers: mapValues(written.workers, ({ pipelines, replicas }) => ({
      pipelines: pipelines.map(String),
      replicas,
    })),
    declared: usable ? declaredIn(raw) : undefined,
  }
}

const placeOf = (file: YamlFile | undefined, field: string): Position =>
  file === undefined ? startOf(FLEET_FILE) : position(file, [field])

/** Undefined for one that is not declared, or not as it should be. */
export const topicOf = ({ topics }: Fleet, name: string): TopicPlan | undefined =>
  Object.hasOwn(topics, name) ? topics[name] : undefined

const SECTIONS = FLEET['properties'] as object

const declaredIn = (raw: Raw): DeclaredNames => {
  const names = (section: unknown) => Object.keys(mapOf(section))
  // What stands under a misspelt section is there all the same: the section is what is wrong.
  const odd = Object.keys(raw).filter((key) => !Object.hasOwn(SECTIONS, key))
  const section = (name: string) => raw[name] ?? raw[nearest(name, odd) ?? name]
  return {
    connections: names(section('connections')),
    topics: names(section('topics')),
    exchanges: names(section('exchanges')),
    queues: names(section('queues')),
    caches: names(section('caches')),
    jobs: names(section('jobs')),
    stores: names(section('stores')),
    policies: names(mapOf(section('policies'))['retry']),
    breakers: names(mapOf(section('policies'))['breakers']),
    hasState: section('state') !== undefined,
  }
}

const mapValues = <A, B>(table: Readonly<Record<string, A>>, map: (value: A) => B) =>
  Object.fromEntries(Object.entries(table).map(([name, value]) => [name, map(value)]))
