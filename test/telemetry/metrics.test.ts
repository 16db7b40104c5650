import { describe, expect, it } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import type { Counts } from '../../workers/core/telemetry.ts'
import { noCounts } from '../../workers/runtime/counts.ts'
import { createMetrics } from '../../workers/telemetry/metrics.ts'
import { prometheusText } from '../../workers/telemetry/prometheus.ts'

const counts: Counts = {
  pipelines: {
    predictions: {
      accepted: 111,
      acked: 90,
      filtered: 5,
      deadLettered: 3,
      duplicates: 2,
      parked: 1,
      inFlight: 6,
      retried: 11,
      released: 4,
    },
    other: {
      accepted: 1,
      acked: 0,
      filtered: 0,
      deadLettered: 0,
      duplicates: 0,
      parked: 0,
      inFlight: 1,
      retried: 0,
      released: 0,
    },
  },
  sent: { alerts: 7, 'ml_events.dlq': 3 },
  caches: {
    predictions: { hits: 60, misses: 30, loads: 29, bypassed: 1, waited: 3, forgotten: 2 },
  },
  breakers: { model_server: { state: 'half-open', opened: 2, refused: 9, failedProbes: 3 } },
  requests: { quotes: { pending: 3, answered: 20, failed: 2 } },
  replies: { quoting: { sent: 20, undeliverable: 1 } },
  windows: { 'rollup/closed': { counted: 70, late: 4, repeated: 2, closed: 9 } },
}

interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABEL = '([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\\\\n]|\\\\["\\\\n])*)"'
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (NaN|[+-]Inf|[0-9.e+-]+)$`)

/** Prometheus' text format 0.0.4, strictly: every line is understood, every family is described once and stands together. */
function parse(text: string): { samples: Sample[]; types: Map<string, string> } {
  const samples: Sample[] = []
  const types = new Map<string, string>()
  let family = ''
  expect(text.endsWith('\n')).toBe(true)
  for (const line of text.slice(0, -1).split('\n')) {
    const help = new RegExp(`^# HELP (${NAME}) \\S.*$`).exec(line)
    const type = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`).exec(line)
    if (help !== null) {
      family = help[1]!
      expect(types.has(family), `${family} is described once`).toBe(false)
    } else if (type !== null) {
      expect(type[1]).toBe(family)
      types.set(family, type[2]!)
    } else {
      const found = SAMPLE.exec(line)
      expect(found, `not a sample: ${line}`).not.toBeNull()
      const bare = types.get(family) === 'histogram' ? /_(bucket|sum|count)$/ : /$/
      expect(found![1]!.replace(bare, '')).toBe(family)
      const labels = [...(found![2] ?? '').matchAll(new RegExp(LABEL, 'g'))]
      samples.push({
        name: found![1]!,
        labels: Object.fromEntries(labels.map(([, key, value]) => [key!, value!])),
        value: Number(found!.at(-1)!.replace('Inf', 'Infinity')),
      })
    }
  }
  return { samples, types }
}

async function sampled(record?: (meter: ReturnType<typeof createMetrics>['meter']) => void) {
  const metrics = createMetrics(systemWorld, () => counts, {
    spansDropped: () => 4,
    version: '1.2.3',
    standings: () => [
      { pipeline: 'predictions', state: 'stalled', rebalances: 3 },
      { pipeline: 'other', state: 'runs', rebalances: undefined },
    ],
  })
  record?.(metrics.meter)
  const text = await metrics.metricsText()
  metrics.close()
  const { samples, types } = parse(text)
  const value = (name: string, labels: Record<string, string> = {}) => {
    const found = samples.filter(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
    )
    expect(found, `${name} ${JSON.stringify(labels)}`).toHaveLength(1)
    return found[0]!.value
  }
  return { samples, types, value }
}

describe('metrics', () => {
  it('tell the counts, and a pipeline adds up within one text', async () => {
    const { samples, value } = await sampled()
    for (const pipeline of ['predictions', 'other']) {
      const ended = samples
        .filter(
          ({ name, labels }) => name === 'sluice_messages_total' && labels['pipeline'] === pipeline,
        )
        .reduce((sum, sample) => sum + sample.value, 0)
      const inFlight = value('sluice_in_flight', { pipeline })
      expect(value('sluice_accepted_total', { pipeline })).toBe(ended + inFlight)
    }
    expect(value('sluice_messages_total', { pipeline: 'predictions', outcome: 'acked' })).toBe(90)
    expect(value('sluice_messages_total', { pipeline: 'predictions', outcome: 'parked' })).toBe(1)
    expect(value('sluice_retries_total', { pipeline: 'predictions' })).toBe(11)
    expect(value('sluice_sent_total', { destination: 'ml_events.dlq' })).toBe(3)
    expect(value('sluice_cache_requests_total', { cache: 'predictions', result: 'hit' })).toBe(60)
    expect(value('sluice_cache_requests_total', { cache: 'predictions', result: 'miss' })).toBe(30)
    expect(value('sluice_cache_loads_total', { cache: 'predictions' })).toBe(29)
    expect(value('sluice_cache_bypasses_total', { cache: 'predictions' })).toBe(1)
    expect(value('sluice_cache_waits_total', { cache: 'predictions' })).toBe(3)
    expect(value('sluice_cache_forgets_total', { cache: 'predictions' })).toBe(2)
    expect(value('sluice_spans_dropped_total')).toBe(4)
    expect(value('sluice_build_info', { version: '1.2.3' })).toBe(1)
  })

  it('have base units and types in their names', async () => {
    const { types } = await sampled()
    for (const [name, type] of types) {
      expect(name.endsWith('_total'), name).toBe(type === 'counter')
      expect(name).not.toMatch(/_(ms|milliseconds|kb|mb)\b/)
    }
  })

  it('put durations into the buckets that the messaging conventions advise', async () => {
    const { value, types } = await sampled((meter) => {
      for (const seconds of [0, 0.005, 0.0051, 0.3, 10, 11, Number.NaN, -1])
        meter.processed('predictions', 'acked', seconds)
      meter.processed('predictions', 'deadLettered', 1)
    })
    const name = 'sluice_process_duration_seconds'
    const acked = { pipeline: 'predictions', outcome: 'acked' }
    const bucket = (le: string) => value(`${name}_bucket`, { ...acked, le })
    expect(types.get(name)).toBe('histogram')
    expect(bucket('0.005')).toBe(4)
    expect(bucket('0.01')).toBe(5)
    expect(bucket('0.25')).toBe(5)
    expect(bucket('0.5')).toBe(6)
    expect(bucket('10')).toBe(7)
    expect(bucket('+Inf')).toBe(8)
    expect(value(`${name}_count`, acked)).toBe(8)
    expect(value(`${name}_sum`, acked)).toBeCloseTo(21.3101, 6)
    expect(value(`${name}_count`, { ...acked, outcome: 'deadLettered' })).toBe(1)
  })

  it('tell the state of each breaker', async () => {
    const { value } = await sampled()
    const of = (state: string) => value('sluice_breaker_state', { breaker: 'model_server', state })
    expect([of('closed'), of('half-open'), of('open')]).toEqual([0, 1, 0])
    const counted = (name: string) => value(name, { breaker: 'model_server' })
    expect(counted('sluice_breaker_opened_total')).toBe(2)
    expect(counted('sluice_breaker_refused_total')).toBe(9)
    expect(counted('sluice_breaker_failed_probes_total')).toBe(3)
  })

  it('tell how each pipeline stands, and how often a topic was given out anew', async () => {
    const { value, samples } = await sampled()
    const of = (state: string) => value('sluice_pipeline_state', { pipeline: 'predictions', state })
    expect(['runs', 'paused', 'waits', 'apart', 'stalled'].map(of)).toEqual([0, 0, 0, 0, 1])
    expect(value('sluice_pipeline_state', { pipeline: 'other', state: 'runs' })).toBe(1)
    const counted = samples.filter(({ name }) => name === 'sluice_rebalances_total')
    expect(counted.map(({ labels, value: times }) => [labels, times])).toEqual([
      [{ pipeline: 'predictions' }, 3],
    ])
  })

  it('tell how the process does', async () => {
    const { value } = await sampled()
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
    expect(value('process_cpu_seconds_total')).toBeGreaterThan(0)
    expect(value('process_uptime_seconds')).toBeGreaterThanOrEqual(0)
    expect(value('nodejs_eventloop_delay_seconds', { quantile: '0.99' })).toBeLessThan(60)
  })

  it('survive a fleet that counts nothing yet', async () => {
    const metrics = createMetrics(systemWorld, noCounts)
    const { types } = parse(await metrics.metricsText())
    expect([...types.keys()]).toContain('process_uptime_seconds')
    metrics.close()
  })

  it('escape labels and help', () => {
    const text = prometheusText([
      {
        name: 'odd',
        help: 'one\\two\nthree',
        kind: 'gauge',
        points: [{ labels: { of: 'a"b\\c\nd' }, value: Number.NaN }],
      },
    ])
    expect(text).toBe(
      '# HELP odd one\\\\two\\nthree\n# TYPE odd gauge\nodd{of="a\\"b\\\\c\\nd"} NaN\n',
    )
    parse(text)
  })

  it('cost the hot path less than half a microsecond a message', () => {
    const { meter, close } = createMetrics(systemWorld, () => counts)
    const rounds = 200_000
    const best = Math.min(
      ...[1, 2, 3].map(() => {
        const from = systemWorld.clock.monotonic()
        for (let i = 0; i < rounds; i++) meter.processed('predictions', 'acked', (i % 100) / 2_000)
        return (systemWorld.clock.monotonic() - from) / rounds
      }),
    )
    close()
    expect(best * 1_000).toBeLessThan(0.5)
  })
})
