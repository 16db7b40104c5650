// Translates kafkajs errors into our codes at the driver's edge; the original stays as the cause.
import { asError, SluiceError } from '../../core/errors.ts'
import type { Code } from '../../core/codes.ts'

interface KafkaJSLike extends Error {
  readonly type?: string
  readonly originalError?: unknown
}

/** kafkajs wraps errors in retries-exceeded errors, sometimes twice; the innermost knows most. */
export function rootCause(thrown: unknown): KafkaJSLike {
  let error = asError(thrown) as KafkaJSLike
  for (let depth = 0; depth < 5; depth++) {
    const inner = error.originalError ?? error.cause
    if (!(inner instanceof Error)) break
    error = inner as KafkaJSLike
  }
  return error
}

const BY_TYPE: Readonly<Record<string, Code>> = {
  MESSAGE_TOO_LARGE: 'SLU5203',
  RECORD_LIST_TOO_LARGE: 'SLU5203',
  UNKNOWN_TOPIC_OR_PARTITION: 'SLU5205',
  REQUEST_TIMED_OUT: 'SLU5202',
  NOT_ENOUGH_REPLICAS: 'SLU5202',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'SLU5202',
  ILLEGAL_GENERATION: 'SLU5204',
  UNKNOWN_MEMBER_ID: 'SLU5204',
  REBALANCE_IN_PROGRESS: 'SLU5204',
  FENCED_INSTANCE_ID: 'SLU5204',
  LEADER_NOT_AVAILABLE: 'SLU5201',
  NOT_LEADER_FOR_PARTITION: 'SLU5201',
  GROUP_COORDINATOR_NOT_AVAILABLE: 'SLU5201',
  GROUP_LOAD_IN_PROGRESS: 'SLU5201',
  NOT_COORDINATOR_FOR_GROUP: 'SLU5201',
}

const AWAY = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
  'KafkaJSLockTimeout',
])

export function kafkaError(thrown: unknown, doing: string): SluiceError {
  if (thrown instanceof SluiceError) return thrown
  const cause = rootCause(thrown)
  const code = codeOf(cause)
  return new SluiceError(code, { message: `${doing}: ${cause.message}`, cause: asError(thrown) })
}

function codeOf(cause: KafkaJSLike): Code {
  const byType = cause.type === undefined ? undefined : BY_TYPE[cause.type]
  if (byType !== undefined) return byType
  if (cause.name === 'KafkaJSRequestTimeoutError') return 'SLU5202'
  if (
    AWAY.has(cause.name) ||
    /disconnected|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT/.test(cause.message)
  )
    return 'SLU5201'
  return 'SLU5206'
}
