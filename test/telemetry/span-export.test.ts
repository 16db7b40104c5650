import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import { silentLog } from '../../workers/core/log.ts'
import type { Tracer } from '../../workers/core/telemetry.ts'
import { createTracer } from '../../workers/telemetry/tracer.ts'
import { fastWorld } from '../support/fast-world.ts'
import { startOtlpReceiver, type OtlpReceiver } from '../support/otlp-receiver.ts'
import { recordedLog } from '../support/recorded-log.ts'

const PROCESS = { pipeline: 'p', destination: 'in', system: 'kafka', partition: 0 } as const
const SEND = { destination: 'out', system: 'kafka', messageId: 'm', bytes: 1 } as const

let receiver: OtlpReceiver
beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(() => receiver.close())

const endpoint = (env: Record<string, string> = {}) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  ...env,
})

/** Two spans, as one message makes them. */
function message(tracer: Tracer, offset: number): void {
  const span = tracer.process({ ...PROCESS, offset }, {})
  tracer.send({ ...SEND, messageId: `m${offset}` }, span.context).end()
  span.end()
}

/** What the runtime does: it waits for room before each message. Returns how often it had to. */
async function flow(tracer: Tracer, messages: number): Promise<number> {
  let waits = 0
  for (let offset = 0; offset < messages; offset++) {
    const room = tracer.room()
    if (room !== undefined) {
      waits++
      await room
    }
    message(tracer, offset)
  }
  return waits
}

const offsets = () =>
  new Set(
    receiver.spans
      .filter(({ name }) => name === 'process in')
      .map((s) => s.attributes['kafka.offset']),
  )

describe('with back-pressure', () => {
  it('20,000 spans made as fast as can be all arrive, whole and once', async () => {
    const { tracer, close, dropped } = createTracer(systemWorld, endpoint(), silentLog, {
      backpressure: true,
    })
    const waits = await flow(tracer, 10_000)
    await close()
    expect(dropped()).toBe(0)
    expect(receiver.spans).toHaveLength(20_000)
    expect(new Set(receiver.spans.map(({ spanId }) => spanId)).size).toBe(20_000)
    expect(offsets().size).toBe(10_000)
    expect(waits).toBeGreaterThan(0)
    const processes = new Map(receiver.spans.map((span) => [span.spanId, span]))
    const sends = receiver.spans.filter(({ name }) => name === 'send out')
    expect(sends.every((send) => processes.get(send.parentSpanId)?.traceId === send.traceId)).toBe(
      true,
    )
  })

  it('an endpoint that is overloaded for a while loses nothing', async () => {
    const { tracer, close, dropped } = createTracer(systemWorld, endpoint(), silentLog, {
      backpressure: true,
    })
    receiver.fail(8, 503)
    await flow(tracer, 5_000)
    await close()
    expect(receiver.requests.filter(({ status }) => status === 503)).toHaveLength(8)
    expect(receiver.spans).toHaveLength(10_000)
    expect(dropped()).toBe(0)
  })

  it('a small queue is enough', async () => {
    const env = endpoint({ OTEL_BSP_MAX_QUEUE_SIZE: '4', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4' })
    const { tracer, close, dropped } = createTracer(systemWorld, env, silentLog, {
      backpressure: true,
    })
    await flow(tracer, 200)
    await close()
    expect(receiver.spans).toHaveLength(400)
    expect(dropped()).toBe(0)
  })

  it('what was let in before the queue was full is kept', async () => {
    const env = endpoint({ OTEL_BSP_MAX_QUEUE_SIZE: '16' })
    const { tracer, close, dropped } = createTracer(systemWorld, env, silentLog, {
      backpressure: true,
    })
    expect(tracer.room()).toBeUndefined()
    for (let offset = 0; offset < 256; offset++) message(tracer, offset)
    expect(tracer.room()).toBeInstanceOf(Promise)
    await tracer.room()
    await close()
    expect(dropped()).toBe(0)
    expect(offsets().size).toBe(256)
  })

  it('a slow endpoint is flushed for as long as it goes on taking', async () => {
    // Five seconds are 500 ms here; sixteen batches, four at once, take 1,000.
    receiver.delay(250)
    const { tracer, close, dropped } = createTracer(fastWorld(10), endpoint(), silentLog, {
      backpressure: true,
    })
    for (let offset = 0; offset < 4_096; offset++) message(tracer, offset)
    await close()
    expect(dropped()).toBe(0)
    expect(offsets().size).toBe(4_096)
  })

  it.each(['silent', 'away'])('an endpoint that is %s is given up, loudly', async (how) => {
    const log = recordedLog()
    const world = fastWorld(50)
    if (how === 'silent') receiver.blackhole()
    else await receiver.close()
    // Small batches: what a single one frees is far from making room.
    const env = endpoint({ OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '64' })
    const { tracer, close, dropped } = createTracer(world, env, log, { backpressure: true })
    const from = world.clock.monotonic()
    const waits = await flow(tracer, 20_000)
    await close()
    const took = world.clock.monotonic() - from
    expect(waits).toBeGreaterThan(0)
    // One batch's ten seconds of trying, the five of the flush, and the work itself.
    expect(took).toBeLessThan(60_000)
    expect(dropped()).toBe(40_000)
    const loud = log.lines.filter(({ level }) => level === 'error')
    expect(loud.length).toBeGreaterThan(0)
    expect(loud.length).toBeLessThan(5)
    expect(loud.reduce((sum, { fields }) => sum + Number(fields['dropped']), 0)).toBe(40_000)
    expect(loud.at(-1)?.fields['total']).toBe(40_000)
  })

  it('an endpoint that comes back is waited for again', async () => {
    const log = recordedLog()
    const port = Number(new URL(receiver.url).port)
    await receiver.close()
    const { tracer, flush, close, dropped } = createTracer(fastWorld(10), endpoint(), log, {
      backpressure: true,
    })
    await flow(tracer, 4_000)
    await expect.poll(dropped, { timeout: 10_000 }).toBeGreaterThan(0)
    receiver = await startOtlpReceiver(port)
    message(tracer, 0)
    await flush()
    const lost = dropped()
    const waits = await flow(tracer, 10_000)
    await close()
    expect(waits).toBeGreaterThan(0)
    expect(offsets().size).toBe(10_000)
    expect(dropped()).toBe(lost)
    expect(log.lines.map(({ message: text }) => text)).toContain('Traces are exported again.')
  })
})

describe('without back-pressure', () => {
  it('a silent endpoint never makes anyone wait; what does not fit is dropped and counted', async () => {
    receiver.blackhole()
    const log = recordedLog()
    const world = fastWorld(50)
    const { tracer, close, dropped } = createTracer(world, endpoint(), log)
    const before = systemWorld.clock.monotonic()
    for (let offset = 0; offset < 20_000; offset++) {
      expect(tracer.room()).toBeUndefined()
      message(tracer, offset)
    }
    expect(systemWorld.clock.monotonic() - before).toBeLessThan(2_000)
    expect(dropped()).toBe(40_000 - 8_192)
    const from = world.clock.monotonic()
    await close()
    // The flush gives up after five seconds.
    expect(world.clock.monotonic() - from).toBeLessThan(10_000)
    expect(dropped()).toBe(40_000)
    const warnings = log.lines.filter(({ level }) => level === 'warn')
    // At the first span that did not fit, at the end, and at most once a minute between.
    expect(warnings).toHaveLength(2)
    expect(warnings[1]?.fields).toMatchObject({ total: 40_000 })
  })

  it('a batch that does not fill up leaves after a moment', async () => {
    const { tracer, close } = createTracer(fastWorld(50), endpoint(), silentLog)
    message(tracer, 0)
    await expect.poll(() => receiver.spans.length, { timeout: 5_000 }).toBe(2)
    await close()
  })

  it('a refused batch is not sent again, and is counted with its reason', async () => {
    const log = recordedLog()
    receiver.fail(1, 401)
    const { tracer, flush, close, dropped } = createTracer(systemWorld, endpoint(), log)
    message(tracer, 0)
    await flush()
    expect(dropped()).toBe(2)
    expect(log.lines.find(({ level }) => level === 'warn')?.fields).toMatchObject({
      dropped: 2,
      reason: 'HTTP 401 Unauthorized',
    })
    message(tracer, 1)
    await close()
    expect(receiver.requests.map(({ status }) => status)).toEqual([401, 200])
    expect([...offsets()]).toEqual([1])
  })

  it('closes twice, and counts what ends after it', async () => {
    const { tracer, close, dropped } = createTracer(systemWorld, endpoint(), silentLog)
    const span = tracer.process(PROCESS, {})
    await close()
    await close()
    span.end()
    expect(dropped()).toBe(1)
  })

  it('a header that HTTP does not allow loses spans, not the worker', async () => {
    const env = endpoint({ OTEL_EXPORTER_OTLP_HEADERS: 'x=a%0Ab' })
    const { tracer, close, dropped } = createTracer(systemWorld, env, silentLog)
    message(tracer, 0)
    await close()
    expect(dropped()).toBe(2)
  })
})
