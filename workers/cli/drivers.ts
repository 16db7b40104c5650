// Reads the settings of connections from the environment, for the drivers; secrets are looked up last and go nowhere else.
import type { KafkaPlan, RabbitmqPlan, RedisPlan, SecretRef } from '../core/plan.ts'
import { SluiceError } from '../core/errors.ts'
import { resolveSetting } from '../compile/settings.ts'

type Env = NodeJS.ProcessEnv

export function kafkaConfig(plan: KafkaPlan, env: Env) {
  const brokers = resolveSetting(plan.brokers, env)
    .split(',')
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '')
  return { brokers, client: resolveSetting(plan.client, env) }
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

export function redisConfig(plan: RedisPlan, env: Env) {
  return {
    host: resolveSetting(plan.host, env),
    port: resolveSetting(plan.port, env),
    password: secretOf(plan.password, env, plan),
  }
}

function secretOf(
  ref: SecretRef | undefined,
  env: Env,
  { at, name }: KafkaPlan | RabbitmqPlan | RedisPlan,
): string | undefined {
  if (ref === undefined) return undefined
  const value = env[ref.secret]
  if (value !== undefined && value !== '') return value
  if (ref.optional) return undefined
  throw new SluiceError('SLU1102', {
    message: `${ref.secret} is not set; connection ${name} (${at.file}:${at.line}) needs it`,
    at,
  })
}
