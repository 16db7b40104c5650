// One trace from each event to its command and its result, exported without a gap, on real and on embedded drivers alike.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { randomUUID } from 'node:crypto'
import { startOtlpReceiver } from '../support/otlp-receiver.ts'
import { drainQueue, readTopic } from './support/brokers-io.ts'
import { sluice } from './support/worker-process.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const EVENTS = 2_000

let folder: string
let feed: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-traces-'))
  feed = join(folder, 'events.jsonl')
  const lines = Array.from({ length: EVENTS }, (_, n) => {
    const traced = n % 2 === 0
    return JSON.stringify({
      key: `user-${n % 50}`,
      headers: traced ? { traceparent: `00-${traceOf(n)}-00f067aa0ba902b7-01` } : {},
      value: {
        event_id: `e${n}`,
        event_type: 'prediction_request',
        model_id: 'sales_model_v1',
        timestamp: '2026-01-01T00:00:00Z',
        features: { user_id: n, product_id: n % 7 },
      },
    })
  })
  await writeFile(feed, lines.join('\n'))
})
afterAll(() => rm(folder, { recursive: true }))

const traceOf = (n: number) => String(n + 1).padStart(32, '0')

describe.each([
  { drivers: 'embedded', args: ['--embedded'], protocol: 'http/json' },
  { drivers: 'real', args: [], protocol: 'http/protobuf' },
])('traces on $drivers drivers', ({ drivers, args, protocol }) => {
  test('each result’s and each alert’s send span is in the trace of its event', async () => {
    const receiver = await startOtlpReceiver()
    const prefix = `trace-${randomUUID().slice(0, 8)}.`
    const command = ['run', 'predictions', '--project', ROOT, '--feed', `ml_events=${feed}`]
    const run = sluice([...command, ...args, '--until-idle', '--format', 'json'], {
      SLUICE_PREFIX: prefix,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    })
    const { code, stdout, stderr } = await run.finished
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    const { sent } = JSON.parse(stdout) as { sent: Record<string, number> }
    const spans = receiver.spans
    await receiver.close()
    const named = (name: string) => spans.filter((span) => span.name === name)
    const processed = named('process ml_events')
    expect(processed).toHaveLength(EVENTS)
    expect(named('send prediction_results')).toHaveLength(EVENTS)
    expect(sent['alerts']).toBeGreaterThan(0)
    expect(named('send alerts')).toHaveLength(sent['alerts'] as number)
    const parents = new Map(processed.map((span) => [span.spanId, span.traceId]))
    for (const span of [...named('send prediction_results'), ...named('send alerts')])
      expect(parents.get(span.parentSpanId ?? '')).toBe(span.traceId)
    const given = new Set(Array.from({ length: EVENTS / 2 }, (_, n) => traceOf(2 * n)))
    expect(processed.filter(({ traceId }) => given.has(traceId))).toHaveLength(EVENTS / 2)
    if (drivers === 'real')
      await carried(prefix, new Map(spans.map((span) => [span.spanId, span.traceId])))
  })
})

/** What left for the brokers names the span that sent it. */
async function carried(prefix: string, spans: ReadonlyMap<string, string>): Promise<void> {
  const results = await readTopic(`${prefix}prediction_results`)
  const alerts = await drainQueue(`${prefix}alerts`)
  const contexts = [
    ...results.map(({ headers }) => String(headers['traceparent'])),
    ...alerts.map(({ properties }) => String(properties.headers?.['traceparent'])),
  ]
  expect(contexts.length).toBeGreaterThan(EVENTS)
  for (const context of contexts) {
    const [, trace = '', span = ''] = context.split('-')
    expect(spans.get(span)).toBe(trace)
  }
}
