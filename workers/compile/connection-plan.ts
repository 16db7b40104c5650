// Plans the connections of a fleet; a secret is a name here, and one that is written out is refused.
import type {
  ConnectionPlan,
  KafkaClientName,
  Position,
  SecretRef,
  Setting,
  TextForm,
} from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import {
  BROKERS,
  CLIENT,
  CONNECTIONS,
  HOST,
  NODES,
  PORTS,
  REGISTRY_URL,
  SECURITY,
} from './grammar/connections.ts'
import { fill } from './grammar/fill.ts'
import type { Written } from './grammar/parts.ts'
import { isMap, mapOf, position, type Raw } from './raw.ts'
import { checkRedisWay } from './redis-way.ts'
import { defaultProblem, hasVariable, settingOf } from './settings.ts'
import { checkShape } from './shape.ts'
import { didYouMean } from './suggest.ts'
import type { Path, YamlFile } from './yaml-file.ts'

type Kind = keyof typeof CONNECTIONS
const KINDS = Object.keys(CONNECTIONS)
const isKind = (word: string): word is Kind => KINDS.includes(word)

/** The connections that have the right shape, by name. */
export function planConnections(
  file: YamlFile,
  table: Raw,
  out: Diagnostics,
): Record<string, ConnectionPlan> {
  const plans: [string, ConnectionPlan][] = []
  for (const [name, body] of Object.entries(table)) {
    if (!isMap(body)) continue
    const kind = kindOf(file, name, body, out)
    if (kind === undefined) continue
    const path = ['connections', name, kind]
    const secretsFine = refuseSecrets(file, path, mapOf(body[kind]), CREDENTIALS_OR_URL, out)
    const besideFine = refuseSecrets(
      file,
      [...path, 'registry'],
      mapOf(mapOf(body[kind])['registry']),
      CREDENTIALS,
      out,
    )
    if (!secretsFine || !besideFine || !checkShape(file, path, body[kind], CONNECTIONS[kind], out))
      continue
    const plan = connectionPlan(file, path, name, kind, body[kind])
    checkDefaults(plan, out)
    if (plan.kind === 'kafka' && plan.registry !== undefined) checkDefaults(plan.registry, out)
    if (plan.kind === 'redis') checkRedisWay(file, path, plan, body[kind], out)
    plans.push([name, plan])
  }
  return Object.fromEntries(plans)
}

function kindOf(file: YamlFile, name: string, body: Raw, out: Diagnostics): Kind | undefined {
  const path = ['connections', name]
  const [kind, second] = Object.keys(body)
  if (kind === undefined)
    out.error(
      'SLU0208',
      file.key(path),
      `connection "${name}" has no kind`,
      `one of ${KINDS.join(', ')}`,
    )
  else if (!isKind(kind))
    out.error(
      'SLU0208',
      file.key([...path, kind]),
      `"${kind.slice(0, 60)}" is no kind of connection`,
      didYouMean(kind, KINDS),
    )
  else if (second !== undefined)
    out.error(
      'SLU0208',
      file.key([...path, second]),
      `connection "${name}" is ${kind} already`,
      'make two connections of it',
    )
  else return kind
  return undefined
}

/** What a text must not look like: a URL may hold credentials once a variable is resolved, so brokers are none. */
const CREDENTIALS_OR_URL = {
  form: /:\/\/|[^\s/]:[^\s/]*@/,
  message: (field: string) => `"${field}" is a URL or holds credentials`,
  hint: 'host and port only; user and password have fields of their own',
}
const CREDENTIALS = {
  form: /:\/\/[^\s/]*@/,
  message: (field: string) => `"${field}" holds credentials`,
  hint: 'write it without them: user and password have fields of their own',
}

/** False when a password, or a text of the `refused` form, is written out. */
function refuseSecrets(
  file: YamlFile,
  path: Path,
  raw: Raw,
  refused: typeof CREDENTIALS,
  out: Diagnostics,
): boolean {
  let fine = true
  const refuse = (field: string, message: string, hint: string) => {
    fine = false
    out.error('SLU0209', file.at([...path, field]), message, hint)
  }
  for (const [field, value] of Object.entries(raw)) {
    const text = typeof value === 'number' ? String(value) : value
    if (typeof text !== 'string') continue
    if (field === 'password') {
      const variable = /^\$\{([A-Za-z_][A-Za-z0-9_]*)/.exec(text)?.[1]
      refuse(
        field,
        hasVariable(text) ? 'a secret is no setting' : 'a secret is written out',
        `password: { secret: ${variable ?? 'NAME_OF_VARIABLE'} }`,
      )
    } else if (refused.form.test(text)) refuse(field, refused.message(field), refused.hint)
  }
  return fine
}

function connectionPlan(
  file: YamlFile,
  path: Path,
  name: string,
  kind: Kind,
  body: unknown,
): ConnectionPlan {
  const at = position(file, path.slice(0, -1))
  const placeOf = (...field: string[]): Position => position(file, [...path, ...field])
  const text = (field: string, value: string, form?: TextForm) =>
    settingOf<string>(value, 'string', placeOf(field), form === undefined ? {} : { form })
  const port = (value: number | string, ...field: string[]) =>
    settingOf<number>(value, 'number', placeOf(...field), { between: PORTS })
  if (kind === 'kafka') {
    const { brokers, security, client, registry, breaker } = fill(CONNECTIONS.kafka, body)
    return {
      kind,
      name,
      at,
      brokers: text('brokers', brokers, BROKERS),
      security: text('security', security, SECURITY),
      client: settingOf<KafkaClientName>(client, 'string', placeOf('client'), { form: CLIENT }),
      registry: registry && {
        at: placeOf('registry'),
        url: settingOf<string>(registry.url, 'string', placeOf('registry', 'url'), {
          form: REGISTRY_URL,
        }),
        user:
          registry.user === undefined
            ? undefined
            : settingOf<string>(registry.user, 'string', placeOf('registry', 'user')),
        password: secretOf(registry.password),
      },
      breaker,
    }
  }
  if (kind === 'redis') {
    const { host, cluster, breaker, ...redis } = fill(CONNECTIONS.redis, body)
    return {
      kind,
      name,
      at,
      host: host === undefined ? undefined : text('host', host, HOST),
      port: port(redis.port, 'port'),
      cluster: cluster === undefined ? undefined : text('cluster', cluster, NODES),
      password: secretOf(redis.password),
      breaker,
    }
  }
  const rabbitmq = fill(CONNECTIONS.rabbitmq, body)
  const { management } = rabbitmq
  return {
    kind: 'rabbitmq',
    name,
    at,
    host: text('host', rabbitmq.host, HOST),
    port: port(rabbitmq.port, 'port'),
    user: text('user', rabbitmq.user),
    password: secretOf(rabbitmq.password),
    vhost: text('vhost', rabbitmq.vhost),
    management: management === undefined ? undefined : port(management.port, 'management', 'port'),
    breaker: rabbitmq.breaker,
  }
}

/** A default that can never be used is a slip, whatever the environment says. */
export function checkDefaults(plan: object, out: Diagnostics): void {
  for (const [field, value] of Object.entries(plan) as [string, unknown][]) {
    if (!isSetting(value)) continue
    const needs = defaultProblem(value)
    if (needs === undefined || !('at' in value)) continue
    const message = `the default of "${field}" is not ${needs}`
    out.error('SLU0210', { ...value.at, length: value.text.length }, message, `write ${needs}`)
  }
}

const isSetting = (value: unknown): value is Setting<unknown> =>
  typeof value === 'object' && value !== null && 'text' in value && 'as' in value

export const secretOf = (
  written: Written<typeof CONNECTIONS.redis>['password'],
): SecretRef | undefined =>
  written === undefined ? undefined : { secret: written.secret, optional: written.optional }
