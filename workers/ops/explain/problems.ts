// What is wrong with the environment as fleet.yaml reads it: all of it at once, where a start would stop at the first.
import { resolveSetting } from '../../compile/settings.ts'
import { CODES, type Code } from '../../core/codes.ts'
import { SluiceError } from '../../core/errors.ts'
import type { ConnectionPlan, FleetPlan, SecretRef, Setting } from '../../core/plan.ts'
import type { YamlFile } from '../../compile/yaml-file.ts'
import { EXPECTED_VARIABLES } from './own-variables.ts'

type Env = Readonly<Record<string, string | undefined>>

export interface ConfigProblem {
  readonly severity: 'error' | 'warning'
  readonly code: Code
  readonly message: string
  readonly fix: string
}

export function configProblems(
  plan: FleetPlan,
  { text }: Pick<YamlFile, 'text'>,
  env: Env,
): ConfigProblem[] {
  const { profile, prefix, audit, connections, ops } = plan
  const used = Object.values(connections).map((connection) => usedOf(connection, env))
  const roots = [{ profile, prefix, audit, ops }, ...used]
  const errors = roots.flatMap((root) => leaves(root).flatMap((leaf) => problemOf(leaf, env)))
  const unread = EXPECTED_VARIABLES.filter(
    (name) => (env[name] ?? '') !== '' && !new RegExp(`\\b${name}\\b`).test(text),
  ).map((name) =>
    problem('warning', 'SLU1188', `${name} is set, and pipelines/fleet.yaml does not read it`),
  )
  return [...errors, ...unread]
}

/** Where a Redis is a cluster, nobody asks for its host. */
function usedOf(connection: ConnectionPlan, env: Env): object {
  if (connection.kind !== 'redis' || connection.cluster === undefined) return connection
  const { cluster, password } = connection
  return given(cluster, env) === '' ? connection : { cluster, password }
}

/** Undefined for what cannot be read, which is said elsewhere. */
function given(setting: Setting<string>, env: Env): string | undefined {
  try {
    return resolveSetting(setting, env)
  } catch {
    return undefined
  }
}

type Leaf = Setting<unknown> | SecretRef

/** Settings and secrets below a part of the plan. */
function leaves(part: unknown): Leaf[] {
  if (typeof part !== 'object' || part === null) return []
  if ('secret' in part || ('text' in part && 'as' in part)) return [part as Leaf]
  return Object.values(part).flatMap(leaves)
}

function problemOf(leaf: Leaf, env: Env): ConfigProblem[] {
  if ('secret' in leaf)
    return leaf.optional || (env[leaf.secret] ?? '') !== ''
      ? []
      : [problem('error', 'SLU1102', `${leaf.secret} is not set, and is a secret that is needed`)]
  try {
    resolveSetting(leaf, env)
    return []
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown
    return [problem('error', thrown.code, thrown.message)]
  }
}

const problem = (
  severity: ConfigProblem['severity'],
  code: Code,
  message: string,
): ConfigProblem => ({ severity, code, message, fix: CODES[code].fix })
