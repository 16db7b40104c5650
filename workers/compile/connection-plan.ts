// Plans the connections of a fleet; a secret is a name here, and one that is written out is refused.
import type { ConnectionPlan, Position, SecretRef } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import { CONNECTIONS, PORTS } from './grammar/fleet.ts'
import { isMap, mapOf, position, type Raw } from './raw.ts'
import { hasVariable, settingOf } from './settings.ts'
import { checkShape } from './shape.ts'
import { didYouMean } from './suggest.ts'
import type { Path, YamlFile } from './yaml-file.ts'

const KINDS = Object.keys(CONNECTIONS)

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
    const secretsFine = refuseSecrets(file, path, mapOf(body[kind]), out)
    if (!secretsFine || !checkShape(file, path, body[kind], CONNECTIONS[kind] ?? {}, out)) continue
    plans.push([name, connectionPlan(file, path, name, kind, mapOf(body[kind]))])
  }
  return Object.fromEntries(plans)
}

function kindOf(file: YamlFile, name: string, body: Raw, out: Diagnostics): string | undefined {
  const path = ['connections', name]
  const [kind, second] = Object.keys(body)
  if (kind === undefined)
    out.error(
      'SLU0208',
      file.key(path),
      `connection "${name}" has no kind`,
      `one of ${KINDS.join(', ')}`,
    )
  else if (!KINDS.includes(kind))
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

/** False when a password, or a URL that may hold one, is written out. */
function refuseSecrets(file: YamlFile, path: Path, raw: Raw, out: Diagnostics): boolean {
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
    } else if (/:\/\/|[^\s/]:[^\s/]*@/.test(text))
      refuse(
        field,
        `"${field}" is a URL or holds credentials`,
        'host and port only; user and password have fields of their own',
      )
  }
  return fine
}

function connectionPlan(
  file: YamlFile,
  path: Path,
  name: string,
  kind: string,
  raw: Raw,
): ConnectionPlan {
  const at = position(file, path.slice(0, -1))
  const placeOf = (field: string): Position => position(file, [...path, field])
  const string = (field: string, fallback: string) =>
    settingOf<string>((raw[field] ?? fallback) as string, 'string', placeOf(field))
  const port = (fallback: number) =>
    settingOf<number>((raw['port'] ?? fallback) as number, 'number', placeOf('port'), PORTS)
  const password = secretOf(raw['password'])
  if (kind === 'kafka') return { kind, name, at, brokers: string('brokers', ''), client: 'kafkajs' }
  const host = string('host', 'localhost')
  if (kind === 'redis') return { kind, name, at, host, port: port(6379), password }
  const user = string('user', 'guest')
  const vhost = string('vhost', '/')
  return { kind: 'rabbitmq', name, at, host, port: port(5672), user, password, vhost }
}

function secretOf(raw: unknown): SecretRef | undefined {
  if (!isMap(raw)) return undefined
  return { secret: String(raw['secret']), optional: raw['optional'] === true }
}
