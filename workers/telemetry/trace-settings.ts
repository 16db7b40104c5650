// The standard OTEL_* variables as one checked object; a bad value is named in the log and never stops a worker.
import type { Logger } from '../core/log.ts'
import { EnvReader, type Env } from './env-reader.ts'
import { createSampler, SAMPLERS, type Sampler } from './sampler.ts'
import { SERVICE_NAME, type Attributes } from './semconv.ts'

export interface EndpointSettings {
  readonly url: URL
  readonly json: boolean
  readonly headers: Readonly<Record<string, string>>
  readonly gzip: boolean
  /** For one request. */
  readonly timeoutMs: number
  readonly tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer }
}

export interface QueueSettings {
  /** Spans held at most: queued and in flight. */
  readonly capacity: number
  readonly batch: number
  /** A batch that does not fill up leaves after this time. */
  readonly delayMs: number
  /** A batch is tried again until this time has passed. */
  readonly giveUpMs: number
}

export interface SpanLimits {
  readonly events: number
  readonly links: number
  /** Characters of a text attribute. */
  readonly text: number
}

export interface TraceSettings {
  readonly endpoint: EndpointSettings
  readonly queue: QueueSettings
  readonly limits: SpanLimits
  readonly sampler: Sampler
  /** Also write the attribute names from before 1.45. */
  readonly legacyNames: boolean
  readonly service: string
  readonly resource: Attributes
}

/** Undefined: traces are off, which is so until an endpoint is given. */
export function traceSettings(env: Env, log: Logger): TraceSettings | undefined {
  const read = new EnvReader(env, log)
  if (read.text('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return undefined
  if (read.text('OTEL_TRACES_EXPORTER') === 'none') return undefined
  const url = endpointUrl(read)
  if (url === undefined) return undefined
  const resource = read.pairs('OTEL_RESOURCE_ATTRIBUTES')
  return {
    endpoint: endpointSettings(read, url),
    queue: queueSettings(read),
    limits: {
      events: read.count('OTEL_SPAN_EVENT_COUNT_LIMIT', 128),
      links: read.count('OTEL_SPAN_LINK_COUNT_LIMIT', 128),
      text: read.count(
        'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
        read.count('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT', 4_096),
      ),
    },
    sampler: sampler(read),
    legacyNames: !(read.text('OTEL_SEMCONV_STABILITY_OPT_IN') ?? '')
      .split(',')
      .some((entry) => entry.trim() === 'messaging'),
    service: read.text('OTEL_SERVICE_NAME') ?? resource[SERVICE_NAME] ?? 'sluice',
    resource,
  }
}

function endpointUrl(read: EnvReader): URL | undefined {
  const own = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'
  const shared = 'OTEL_EXPORTER_OTLP_ENDPOINT'
  const exact = read.text(own)
  const base = read.text(shared)
  const text = exact ?? base?.replace(/\/?$/, '/v1/traces')
  if (text === undefined) return undefined
  const url = URL.parse(text)
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  read.complain(exact === undefined ? shared : own, 'is no http or https URL; traces are off')
  return undefined
}

function endpointSettings(read: EnvReader, url: URL): EndpointSettings {
  const protocol = read.signal('PROTOCOL') ?? 'http/protobuf'
  if (protocol !== 'http/json' && protocol !== 'http/protobuf')
    read.complain('OTEL_EXPORTER_OTLP_PROTOCOL', 'is not supported; http/protobuf is used')
  return {
    url,
    json: protocol === 'http/json',
    headers: {
      ...read.pairs('OTEL_EXPORTER_OTLP_HEADERS'),
      ...read.pairs('OTEL_EXPORTER_OTLP_TRACES_HEADERS'),
    },
    gzip: read.signal('COMPRESSION') === 'gzip',
    timeoutMs: read.count(
      'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT',
      read.count('OTEL_EXPORTER_OTLP_TIMEOUT', 10_000, 1),
      1,
    ),
    tls: {
      ...read.file('ca', 'CERTIFICATE'),
      ...read.file('cert', 'CLIENT_CERTIFICATE'),
      ...read.file('key', 'CLIENT_KEY'),
    },
  }
}

function queueSettings(read: EnvReader): QueueSettings {
  const capacity = read.count('OTEL_BSP_MAX_QUEUE_SIZE', 8_192, 1)
  const batch = read.count('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512, 1)
  return {
    capacity,
    batch: Math.min(batch, capacity),
    delayMs: read.count('OTEL_BSP_SCHEDULE_DELAY', 1_000),
    giveUpMs: read.count('OTEL_BSP_EXPORT_TIMEOUT', 10_000),
  }
}

function sampler(read: EnvReader): Sampler {
  const name = read.text('OTEL_TRACES_SAMPLER')
  const text = read.text('OTEL_TRACES_SAMPLER_ARG')
  const share = text === undefined ? 1 : Number(text)
  const sound = share >= 0 && share <= 1
  if (!sound) read.complain('OTEL_TRACES_SAMPLER_ARG', 'is no number from 0 to 1; 1 is used')
  const made = createSampler(name, sound ? share : 1)
  if (made !== undefined) return made
  read.complain('OTEL_TRACES_SAMPLER', `is none of ${SAMPLERS.join(', ')}; always_on is used`)
  return createSampler() as Sampler
}
