// Tells what Kafka answered from what nobody answered, in the words that the driver knows both clients by.
import {
  findErrorBy,
  NetworkError,
  ProtocolError,
  protocolErrors,
  protocolErrorsCodesById,
} from '@platformatic/kafka'

/** Kafka's own answer, by its name. */
export class Answered extends Error {
  override readonly name = 'KafkaAnswered'
  readonly type: string
  /** Asking where things live, or asking again later, can help. */
  readonly retriable: boolean
  /** Of the group, when it gives one to whoever has none yet. */
  readonly memberId: string | undefined

  constructor(type: string, message: string, retriable: boolean, memberId?: string) {
    super(message)
    this.type = type
    this.retriable = retriable
    this.memberId = memberId
  }
}

/** The request may have arrived, or not: the connection is broken, or was never made. */
export class Unanswered extends Error {
  override readonly name = 'KafkaUnanswered'
  readonly retriable = false
}

/** What has another name since kafkajs was written. */
const NAMED: Readonly<Record<string, string>> = {
  NOT_LEADER_OR_FOLLOWER: 'NOT_LEADER_FOR_PARTITION',
  COORDINATOR_NOT_AVAILABLE: 'GROUP_COORDINATOR_NOT_AVAILABLE',
  COORDINATOR_LOAD_IN_PROGRESS: 'GROUP_LOAD_IN_PROGRESS',
  NOT_COORDINATOR: 'NOT_COORDINATOR_FOR_GROUP',
  UNKNOWN_TOPIC_ID: 'UNKNOWN_TOPIC_OR_PARTITION',
}

export function answeredBy(code: number): Answered {
  const id = (protocolErrorsCodesById as Record<number, string | undefined>)[code] ?? 'UNKNOWN'
  const known = (protocolErrors as Record<string, { message: string; canRetry: boolean }>)[id]
  return new Answered(NAMED[id] ?? id, known?.message ?? `error ${code}`, known?.canRetry ?? false)
}

/** Whatever the library throws. */
export function answerOf(thrown: unknown): Error {
  if (!(thrown instanceof Error)) return new Error(String(thrown))
  const protocol = findErrorBy(thrown, 'code', ProtocolError.code) as Said | null
  if (protocol) {
    const { apiId, canRetry, memberId, message } = protocol
    return new Answered(NAMED[apiId] ?? apiId, message, canRetry, memberId)
  }
  if (findErrorBy(thrown, 'code', NetworkError.code))
    return new Unanswered(innermost(thrown).message)
  return thrown
}

interface Said extends Error {
  readonly apiId: string
  readonly canRetry: boolean
  readonly memberId?: string
}

function innermost(thrown: Error): Error {
  const inner = (thrown as AggregateError).errors?.[0] ?? thrown.cause
  return inner instanceof Error && inner.message !== '' ? innermost(inner) : thrown
}
