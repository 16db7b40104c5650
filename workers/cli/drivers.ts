// Reads the settings of connections from the environment, for the drivers; secrets are looked up last and go nowhere else.
import type { KafkaPlan, RabbitmqPlan, RedisPlan, SecretRef, Setting } from '../core/plan.ts'
import { SluiceError } from '../core/errors.ts'
import { resolveSetting } from '../compile/settings.ts'

type Env = NodeJS.ProcessEnv

export function kafkaConfig(plan: KafkaPlan, env: Env) {
  resolveSetting(plan.security, env)
  const brokers = listed(resolveSetting(plan.brokers, env))
  return { brokers, client: resolveSetting(plan.client, env) }
}

/** An empty variable names none. Throws SLU1103 for one that is malformed. */
export const hasRegistry = ({ registry }: KafkaPlan, env: Env): boolean =>
  registry !== undefined && resolveSetting(registry.url, env) !== ''

/** Throws SLU1161 where the variable that names it is not set: topics are in it. */
export function registryConfig({ registry, name }: KafkaPlan, env: Env) {
  const url = registry === undefined ? '' : resolveSetting(registry.url, env)
  if (registry === undefined || url === '') {
    const where = registry && `${registry.at.file}:${registry.at.line}`
    throw new SluiceError('SLU1161', {
      message: `connection ${name} has no schema registry: its url is empty (${where})`,
      ...(registry === undefined ? {} : { at: registry.at }),
    })
  }
  return {
    url,
    user: registry.user === undefined ? undefined : resolveSetting(registry.user, env),
    password: secretOf(registry.password, env, { at: registry.at, name }),
  }
}

export function rabbitmqConfig(plan: RabbitmqPlan, env: Env) {
  return {
    host: resolveSetting(plan.host, env),
    port: resolveSetting(plan.port, env),
    user: resolveSetting(plan.user, env),
    password: secretOf(plan.password, env, plan) ?? 'guest',
    vhost: resolveSetting(plan.vhost, env),
  }
}

export const rabbitmqAdminConfig = (plan: RabbitmqPlan, env: Env) => ({
  ...rabbitmqConfig(plan, env),
  managementPort: plan.management === undefined ? undefined : resolveSetting(plan.management, env),
})

/** The nodes of a cluster where some are named, else the one server. */
export function redisConfig(plan: RedisPlan, env: Env) {
  const cluster = clusterNodes(plan, env)
  const password = secretOf(plan.password, env, plan)
  if (cluster.length > 0) return { cluster, password }
  return {
    // The compiler has seen to it that there is one.
    host: resolveSetting(plan.host as Setting<string>, env),
    port: resolveSetting(plan.port, env),
    password,
  }
}

function clusterNodes({ cluster }: RedisPlan, env: Env): { host: string; port: number }[] {
  const nodes = cluster === undefined ? [] : listed(resolveSetting(cluster, env))
  return [...new Set(nodes)].map((node) => {
    const at = node.lastIndexOf(':')
    return { host: node.slice(0, at), port: Number(node.slice(at + 1)) }
  })
}

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')

function secretOf(
  ref: SecretRef | undefined,
  env: Env,
  { at, name }: Pick<KafkaPlan, 'at' | 'name'>,
): string | undefined {
  return ref && secretIn(ref, env, `connection ${name} (${at.file}:${at.line})`)
}

/** Undefined for one that is optional and not set; an empty variable counts as not set. `who` needs it, for people. */
export function secretIn(
  { secret, optional }: SecretRef,
  env: Env,
  who: string,
): string | undefined {
  const value = env[secret]
  if (value !== undefined && value !== '') return value
  if (optional) return undefined
  throw new SluiceError('SLU1102', { message: `${secret} is not set; ${who} needs it` })
}
