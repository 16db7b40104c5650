// Translates what kafkajs and Kafka say into our codes at the driver's edge; the original stays as the cause.
import type { Code } from '../../core/codes.ts'
import { asError, SluiceError } from '../../core/errors.ts'

/** Which cluster an error speaks of, and who asked for it. */
export interface Place {
  readonly brokers: readonly string[]
  readonly origin: string
}

interface KafkaJSLike extends Error {
  /** Kafka's name of the error, when Kafka itself answered. */
  readonly type?: string
  readonly errors?: readonly unknown[]
}

export const nameOf = ({ brokers }: Place): string => `Kafka at ${brokers.join(', ')}`

export function away(place: Place, what: string, cause?: unknown): SluiceError {
  return new SluiceError('SLU5201', {
    message: `${nameOf(place)} ${what} (${place.origin})`,
    ...(cause === undefined ? {} : { cause }),
  })
}

/** kafkajs wraps errors in retries-exceeded and aggregate errors, sometimes twice; the innermost knows most. */
export function rootCause(thrown: unknown): KafkaJSLike {
  let error = asError(thrown) as KafkaJSLike
  for (let depth = 0; depth < 8; depth++) {
    const inner = error.errors?.[0] ?? error.cause
    if (!(inner instanceof Error)) break
    error = inner as KafkaJSLike
  }
  return error
}

/** Kafka's own name of an error; undefined when it is not Kafka that answered. */
export const typeOf = (thrown: unknown): string | undefined => rootCause(thrown).type

/** The group goes on without us: nothing that we hold is ours any more. */
export const saysGone = (thrown: unknown): boolean => {
  const type = typeOf(thrown)
  return type !== undefined && GONE.has(type)
}

/** Nobody answered: it is the connection that is broken, not the request. */
export const isUnanswered = (error: SluiceError): boolean =>
  error.code === 'SLU5201' && typeOf(error) === undefined

const GONE = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID'])

const BY_TYPE: Readonly<Record<string, Code>> = {
  MESSAGE_TOO_LARGE: 'SLU5203',
  RECORD_LIST_TOO_LARGE: 'SLU5203',
  UNKNOWN_TOPIC_OR_PARTITION: 'SLU5205',
  // The partition is in trouble, whatever the message: it waits, and none of its attempts is used up.
  REQUEST_TIMED_OUT: 'SLU5207',
  NOT_ENOUGH_REPLICAS: 'SLU5207',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'SLU5207',
  KAFKA_STORAGE_ERROR: 'SLU5207',
  ILLEGAL_GENERATION: 'SLU5204',
  UNKNOWN_MEMBER_ID: 'SLU5204',
  REBALANCE_IN_PROGRESS: 'SLU5204',
  FENCED_INSTANCE_ID: 'SLU5204',
  LEADER_NOT_AVAILABLE: 'SLU5201',
  NOT_LEADER_FOR_PARTITION: 'SLU5201',
  BROKER_NOT_AVAILABLE: 'SLU5201',
  GROUP_COORDINATOR_NOT_AVAILABLE: 'SLU5201',
  GROUP_LOAD_IN_PROGRESS: 'SLU5201',
  NOT_COORDINATOR_FOR_GROUP: 'SLU5201',
}

const AWAY = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  // Silence, like a connection that was lost: the outcome is unknown, and the connection no good any more.
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSLockTimeout',
  'KafkaUnanswered',
])

export function kafkaError(thrown: unknown, doing: string): SluiceError {
  if (thrown instanceof SluiceError) return thrown
  const cause = rootCause(thrown)
  // An error of ours that went through the client and came back.
  if (cause instanceof SluiceError) return cause
  return new SluiceError(codeOf(cause), {
    message: `${doing}: ${cause.message}`,
    cause: asError(thrown),
  })
}

function codeOf(cause: KafkaJSLike): Code {
  const byType = cause.type === undefined ? undefined : BY_TYPE[cause.type]
  if (byType !== undefined) return byType
  const isAway =
    AWAY.has(cause.name) ||
    /disconnect|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN/.test(cause.message)
  return isAway ? 'SLU5201' : 'SLU5206'
}
