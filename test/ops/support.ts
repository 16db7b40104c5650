// Declared and found resources for tests of plans, each with one thing changed.
import type { FoundQueue, FoundSetting, FoundTopic, TopicField } from '../../workers/core/admin.ts'
import type { Exchange, Queue, Topic } from '../../workers/core/contract.ts'
import type { Flag } from '../../workers/ops/changes.ts'

export const allowing = (...flags: Flag[]): ReadonlySet<Flag> => new Set(flags)

const at = (line: number) => ({ file: 'pipelines/fleet.yaml', line, column: 3 })

export const topicOf = (changed: Partial<Topic> = {}): Topic => ({
  name: 'orders',
  address: 'p.orders',
  connection: 'events',
  at: at(12),
  partitions: 2,
  replication: undefined,
  minInSync: undefined,
  retention: {},
  cleanup: 'delete',
  compression: 'none',
  schema: 'commands/order',
  format: 'json',
  envelope: {},
  tombstones: 'invalid',
  deadLetters: false,
  parked: false,
  maxBytes: 1_048_588,
  ...changed,
})

/** As a cluster makes one without being told anything. */
export const foundTopic = (
  settings: Partial<Record<TopicField, FoundSetting['value']>> = {},
  changed: Partial<FoundTopic> = {},
): FoundTopic => {
  const setting = (field: TopicField, usual: FoundSetting['value']): FoundSetting => {
    const value = settings[field]
    return { value: value ?? usual, own: value !== undefined }
  }
  return {
    partitions: 2,
    replication: 1,
    settings: {
      'retention.time': setting('retention.time', 604_800_000),
      'retention.bytes': setting('retention.bytes', 'forever'),
      cleanup: setting('cleanup', 'delete'),
      minInSync: setting('minInSync', 1),
      maxBytes: setting('maxBytes', 1_048_588),
    },
    others: {},
    ...changed,
  }
}

export const exchangeOf = (changed: Partial<Exchange> = {}): Exchange => ({
  name: 'shipping',
  address: 'p.shipping',
  connection: 'work',
  at: at(20),
  type: 'topic',
  schema: 'commands/order',
  ...changed,
})

export const queueOf = (changed: Partial<Queue> = {}): Queue => ({
  name: 'parcels',
  address: 'p.parcels',
  connection: 'work',
  at: at(22),
  type: 'quorum',
  schema: 'commands/order',
  reply: undefined,
  envelope: {},
  deadLetters: false,
  bindings: [{ exchange: 'p.shipping', key: 'eu.#' }],
  limit: undefined,
  singleActiveConsumer: false,
  deliveryLimit: undefined,
  parked: false,
  waits: undefined,
  retention: {},
  ...changed,
})

export const boundTo = (key: string, changed: Partial<Record<'exchange' | 'to', string>> = {}) => ({
  exchange: 'p.shipping',
  to: 'p.parcels',
  key,
  arguments: {},
  ...changed,
})

type Details = NonNullable<FoundQueue['details']>

export const foundQueue = (
  settings: Details['settings'] = {},
  changed: Partial<FoundQueue & Details> = {},
): FoundQueue => ({
  messages: changed.messages ?? 0,
  consumers: changed.consumers ?? 0,
  details: {
    settings: {
      type: 'quorum',
      durable: true,
      autoDelete: false,
      exclusive: false,
      singleActiveConsumer: false,
      ...settings,
    },
    others: changed.others ?? {},
    bindings: changed.bindings ?? [boundTo('eu.#')],
  },
})
