// What a process counts, as metrics: it reads the counts that the runtime keeps and measures durations. Labels hold names of the
// plan only, never an id or a key, so the number of series is bounded.
import type { World } from '../core/clock.ts'
import { STANDINGS, type Counts, type Meter, type PipelineStanding } from '../core/telemetry.ts'
import { Histogram } from './histogram.ts'
import { watchProcess } from './process-metrics.ts'
import { prometheusText, type Labels, type Metric } from './prometheus.ts'
import { DURATION_BOUNDS } from './semconv.ts'

export interface MetricExtras {
  readonly spansDropped?: () => number
  readonly version?: string
  readonly standings?: () => readonly PipelineStanding[]
}

export interface Metrics {
  readonly meter: Meter
  /** Prometheus' text format. Within one text the counts of a pipeline add up. */
  metricsText(): Promise<string>
  close(): void
}

export function createMetrics(
  world: World,
  counts: () => Counts,
  extras: MetricExtras = {},
): Metrics {
  const durations = new Durations()
  const watch = watchProcess(world.clock)
  return {
    meter: durations,
    metricsText: async () => {
      const { pipelines, sent, caches, breakers, requests, replies, windows } = counts()
      return prometheusText([
        ...pipelineMetrics(pipelines),
        ...standingMetrics(extras.standings?.() ?? []),
        durations.metric(),
        number(
          'counter',
          'sluice_sent',
          'Messages that a broker confirmed.',
          each(sent, 'destination', (value) => [{ value }]),
        ),
        ...cacheMetrics(caches),
        ...breakerMetrics(breakers),
        ...requestMetrics(requests, replies),
        ...windowMetrics(windows),
        ...ownMetrics(extras),
        ...watch.metrics(),
      ])
    },
    close: () => watch.close(),
  }
}

/** How long messages were at work, one histogram a pipeline and outcome. */
class Durations implements Meter {
  private readonly series = new Map<string, Map<string, Histogram>>()

  processed(pipeline: string, outcome: string, seconds: number): void {
    let outcomes = this.series.get(pipeline)
    if (outcomes === undefined) this.series.set(pipeline, (outcomes = new Map()))
    let histogram = outcomes.get(outcome)
    if (histogram === undefined)
      outcomes.set(outcome, (histogram = new Histogram(DURATION_BOUNDS, { pipeline, outcome })))
    histogram.record(seconds)
  }

  metric(): Metric {
    return {
      name: 'sluice_process_duration',
      help: 'Time from taking up a message to its end, waiting for its turn excluded.',
      unit: 'seconds',
      kind: 'histogram',
      bounds: DURATION_BOUNDS,
      points: [...this.series.values()].flatMap((outcomes) =>
        [...outcomes.values()].map((histogram) => histogram.point()),
      ),
    }
  }
}

/** How a message leaves this process; with those in flight they add up to what was accepted. */
const OUTCOMES = ['acked', 'filtered', 'deadLettered', 'duplicates', 'parked', 'released'] as const

function pipelineMetrics(pipelines: Counts['pipelines']): Metric[] {
  return [
    number(
      'counter',
      'sluice_accepted',
      'Messages taken from the source.',
      each(pipelines, 'pipeline', ({ accepted }) => [{ value: accepted }]),
    ),
    number(
      'counter',
      'sluice_messages',
      'Messages that are out of work, by outcome.',
      each(pipelines, 'pipeline', (of) =>
        OUTCOMES.map((outcome) => ({ labels: { outcome }, value: of[outcome] })),
      ),
    ),
    number(
      'gauge',
      'sluice_in_flight',
      'Messages taken and not out of work.',
      each(pipelines, 'pipeline', ({ inFlight }) => [{ value: inFlight }]),
    ),
    number(
      'counter',
      'sluice_retries',
      'Further attempts after a failed one.',
      each(pipelines, 'pipeline', ({ retried }) => [{ value: retried }]),
    ),
  ]
}

function standingMetrics(standings: readonly PipelineStanding[]): Metric[] {
  return [
    number(
      'gauge',
      'sluice_pipeline_state',
      '1 for how a pipeline stands.',
      standings.flatMap(({ pipeline, state: now }) =>
        STANDINGS.map((state) => ({
          labels: { pipeline, state },
          value: state === now ? 1 : 0,
        })),
      ),
    ),
    number(
      'counter',
      'sluice_rebalances',
      'How often partitions were taken from a pipeline to be given out anew.',
      standings.flatMap(({ pipeline, rebalances }) =>
        rebalances === undefined ? [] : [{ labels: { pipeline }, value: rebalances }],
      ),
    ),
  ]
}

function cacheMetrics(caches: Counts['caches']): Metric[] {
  return [
    number(
      'counter',
      'sluice_cache_requests',
      'Questions to a cache, by result.',
      each(caches, 'cache', ({ hits, misses }) => [
        { labels: { result: 'hit' }, value: hits },
        { labels: { result: 'miss' }, value: misses },
      ]),
    ),
    number(
      'counter',
      'sluice_cache_loads',
      'Values loaded for a cache.',
      each(caches, 'cache', ({ loads }) => [{ value: loads }]),
    ),
    number(
      'counter',
      'sluice_cache_bypasses',
      'Calls to a cache skipped as it was away.',
      each(caches, 'cache', ({ bypassed }) => [{ value: bypassed }]),
    ),
    number(
      'counter',
      'sluice_cache_waits',
      'Hits of a cache that waited for a load of another process.',
      each(caches, 'cache', ({ waited }) => [{ value: waited }]),
    ),
    number(
      'counter',
      'sluice_cache_forgets',
      'Tags of a cache that were forgotten.',
      each(caches, 'cache', ({ forgotten }) => [{ value: forgotten }]),
    ),
  ]
}

const STATES = ['closed', 'half-open', 'open'] as const

function breakerMetrics(breakers: Counts['breakers']): Metric[] {
  return [
    number(
      'gauge',
      'sluice_breaker_state',
      '1 for the state that a breaker is in.',
      each(breakers, 'breaker', (of) =>
        STATES.map((state) => ({ labels: { state }, value: of.state === state ? 1 : 0 })),
      ),
    ),
    number(
      'counter',
      'sluice_breaker_opened',
      'How often a breaker opened after it was closed.',
      each(breakers, 'breaker', ({ opened }) => [{ value: opened }]),
    ),
    number(
      'counter',
      'sluice_breaker_refused',
      'Calls that a breaker held back.',
      each(breakers, 'breaker', ({ refused }) => [{ value: refused }]),
    ),
    number(
      'counter',
      'sluice_breaker_failed_probes',
      'Single calls that failed while a breaker was half open.',
      each(breakers, 'breaker', ({ failedProbes }) => [{ value: failedProbes }]),
    ),
  ]
}

function requestMetrics(requests: Counts['requests'], replies: Counts['replies']): Metric[] {
  return [
    number(
      'gauge',
      'sluice_requests_pending',
      'Requests that wait for an answer.',
      each(requests, 'destination', ({ pending }) => [{ value: pending }]),
    ),
    number(
      'counter',
      'sluice_requests',
      'Requests that are over, by outcome.',
      each(requests, 'destination', ({ answered, failed }) => [
        { labels: { outcome: 'answered' }, value: answered },
        { labels: { outcome: 'failed' }, value: failed },
      ]),
    ),
    number(
      'counter',
      'sluice_replies',
      'Answers that were confirmed.',
      each(replies, 'pipeline', ({ sent }) => [{ value: sent }]),
    ),
    number(
      'counter',
      'sluice_replies_undeliverable',
      'Answers that nobody was there to take.',
      each(replies, 'pipeline', ({ undeliverable }) => [{ value: undeliverable }]),
    ),
  ]
}

function windowMetrics(windows: Counts['windows']): Metric[] {
  return [
    number(
      'counter',
      'sluice_window_messages',
      'Messages that came to a window step, by result; a late one is in no window.',
      each(windows, 'window', ({ counted, late, repeated }) => [
        { labels: { result: 'counted' }, value: counted },
        { labels: { result: 'late' }, value: late },
        { labels: { result: 'repeated' }, value: repeated },
      ]),
    ),
    number(
      'counter',
      'sluice_windows_closed',
      'Windows that were closed and handed over.',
      each(windows, 'window', ({ closed }) => [{ value: closed }]),
    ),
  ]
}

function ownMetrics({ spansDropped, version }: MetricExtras): Metric[] {
  const metrics: Metric[] = []
  if (spansDropped !== undefined)
    metrics.push(
      number('counter', 'sluice_spans_dropped', 'Spans that were not exported.', [
        { labels: {}, value: spansDropped() },
      ]),
    )
  if (version !== undefined)
    metrics.push(
      number('gauge', 'sluice_build_info', 'Always 1; the labels tell the build.', [
        { labels: { version }, value: 1 },
      ]),
    )
  return metrics
}

interface Point {
  readonly labels: Labels
  readonly value: number
}

function number(kind: 'counter' | 'gauge', name: string, help: string, points: Point[]): Metric {
  return { name, help, kind, points }
}

/** The points of every entry of `record`, each labelled with the entry's name. */
function each<T>(
  record: Readonly<Record<string, T>>,
  label: string,
  points: (entry: T) => readonly { readonly labels?: Labels; readonly value: number }[],
): Point[] {
  return Object.entries(record).flatMap(([name, entry]) =>
    points(entry).map(({ labels, value }) => ({ labels: { [label]: name, ...labels }, value })),
  )
}
