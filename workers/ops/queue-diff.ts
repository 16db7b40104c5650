// Compares exchanges, queues and bindings of fleet.yaml with those of a virtual host; pure.
import type {
  FixedField,
  FixedSettings,
  FoundBinding,
  FoundExchange,
  FoundQueue,
  FoundQueues,
  QueueAction,
} from '../core/admin.ts'
import type { Exchange, Queue } from '../core/contract.ts'
import {
  flagged,
  impossible,
  safe,
  whereOf,
  type Drift,
  type Flag,
  type PlannedChange,
  type Value,
} from './changes.ts'

export interface DeclaredQueues {
  readonly connection: string
  readonly exchanges: readonly Exchange[]
  readonly queues: readonly Queue[]
}

export function diffQueues(
  declared: DeclaredQueues,
  found: FoundQueues,
  allow: ReadonlySet<Flag>,
): { changes: PlannedChange[]; drift: Drift[] } {
  const { connection, exchanges, queues } = declared
  const drift: Drift[] = found.undeclared.map(({ kind, name }) => ({
    kind,
    connection,
    name,
    field: null,
    value: null,
  }))
  const changes = [
    ...exchanges.flatMap((exchange) =>
      exchangeChanges(exchange, found.exchanges.get(exchange.address), queues, allow),
    ),
    ...queues.flatMap((queue) => queueChanges(queue, found.queues.get(queue.address), allow)),
    ...queues.flatMap((queue) => bindingChanges(queue, found.queues.get(queue.address), allow)),
  ]
  for (const [kind, objects, there] of [
    ['exchange', exchanges, found.exchanges],
    ['queue', queues, found.queues],
  ] as const)
    for (const { address: name, ...object } of objects) {
      const details = there.get(name)?.details
      const want = 'bindings' in object ? wantedOfQueue(object) : {}
      const left = LEFT_TO_THE_BROKER.flatMap((field): [string, Value][] => {
        const value = details?.settings[field]
        return kind === 'queue' && want[field] === undefined && value !== undefined
          ? [[field, value]]
          : []
      })
      for (const [field, value] of [...left, ...Object.entries(details?.others ?? {})])
        drift.push({ kind, connection, name, field, value })
    }
  return { changes, drift }
}

// ---------------------------------------------------------------- objects

type Subject = Pick<PlannedChange, 'kind' | 'connection' | 'name' | 'where'>

const subjectOf = (kind: 'exchange' | 'queue', object: Exchange | Queue): Subject => ({
  kind,
  connection: object.connection,
  name: object.address,
  where: whereOf(object.at),
})

/** Not written in fleet.yaml, they are as the broker is set up. */
const LEFT_TO_THE_BROKER: readonly FixedField[] = [
  'deliveryLimit',
  'retention.time',
  'retention.bytes',
  'x-message-ttl',
  'x-dead-letter-exchange',
  'x-dead-letter-routing-key',
  'x-dead-letter-strategy',
]

const wantedOfQueue = (queue: Omit<Queue, 'address'>): FixedSettings => {
  const { type, limit, singleActiveConsumer, deliveryLimit, retention, waits } = queue
  const { timeMs, bytes } = retention
  return defined({
    type,
    durable: true,
    autoDelete: false,
    exclusive: false,
    'limit.messages': limit?.messages,
    'limit.bytes': limit?.bytes,
    'limit.overflow': limit?.overflow,
    singleActiveConsumer,
    deliveryLimit,
    // RabbitMQ counts in seconds; forever is what it does without.
    'retention.time': typeof timeMs === 'number' ? Math.ceil(timeMs / 1000) * 1000 : undefined,
    'retention.bytes': bytes,
    ...(waits === undefined ? {} : waitSettings(waits)),
  })
}

/** What goes on does so only once it is confirmed there, which holds for queues alone that refuse what is too much. */
const waitSettings = ({ ms, then }: NonNullable<Queue['waits']>): FixedSettings => ({
  'x-message-ttl': ms,
  'x-dead-letter-exchange': '',
  'x-dead-letter-routing-key': then,
  'x-dead-letter-strategy': 'at-least-once',
  'limit.overflow': 'reject',
})

const defined = (settings: Record<string, Value | undefined>): FixedSettings =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))

/** What is said of a new one: what is always so goes without saying. */
const spoken = (settings: FixedSettings) =>
  Object.fromEntries(
    Object.entries(settings).filter(
      ([field, value]) =>
        value !== false && value !== '' && !['durable', 'exclusive'].includes(field),
    ),
  ) as Record<string, Value>

function exchangeChanges(
  exchange: Exchange,
  found: FoundExchange | undefined,
  queues: readonly Queue[],
  allow: ReadonlySet<Flag>,
): PlannedChange[] {
  const subject = subjectOf('exchange', exchange)
  const want = { type: exchange.type, durable: true, autoDelete: false, internal: false }
  if (found === undefined) {
    const action = { do: 'create-exchange', exchange } as const
    return [safe(subject, { symbol: '+', field: null, from: null, to: spoken(want), action })]
  }
  if (found.details === undefined) return []
  const ours = new Set(allow.has('unbind') ? queues.map(({ address }) => address) : [])
  const strangers = found.details.bindings.filter(
    (bound) => !isDeclared(bound, queues) && !ours.has(bound.to),
  ).length
  return fixedChanges(subject, want, found.details.settings, {
    allow,
    action: { do: 'replace-exchange', exchange, queues },
    reason: 'while it is made again, what is sent to it comes back unroutable and is tried again',
    obstacle:
      strangers === 0
        ? undefined
        : `${counted(strangers, 'binding')} of it not declared would be gone: remove them first`,
  })
}

function queueChanges(
  queue: Queue,
  found: FoundQueue | undefined,
  allow: ReadonlySet<Flag>,
): PlannedChange[] {
  const subject = subjectOf('queue', queue)
  const want = wantedOfQueue(queue)
  if (found === undefined) {
    const action = { do: 'create-queue', queue } as const
    return [safe(subject, { symbol: '+', field: null, from: null, to: spoken(want), action })]
  }
  if (found.details === undefined) return []
  const strangers = found.details.bindings.filter((bound) => !isDeclared(bound, [queue])).length
  return fixedChanges(subject, want, found.details.settings, {
    allow,
    action: { do: 'replace-queue', queue },
    reason:
      'it is deleted and made again: stop what sends to it first, a message of that instant would be gone',
    obstacle: obstacleOf(found, allow.has('unbind') ? 0 : strangers),
  })
}

function obstacleOf({ messages, consumers }: FoundQueue, strangers: number): string | undefined {
  const reasons = [
    ...(messages > 0 ? [`it holds ${counted(messages, 'message')}`] : []),
    ...(consumers > 0 ? [`it has ${counted(consumers, 'consumer')}`] : []),
    ...(strangers > 0 ? [`${counted(strangers, 'binding')} of it not declared`] : []),
  ]
  return reasons.length === 0
    ? undefined
    : `${reasons.join(', ')}: stop what sends to it and let it run empty, or declare it under a new name`
}

interface Fixed {
  readonly allow: ReadonlySet<Flag>
  readonly action: QueueAction
  readonly reason: string
  /** Why it cannot be made again now, whatever is allowed. */
  readonly obstacle: string | undefined
}

function fixedChanges(
  subject: Subject,
  want: FixedSettings,
  found: FixedSettings,
  { allow, action, reason, obstacle }: Fixed,
): PlannedChange[] {
  const fields = [...new Set([...Object.keys(want), ...Object.keys(found)])] as FixedField[]
  return fields.flatMap((field) => {
    const to = want[field] ?? null
    const from = found[field] ?? null
    if (to === from || (to === null && LEFT_TO_THE_BROKER.includes(field))) return []
    const difference = { symbol: '!', field, from, to } as const
    return allow.has('recreate') && obstacle !== undefined
      ? [impossible(subject, difference, 'SLU0398', obstacle)]
      : [flagged(subject, { ...difference, action }, { flag: 'recreate', reason, allow })]
  })
}

// ---------------------------------------------------------------- bindings

function bindingChanges(
  queue: Queue,
  found: FoundQueue | undefined,
  allow: ReadonlySet<Flag>,
): PlannedChange[] {
  const { address: to, connection, at } = queue
  // It is there, and nobody could be asked how it is bound.
  if (found !== undefined && found.details === undefined) return []
  const there = found?.details?.bindings ?? []
  const subject = (exchange: string) => ({
    kind: 'binding' as const,
    connection,
    name: `${exchange} → ${to}`,
    where: whereOf(at),
  })
  const missing = queue.bindings
    .filter((wanted) => !there.some((bound) => isSame(bound, wanted, to)))
    .map(({ exchange, key }) => {
      const action = { do: 'bind', exchange, to, key, arguments: {} } as const
      return safe(subject(exchange), { symbol: '+', field: 'key', from: null, to: key, action })
    })
  const surplus = there
    .filter((bound) => !isDeclared(bound, [queue]))
    .map((bound) => {
      const { exchange, key } = bound
      const action = { do: 'unbind', ...bound } as const
      const reason = 'fleet.yaml does not declare it: what comes this way would come no more'
      const difference = { symbol: '-', field: 'key', from: key, to: null, action } as const
      return flagged(subject(exchange), difference, { flag: 'unbind', reason, allow })
    })
  return [...missing, ...surplus]
}

const isDeclared = (bound: FoundBinding, queues: readonly Queue[]) =>
  queues.some(({ address, bindings }) => bindings.some((wanted) => isSame(bound, wanted, address)))

const isSame = (bound: FoundBinding, wanted: { exchange: string; key: string }, to: string) =>
  bound.exchange === wanted.exchange &&
  bound.to === to &&
  bound.key === wanted.key &&
  Object.keys(bound.arguments).length === 0

const counted = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`
