// OpenTelemetry's names for our operations; the only file that knows them, because the messaging conventions are still in development.
import type {
  CacheOperation,
  CallOperation,
  ProcessOperation,
  SendOperation,
} from '../core/telemetry.ts'

export type AttributeValue = string | number | boolean
export type Attributes = Record<string, AttributeValue>

/** Numbers of OpenTelemetry's `SpanKind`. */
export const KIND = { internal: 0, client: 2, producer: 3, consumer: 4 } as const
export type Kind = (typeof KIND)[keyof typeof KIND]

/** Numbers of OpenTelemetry's `SpanStatusCode`. */
export const STATUS = { unset: 0, error: 2 } as const

/** The instrumentation scope of every span and metric. */
export const SCOPE = 'sluice'

export interface Start {
  readonly name: string
  readonly kind: Kind
  readonly attributes: Attributes
}

/**
 * How a span starts, per operation. Names hold destinations, caches and handlers of the plan only, never ids.
 * `legacy` adds the names from before semantic conventions 1.45, which most dashboards still read.
 */
export interface Semconv {
  process(operation: ProcessOperation): Start
  send(operation: SendOperation): Start
  cache(operation: CacheOperation): Start
  call(operation: CallOperation): Start
}

export function createSemconv(legacy: boolean): Semconv {
  return {
    process: (operation) => processStart(operation, legacy),
    send: (operation) => sendStart(operation, legacy),
    cache: ({ cache, step }) => ({
      name: `cache ${cache}`,
      kind: KIND.client,
      attributes: {
        'db.system.name': 'redis',
        'db.operation.name': 'get',
        'sluice.cache': cache,
        'sluice.step': step,
      },
    }),
    call: ({ handler, step, item, attempt }) => ({
      name: `call ${handler}`,
      kind: KIND.internal,
      attributes: {
        'sluice.handler': handler,
        'sluice.step': step,
        ...(item === undefined ? {} : { 'sluice.item': item }),
        'sluice.attempt': attempt,
      },
    }),
  }
}

function processStart(operation: ProcessOperation, legacy: boolean): Start {
  const { destination, system, group, partition, offset, messageId } = operation
  const attributes: Attributes = {
    'messaging.system.name': system,
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': destination,
    'sluice.pipeline': operation.pipeline,
  }
  if (group !== undefined) attributes['messaging.consumer.group.name'] = group
  if (partition !== undefined) attributes['messaging.destination.partition.id'] = `${partition}`
  if (offset !== undefined) attributes['kafka.offset'] = offset
  if (messageId !== undefined) attributes['messaging.message.id'] = messageId
  if (legacy) {
    attributes['messaging.system'] = system
    if (offset !== undefined) attributes['messaging.kafka.offset'] = offset
  }
  return { name: `process ${destination}`, kind: KIND.consumer, attributes }
}

function sendStart(operation: SendOperation, legacy: boolean): Start {
  const { destination, system, messageId, pipeline, step, item, bytes } = operation
  // A store is a database: nobody is sent anything.
  if (system === 'redis') return storeStart(operation)
  const attributes: Attributes = {
    'messaging.system.name': system,
    'messaging.operation.name': 'send',
    'messaging.operation.type': 'send',
    'messaging.destination.name': destination,
    'messaging.message.id': messageId,
    'messaging.message.body.size': bytes,
  }
  if (pipeline !== undefined) attributes['sluice.pipeline'] = pipeline
  if (step !== undefined) attributes['sluice.step'] = step
  if (item !== undefined) attributes['sluice.item'] = item
  if (legacy) attributes['messaging.system'] = system
  return { name: `send ${destination}`, kind: KIND.producer, attributes }
}

function storeStart(operation: SendOperation): Start {
  const { destination, messageId, pipeline, step, item, bytes } = operation
  const attributes: Attributes = {
    'db.system.name': 'redis',
    'db.operation.name': 'set',
    'sluice.store': destination,
    'sluice.effect': messageId,
    'sluice.bytes': bytes,
  }
  if (pipeline !== undefined) attributes['sluice.pipeline'] = pipeline
  if (step !== undefined) attributes['sluice.step'] = step
  if (item !== undefined) attributes['sluice.item'] = item
  return { name: `store ${destination}`, kind: KIND.client, attributes }
}

/** The attribute that says why a span failed: a code of our table, so few values. */
export const ERROR_TYPE = 'error.type'

const prefixed = new Map<string, string>()

/** An attribute in our own words as it is exported: `cache.result` → `sluice.cache.result`. Words come from code, never from messages. */
export function ownName(word: string): string {
  let name = prefixed.get(word)
  if (name === undefined) {
    name = word.startsWith('sluice.') ? word : `sluice.${word}`
    if (prefixed.size < 256) prefixed.set(word, name)
  }
  return name
}

export interface ResourceFacts {
  readonly service: string
  readonly version: string | undefined
  /** Unique for this process. */
  readonly instance: string
  readonly pid: number
  /** From the environment: wins over everything but the service's name. */
  readonly extra: Attributes
}

/** Who produced the telemetry. */
export function resourceAttributes(facts: ResourceFacts): Attributes {
  const attributes: Attributes = {
    'service.instance.id': facts.instance,
    'process.pid': facts.pid,
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': SCOPE,
  }
  if (facts.version !== undefined) {
    attributes['service.version'] = facts.version
    attributes['telemetry.sdk.version'] = facts.version
  }
  Object.assign(attributes, facts.extra)
  attributes['service.name'] = facts.service
  return attributes
}

/** The key in OTEL_RESOURCE_ATTRIBUTES that names the service when OTEL_SERVICE_NAME does not. */
export const SERVICE_NAME = 'service.name'

/** Bounds in seconds that the messaging conventions advise for durations. */
export const DURATION_BOUNDS: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
]
