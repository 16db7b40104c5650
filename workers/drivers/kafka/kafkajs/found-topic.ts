// Reads what Kafka says of a topic back into the words of fleet.yaml.
import type { ConfigEntries } from 'kafkajs'
import type { FoundSetting, FoundTopic, TopicField } from '../../../core/admin.ts'

/** What each field is called in Kafka: https://kafka.apache.org/documentation/#topicconfigs */
export const CONFIG_NAME: Readonly<Record<TopicField, string>> = {
  'retention.time': 'retention.ms',
  'retention.bytes': 'retention.bytes',
  cleanup: 'cleanup.policy',
  minInSync: 'min.insync.replicas',
  maxBytes: 'max.message.bytes',
}

/** A setting of the topic itself, in Kafka's list of sources. */
const OF_TOPIC = 1

export function foundTopic(
  partitions: readonly { readonly replicas: readonly number[] }[],
  entries: readonly ConfigEntries[],
): FoundTopic {
  const byName = new Map(entries.map((entry) => [entry.configName, entry]))
  const own = (entry: ConfigEntries | undefined) => Number(entry?.configSource) === OF_TOPIC
  const setting = (field: TopicField): FoundSetting => {
    const entry = byName.get(CONFIG_NAME[field])
    return { value: wordOf(field, entry?.configValue ?? ''), own: own(entry) }
  }
  const known = new Set(Object.values(CONFIG_NAME))
  const others = entries.filter((entry) => own(entry) && !known.has(entry.configName))
  return {
    partitions: partitions.length,
    // While partitions move, one may have more copies than it will keep.
    replication: Math.min(...partitions.map(({ replicas }) => replicas.length)),
    settings: {
      'retention.time': setting('retention.time'),
      'retention.bytes': setting('retention.bytes'),
      cleanup: setting('cleanup'),
      minInSync: setting('minInSync'),
      maxBytes: setting('maxBytes'),
    },
    others: Object.fromEntries(
      others.map(({ configName, configValue, isSensitive }) => [
        configName,
        isSensitive ? '(hidden)' : configValue,
      ]),
    ),
  }
}

function wordOf(field: TopicField, value: string): number | string {
  if (field === 'cleanup')
    return value
      .split(',')
      .map((policy) => policy.trim())
      .toSorted()
      .join('-')
  const number = Number(value)
  if (number < 0 && field.startsWith('retention')) return 'forever'
  return number
}
