import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import { SluiceError } from '../../workers/core/errors.ts'
import { silentLog } from '../../workers/core/log.ts'
import { createTracer } from '../../workers/telemetry/tracer.ts'
import { startOtlpReceiver, type OtlpReceiver } from '../support/otlp-receiver.ts'
import { recordedLog } from '../support/recorded-log.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const REMOTE = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'vendor=a' }

const PROCESS = {
  pipeline: 'predictions',
  destination: 'ml_events',
  system: 'kafka',
  group: 'predictions',
  partition: 3,
  offset: 5_000_000_000,
} as const
const SEND = {
  destination: 'alerts',
  system: 'rabbitmq',
  messageId: 'e1/predictions/alert',
  pipeline: 'predictions',
  step: 'alert',
  bytes: 120,
} as const

let receiver: OtlpReceiver
beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(() => receiver.close())

const traced = (env: Record<string, string> = {}, log = silentLog) =>
  createTracer(systemWorld, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env }, log, {
    version: '1.2.3',
  })
const received = (name: string) => {
  const span = receiver.spans.find((candidate) => candidate.name === name)
  if (span === undefined)
    throw new Error(`no span ${name} among ${receiver.spans.map((s) => s.name).join(', ')}`)
  return span
}

describe.each(['http/protobuf', 'http/json'])('a tracer that exports as %s', (protocol) => {
  it('exports names, kinds, parents, attributes, events, links and failures', async () => {
    const { tracer, close } = traced({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol })
    // The wall clock tells whole milliseconds only.
    const before = BigInt(systemWorld.clock.now() - 1) * 1_000_000n
    const process = tracer.process(PROCESS, REMOTE)
    const cache = tracer.cache({ cache: 'predictions', step: 'prediction' }, process.context)
    const call = tracer.call({ handler: 'predict', step: 'prediction', attempt: 2 }, cache.context)
    call.fail(new SluiceError('SLU5101', { message: 'handler predict: no such model' }))
    call.end()
    cache.set({ 'cache.result': 'hit' })
    cache.link({ traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` })
    cache.link({ traceparent: 'malformed' })
    cache.end()
    const send = tracer.send(SEND, process.context)
    send.end()
    process.event('retry', { attempt: 1, why: 'ünterwegs' })
    process.end()
    await close()

    expect(receiver.spans).toHaveLength(4)
    const root = received('process ml_events')
    expect(root).toMatchObject({
      traceId: TRACE,
      parentSpanId: SPAN,
      tracestate: 'vendor=a',
      kind: 5,
      status: { code: 0 },
    })
    expect(root.attributes).toEqual({
      'messaging.system': 'kafka',
      'messaging.system.name': 'kafka',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'ml_events',
      'messaging.consumer.group.name': 'predictions',
      'messaging.destination.partition.id': '3',
      'kafka.offset': 5_000_000_000,
      'messaging.kafka.offset': 5_000_000_000,
      'sluice.pipeline': 'predictions',
    })
    expect(root.events).toEqual([
      { name: 'retry', attributes: { 'sluice.attempt': 1, 'sluice.why': 'ünterwegs' } },
    ])
    expect(root.spanId).toBe(process.spanId)
    expect(process.traceId).toBe(TRACE)

    const cached = received('cache predictions')
    expect(cached).toMatchObject({ traceId: TRACE, parentSpanId: root.spanId, kind: 3 })
    expect(cached.links).toEqual([{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }])
    expect(cached.attributes).toEqual({
      'db.system.name': 'redis',
      'db.operation.name': 'get',
      'sluice.cache': 'predictions',
      'sluice.step': 'prediction',
      'sluice.cache.result': 'hit',
    })

    const called = received('call predict')
    expect(called).toMatchObject({ traceId: TRACE, parentSpanId: cached.spanId, kind: 1 })
    expect(called.attributes).toMatchObject({ 'sluice.attempt': 2, 'error.type': 'SLU5101' })
    expect(called.status).toEqual({ code: 2, message: 'handler predict: no such model' })

    const sent = received('send alerts')
    expect(sent).toMatchObject({ traceId: TRACE, parentSpanId: root.spanId, kind: 4 })
    expect(sent.attributes).toMatchObject({
      'messaging.system.name': 'rabbitmq',
      'messaging.operation.name': 'send',
      'messaging.destination.name': 'alerts',
      'messaging.message.id': 'e1/predictions/alert',
      'messaging.message.body.size': 120,
      'sluice.step': 'alert',
    })
    expect(send.context).toEqual({
      traceparent: `00-${TRACE}-${sent.spanId}-01`,
      tracestate: 'vendor=a',
    })
    for (const span of receiver.spans) {
      expect(span.startNs).toBeGreaterThanOrEqual(before)
      expect(span.endNs).toBeGreaterThanOrEqual(span.startNs)
      expect(span.resource).toMatchObject({ 'service.name': 'sluice', 'service.version': '1.2.3' })
    }
  })

  it('starts a trace of its own under a malformed parent', async () => {
    const { tracer, close } = traced({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol })
    const span = tracer.process(PROCESS, { traceparent: `00-${TRACE}-short-01`, tracestate: 'a=b' })
    span.end()
    await close()
    expect(receiver.spans).toHaveLength(1)
    expect(receiver.spans[0]).toMatchObject({ parentSpanId: '', tracestate: '' })
    expect(receiver.spans[0]?.traceId).not.toBe(TRACE)
    expect(receiver.spans[0]?.traceId).toBe(span.traceId)
  })
})

describe('a span', () => {
  it('is exported once, as it stood at its end', async () => {
    const { tracer, close } = traced()
    const span = tracer.process(PROCESS, {})
    span.end()
    span.end()
    span.set({ late: true })
    span.event('late')
    span.link(REMOTE)
    span.fail(new SluiceError('SLU9001'))
    await close()
    expect(receiver.spans).toHaveLength(1)
    expect(receiver.spans[0]).toMatchObject({ events: [], links: [], status: { code: 0 } })
    expect(receiver.spans[0]?.attributes).not.toHaveProperty('sluice.late')
  })

  it('is bounded in events, links and length of text', async () => {
    const { tracer, close } = traced({
      OTEL_SPAN_EVENT_COUNT_LIMIT: '2',
      OTEL_SPAN_LINK_COUNT_LIMIT: '1',
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '10',
    })
    const span = tracer.process(PROCESS, {})
    for (let i = 0; i < 5; i++) {
      span.event('retry', { why: 'x'.repeat(1_000) })
      span.link(REMOTE)
    }
    span.fail(new SluiceError('SLU5101', { message: 'y'.repeat(1_000) }))
    span.end()
    await close()
    expect(receiver.spans[0]?.events).toHaveLength(2)
    expect(receiver.spans[0]?.links).toHaveLength(1)
    expect(receiver.spans[0]?.events[0]?.attributes).toEqual({ 'sluice.why': 'x'.repeat(10) })
    expect(receiver.spans[0]?.status.message).toBe('y'.repeat(10))
  })

  it('has ids that do not repeat', async () => {
    const { tracer, close } = traced({ OTEL_TRACES_SAMPLER: 'always_on' })
    const ids = new Set<string>()
    for (let i = 0; i < 5_000; i++) {
      const { traceId, spanId } = tracer.process(PROCESS, {})
      expect(traceId).toMatch(/^[0-9a-f]{32}$/)
      expect(spanId).toMatch(/^[0-9a-f]{16}$/)
      ids.add(traceId).add(spanId)
    }
    expect(ids.size).toBe(10_000)
    await close()
  })
})

describe('the standard variables', () => {
  it('set service, resource, headers, compression and the path for traces', async () => {
    const { tracer, close } = createTracer(
      systemWorld,
      {
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/v1/traces`,
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1/never',
        OTEL_SERVICE_NAME: 'scoring',
        OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,deployment.environment.name=te%20st,broken',
        OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=a,authorization=Basic%20eA%3D%3D',
        OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-tenant=b',
        OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
        OTEL_SEMCONV_STABILITY_OPT_IN: 'messaging',
      },
      silentLog,
    )
    tracer.process(PROCESS, {}).end()
    await close()
    expect(receiver.requests).toHaveLength(1)
    expect(receiver.requests[0]).toMatchObject({
      path: '/v1/traces',
      headers: {
        'x-tenant': 'b',
        authorization: 'Basic eA==',
        'content-encoding': 'gzip',
        'content-type': 'application/x-protobuf',
      },
    })
    expect(receiver.spans[0]?.resource).toMatchObject({
      'service.name': 'scoring',
      'deployment.environment.name': 'te st',
    })
    expect(receiver.spans[0]?.attributes).not.toHaveProperty('messaging.system')
    expect(receiver.spans[0]?.attributes).toHaveProperty('kafka.offset')
  })

  it('never stop a worker by a bad value, and never show one in the log', async () => {
    const log = recordedLog()
    const { tracer, close } = traced(
      {
        OTEL_TRACES_SAMPLER: 'sometimes',
        OTEL_TRACES_SAMPLER_ARG: 'hunter2',
        OTEL_BSP_MAX_QUEUE_SIZE: '-1',
        OTEL_EXPORTER_OTLP_TIMEOUT: '0',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
        OTEL_EXPORTER_OTLP_HEADERS: 'hunter2,x=%E0%A4%A',
        OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/hunter2',
      },
      log,
    )
    tracer.process(PROCESS, {}).end()
    await close()
    expect(receiver.spans).toHaveLength(1)
    expect(log.lines.map(({ fields }) => fields['variable'])).toEqual([
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      'OTEL_EXPORTER_OTLP_HEADERS',
      'OTEL_EXPORTER_OTLP_HEADERS',
      'OTEL_EXPORTER_OTLP_TIMEOUT',
      'OTEL_EXPORTER_OTLP_CERTIFICATE',
      'OTEL_BSP_MAX_QUEUE_SIZE',
      'OTEL_TRACES_SAMPLER_ARG',
      'OTEL_TRACES_SAMPLER',
    ])
    expect(JSON.stringify(log.lines)).not.toContain('hunter2')
  })

  it('sample: everything by default, below a parent that was not sampled too', async () => {
    const { tracer, close } = traced()
    const span = tracer.process(PROCESS, { traceparent: `00-${TRACE}-${SPAN}-00` })
    expect(span.context.traceparent).toBe(`00-${TRACE}-${span.spanId}-01`)
    span.end()
    await close()
    expect(receiver.spans).toHaveLength(1)
  })

  it('sample: the parent decides, and what is not recorded passes it on', async () => {
    const { tracer, close } = traced({ OTEL_TRACES_SAMPLER: 'parentbased_always_on' })
    const parent = { traceparent: `00-${TRACE}-${SPAN}-00` }
    const span = tracer.process(PROCESS, parent)
    expect(span).toMatchObject({ context: parent, traceId: '', spanId: '' })
    tracer.send(SEND, span.context).end()
    span.end()
    tracer.process(PROCESS, {}).end()
    await close()
    expect(receiver.spans.map(({ name }) => name)).toEqual(['process ml_events'])
  })

  it('sample: all steps of a message share the decision of its first span', async () => {
    const { tracer, close } = traced({
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    })
    for (let i = 0; i < 1_000; i++) {
      const span = tracer.process(PROCESS, {})
      tracer.send(SEND, span.context).end()
      span.end()
    }
    await close()
    const traces = Map.groupBy(receiver.spans, ({ traceId }) => traceId)
    expect(traces.size).toBeGreaterThan(150)
    expect(traces.size).toBeLessThan(350)
    for (const spans of traces.values()) expect(spans).toHaveLength(2)
  })
})

describe('a tracer that is off', () => {
  const off = [
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'True' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_TRACES_EXPORTER: 'none' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
  ]
  it.each(off)('passes sound contexts on and drops the rest: %o', async (env) => {
    const { tracer, flush, close, dropped } = createTracer(systemWorld, env, silentLog)
    expect(tracer.enabled).toBe(false)
    const process = tracer.process(PROCESS, REMOTE)
    expect(process).toMatchObject({ context: REMOTE, traceId: '', spanId: '' })
    expect(tracer.send(SEND, process.context).context).toEqual(REMOTE)
    expect(tracer.process(PROCESS, { traceparent: 'x', tracestate: 'a=b' }).context).toEqual({})
    expect(tracer.process(PROCESS, {}).context).toEqual({})
    process.fail(new SluiceError('SLU9001'))
    process.end()
    expect(tracer.room()).toBeUndefined()
    await flush()
    await close()
    expect(dropped()).toBe(0)
    expect(receiver.requests).toHaveLength(0)
  })
})
