// What a topic of fleet.yaml is called in Kafka's own words; what is not written is left to the cluster.
import type { TopicField } from '../../core/admin.ts'
import type { TopicPlan } from '../../core/plan.ts'

/** Kafka's own default for message.max.bytes. */
const DEFAULT_MAX_BYTES = 1_048_588

const CLEANUP = { delete: 'delete', compact: 'compact', 'compact-delete': 'compact,delete' }

/** https://kafka.apache.org/documentation/#topicconfigs */
export function topicConfig(topic: TopicPlan): Record<string, string> {
  const { maxBytes, minInSync, cleanup, retention } = topic
  const { timeMs, bytes } = retention
  return {
    ...(maxBytes === DEFAULT_MAX_BYTES ? {} : { 'max.message.bytes': String(maxBytes) }),
    ...(minInSync === undefined ? {} : { 'min.insync.replicas': String(minInSync) }),
    ...(cleanup === 'delete' ? {} : { 'cleanup.policy': CLEANUP[cleanup] }),
    ...(timeMs === undefined
      ? {}
      : { 'retention.ms': timeMs === 'forever' ? '-1' : String(timeMs) }),
    ...(bytes === undefined ? {} : { 'retention.bytes': String(bytes) }),
  }
}

/** What a field is set to on a topic that exists; never called for one that fleet.yaml leaves to the cluster. */
export function configValue(topic: TopicPlan, field: TopicField): string {
  const { timeMs, bytes } = topic.retention
  const values: Record<TopicField, number | string | undefined> = {
    'retention.time': timeMs === 'forever' ? -1 : timeMs,
    'retention.bytes': bytes,
    cleanup: CLEANUP[topic.cleanup],
    minInSync: topic.minInSync,
    maxBytes: topic.maxBytes,
  }
  return String(values[field])
}
