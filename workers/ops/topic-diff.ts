// Compares topics of fleet.yaml with those of a cluster; pure.
import type { FoundSetting, FoundTopic, FoundTopics, TopicField } from '../core/admin.ts'
import type { Topic } from '../core/contract.ts'
import {
  flagged,
  impossible,
  safe,
  whereOf,
  type Drift,
  type Flag,
  type PlannedChange,
  type Settings,
  type Value,
} from './changes.ts'

/** What a topic has when fleet.yaml does not say; such a topic is left as the cluster is set up. */
const DEFAULTS: Readonly<Partial<Record<TopicField, Value>>> = {
  cleanup: 'delete',
  maxBytes: 1_048_588,
}

const FIELDS: readonly TopicField[] = [
  'retention.time',
  'retention.bytes',
  'cleanup',
  'minInSync',
  'maxBytes',
]

const wanted = (topic: Topic): Readonly<Record<TopicField, Value | undefined>> => ({
  'retention.time': topic.retention.timeMs,
  'retention.bytes': topic.retention.bytes,
  cleanup: topic.cleanup,
  minInSync: topic.minInSync,
  maxBytes: topic.maxBytes,
})

export function diffTopics(
  connection: string,
  declared: readonly Topic[],
  { topics, undeclared }: FoundTopics,
  allow: ReadonlySet<Flag>,
): { changes: PlannedChange[]; drift: Drift[] } {
  const changes: PlannedChange[] = []
  const drift: Drift[] = undeclared.map((name) => ({
    kind: 'topic',
    connection,
    name,
    field: null,
    value: null,
  }))
  for (const topic of declared) {
    const found = topics.get(topic.address)
    const one = new TopicDiff(topic, allow)
    if (found === undefined) changes.push(one.creation())
    else {
      changes.push(...one.changes(found))
      drift.push(...one.drift(found))
    }
  }
  return { changes, drift }
}

class TopicDiff {
  private readonly topic: Topic
  private readonly allow: ReadonlySet<Flag>
  private readonly subject

  constructor(topic: Topic, allow: ReadonlySet<Flag>) {
    this.topic = topic
    this.allow = allow
    const { connection, address: name, at } = topic
    this.subject = { kind: 'topic', connection, name, where: whereOf(at) } as const
  }

  creation(): PlannedChange {
    const { topic } = this
    const { partitions, replication } = topic
    const to: Record<string, Value> = { partitions }
    if (replication !== undefined) to['replication'] = replication
    for (const [field, value] of Object.entries(wanted(topic)))
      if (value !== undefined && value !== DEFAULTS[field as TopicField]) to[field] = value
    const action = { do: 'create-topic', topic } as const
    return safe(this.subject, { symbol: '+', field: null, from: null, to: to as Settings, action })
  }

  changes(found: FoundTopic): PlannedChange[] {
    const settings = FIELDS.flatMap((field) => {
      const want = wanted(this.topic)[field]
      const { value, own } = found.settings[field]
      const left = want === undefined || (!own && want === DEFAULTS[field])
      return left || want === value ? [] : [this.setting(field, value, want, found)]
    })
    return [...settings, ...this.replication(found), ...this.partitions(found)]
  }

  drift(found: FoundTopic): Drift[] {
    const { connection, kind, name } = this.subject
    const undeclared = FIELDS.filter((field) => wanted(this.topic)[field] === undefined)
      .map((field): [string, FoundSetting] => [field, found.settings[field]])
      .filter(([, { own }]) => own)
      .map(([field, { value }]): [string, Value] => [field, value])
    return [...undeclared, ...Object.entries(found.others)].map(([field, value]) => ({
      kind,
      connection,
      name,
      field,
      value,
    }))
  }

  private setting(field: TopicField, from: Value, to: Value, found: FoundTopic): PlannedChange {
    const { subject, allow } = this
    const action = { do: 'set', topic: this.topic, field } as const
    const difference = { symbol: '~', field, from, to, action } as const
    const retention = (reason: string) =>
      flagged(subject, difference, { flag: 'retention', reason, allow })
    switch (field) {
      case 'retention.time':
      case 'retention.bytes':
        return less(to, from)
          ? retention('messages that are kept today are deleted, read or not')
          : safe(subject, difference)
      case 'cleanup': {
        const added = policies(to).filter((policy) => !policies(from).includes(policy))
        if (added.includes('compact'))
          return retention(
            'only the latest message of each key stays, and messages without a key are refused',
          )
        if (added.includes('delete')) return retention('messages beyond the retention are deleted')
        return safe(subject, difference)
      }
      case 'minInSync':
        if (Number(to) > found.replication)
          return impossible(
            subject,
            difference,
            'SLU0395',
            `the topic has ${copies(found.replication)} of each partition: nothing could be written to it`,
          )
        return safe(subject, difference)
      case 'maxBytes':
        return safe(subject, difference, less(to, from) ? 'larger messages are refused' : null)
    }
  }

  private replication({ replication: from }: FoundTopic): PlannedChange[] {
    const to = this.topic.replication
    if (to === undefined || to === from) return []
    const difference = { symbol: '!', field: 'replication', from, to } as const
    const reason =
      'copies are moved between brokers by kafka-reassign-partitions, which knows their disks'
    return [impossible(this.subject, difference, 'SLU0395', reason)]
  }

  private partitions({ partitions: from }: FoundTopic): PlannedChange[] {
    const { topic, subject, allow } = this
    const to = topic.partitions
    if (to === from) return []
    const field = 'partitions'
    if (to < from) {
      const reason = 'Kafka takes no partition away: their messages would be gone'
      return [impossible(subject, { symbol: '!', field, from, to }, 'SLU0395', reason)]
    }
    const action = { do: 'add-partitions', topic } as const
    const reason =
      'keys move to other partitions: new messages of a key may be done before older ones'
    const difference = { symbol: '~', field, from, to, action } as const
    return [flagged(subject, difference, { flag: 'partitions', reason, allow })]
  }
}

const less = (a: Value, b: Value) => amount(a) < amount(b)
const amount = (value: Value) => (value === 'forever' ? Infinity : Number(value))
const policies = (value: Value) => String(value).split('-')
const copies = (n: number) => (n === 1 ? '1 copy' : `${n} copies`)
