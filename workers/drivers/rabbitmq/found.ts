// Reads what RabbitMQ's management API says of queues and exchanges back into the words of fleet.yaml.
import type {
  FixedSettings,
  FoundBinding,
  FoundExchange,
  FoundQueue,
  WaitField,
} from '../../core/admin.ts'

type Arguments = Readonly<Record<string, unknown>>

/** GET /api/queues/<vhost>/<name>: what we read of it. */
export interface ApiQueue {
  readonly type?: string
  readonly durable: boolean
  readonly auto_delete: boolean
  readonly exclusive?: boolean
  readonly arguments: Arguments
  readonly messages_unacknowledged?: number
  readonly policy?: string | null
  readonly operator_policy?: string | null
  readonly effective_policy_definition?: Arguments | readonly unknown[]
}

/** GET /api/exchanges/<vhost>/<name> */
export interface ApiExchange {
  readonly type: string
  readonly durable: boolean
  readonly auto_delete: boolean
  readonly internal: boolean
  readonly arguments: Arguments
  readonly policy?: string | null
}

/** GET /api/queues/<vhost>/<name>/bindings and the like. */
export interface ApiBinding {
  readonly source: string
  readonly destination: string
  readonly routing_key: string
  readonly arguments: Arguments
}

export const foundBindings = (bindings: readonly ApiBinding[] = []): FoundBinding[] =>
  bindings
    // Every queue is bound to the default exchange, for good.
    .filter(({ source }) => source !== '')
    .map((binding) => ({
      exchange: binding.source,
      to: binding.destination,
      key: binding.routing_key,
      arguments: binding.arguments,
    }))

const OVERFLOW: Readonly<Record<string, string>> = {
  'reject-publish': 'reject',
  'drop-head': 'drop-oldest',
}

const WAITS = [
  'x-message-ttl',
  'x-dead-letter-exchange',
  'x-dead-letter-routing-key',
  'x-dead-letter-strategy',
] as const satisfies readonly WaitField[]

const KNOWN = new Set<string>([
  ...WAITS,
  'x-queue-type',
  'x-max-length',
  'x-max-length-bytes',
  'x-overflow',
  'x-single-active-consumer',
  'x-delivery-limit',
  'x-max-age',
])

export function queueDetails(
  queue: ApiQueue,
  bindings: readonly ApiBinding[] | undefined,
): NonNullable<FoundQueue['details']> {
  const args = queue.arguments
  const type = queue.type ?? args['x-queue-type'] ?? 'classic'
  const stream = type === 'stream'
  const length = args['x-max-length']
  const bytes = args['x-max-length-bytes']
  const limited = !stream && (length !== undefined || bytes !== undefined)
  const overflow = args['x-overflow'] ?? (limited ? 'drop-head' : undefined)
  const settings = {
    type,
    durable: queue.durable,
    autoDelete: queue.auto_delete,
    exclusive: queue.exclusive ?? false,
    'limit.messages': length,
    'limit.bytes': stream ? undefined : bytes,
    'limit.overflow': overflow === undefined ? undefined : (OVERFLOW[textOf(overflow)] ?? overflow),
    singleActiveConsumer: args['x-single-active-consumer'] ?? false,
    deliveryLimit: limitOf(args['x-delivery-limit']),
    'retention.time': ageMs(args['x-max-age']),
    'retention.bytes': stream ? bytes : undefined,
    ...Object.fromEntries(WAITS.map((field) => [field, args[field]])),
  }
  return {
    settings: written(settings),
    others: { ...foreign(args), ...policies(queue) },
    bindings: foundBindings(bindings),
  }
}

export function exchangeDetails(
  exchange: ApiExchange,
  bindings: readonly ApiBinding[] | undefined,
): NonNullable<FoundExchange['details']> {
  const { type, durable, auto_delete: autoDelete, internal, policy } = exchange
  return {
    settings: { type, durable, autoDelete, internal },
    others: { ...foreign(exchange.arguments), ...(policy ? { policy } : {}) },
    bindings: foundBindings(bindings),
  }
}

const written = (settings: Record<string, unknown>): FixedSettings =>
  Object.fromEntries(
    Object.entries(settings)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        name,
        typeof value === 'number' || typeof value === 'boolean' ? value : textOf(value),
      ]),
  )

const foreign = (args: Arguments) =>
  Object.fromEntries(
    Object.entries(args)
      .filter(([name]) => !KNOWN.has(name))
      .map(([name, value]) => [name, textOf(value)]),
  )

/** A policy changes what a queue does without changing its arguments. */
function policies(queue: ApiQueue): Record<string, string> {
  const { policy, operator_policy: operator, effective_policy_definition: definition } = queue
  const what =
    definition === undefined || Array.isArray(definition) ? '' : `: ${textOf(definition)}`
  return {
    ...(policy ? { policy: `${policy}${what}` } : {}),
    ...(operator ? { 'operator policy': `${operator}${what}` } : {}),
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** Below zero there is none. */
const limitOf = (limit: unknown) => (typeof limit === 'number' && limit < 0 ? undefined : limit)

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  D: 86_400_000,
  M: 2_592_000_000,
  Y: 31_536_000_000,
}

/** `604800s`, `7D`; what is written otherwise stays as it is. */
function ageMs(age: unknown): unknown {
  const [, number, unit] = /^(\d+)([YMDhms])$/.exec(textOf(age) ?? '') ?? []
  return number === undefined ? age : Number(number) * (UNIT_MS[unit as string] as number)
}
