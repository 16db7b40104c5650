// The fleet that a process starts from: a project that is compiled now, or a tree that `sluice build` made.
import { join, resolve } from 'node:path'
import { ALERTING_MODULE } from '../compile/alerting-plan.ts'
import { buildAlerting } from '../compile/build.ts'
import { planHash } from '../compile/plan-hash.ts'
import type { FleetPlan } from '../core/plan.ts'
import type { AlertingModule } from '../ops/alerting/announce.ts'
import { PLAN_FILE } from './build/tree.ts'
import type { Composition } from './composition.ts'
import { thaw } from './frozen-plan.ts'
import {
  choosePipelines,
  compileProject,
  findProject,
  importAlerting,
  importCode,
  loadCode,
  type LoadedCode,
} from './project.ts'

export interface Wanted {
  readonly project?: string
  /** A tree in place of the project: nothing is compiled. */
  readonly built?: string
  /** None: all of them. */
  readonly pipelines: readonly string[]
}

export interface FoundFleet {
  readonly plan: FleetPlan
  readonly pipelines: readonly string[]
  load(): Promise<LoadedCode>
  /** What alerts become; undefined where the fleet tells none. */
  loadAlerting(): Promise<AlertingModule | undefined>
  hash(): string
}

/** Undefined when there are mistakes, which have been printed. */
export async function findFleet(
  { project, built, pipelines: asked }: Wanted,
  { log }: Composition,
): Promise<FoundFleet | undefined> {
  if (built !== undefined) {
    const { plan, modules, hash } = thaw(join(resolve(built), PLAN_FILE))
    const pipelines = choosePipelines(plan, asked)
    return {
      plan,
      pipelines,
      load: () => importCode(plan, modules, pipelines),
      loadAlerting: () => importAlerting(modules[ALERTING_MODULE]),
      hash: () => hash,
    }
  }
  const compiled = await compileProject(findProject(project), process.stderr, log)
  if (compiled === undefined) return undefined
  const { plan } = compiled
  const pipelines = choosePipelines(plan, asked)
  const load = () => loadCode(compiled, pipelines)
  const loadAlerting = () => importAlerting(buildAlerting(compiled))
  return { plan, pipelines, load, loadAlerting, hash: () => planHash(compiled) }
}
