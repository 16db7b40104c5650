// Metrics as a table, and the table as Prometheus' text; the one place where unit and `_total` are put behind a name.
import type { HistogramPoint } from './histogram.ts'

export type Labels = Readonly<Record<string, string>>

interface Described {
  /** Without unit and without `_total`. */
  readonly name: string
  readonly help: string
  /** A base unit, never a prefixed one. */
  readonly unit?: 'seconds' | 'bytes'
}
export interface NumberMetric extends Described {
  readonly kind: 'counter' | 'gauge'
  readonly points: readonly { readonly labels: Labels; readonly value: number }[]
}
export interface HistogramMetric extends Described {
  readonly kind: 'histogram'
  readonly bounds: readonly number[]
  readonly points: readonly HistogramPoint[]
}
export type Metric = NumberMetric | HistogramMetric

/** A metric without points is left out. */
export function prometheusText(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ points }) => points.length > 0)
    .map(block)
    .join('')
}

function block(metric: Metric): string {
  const name = fullName(metric)
  const lines = [`# HELP ${name} ${escapeHelp(metric.help)}`, `# TYPE ${name} ${metric.kind}`]
  if (metric.kind === 'histogram')
    for (const point of metric.points) lines.push(...histogramLines(name, metric.bounds, point))
  else for (const { labels, value } of metric.points) lines.push(line(name, labels, value))
  return `${lines.join('\n')}\n`
}

/** As it stands in the text. */
export function fullName({ name, unit, kind }: Metric): string {
  const parts = [name]
  if (unit !== undefined) parts.push(unit)
  if (kind === 'counter') parts.push('total')
  return parts.join('_')
}

function histogramLines(
  name: string,
  bounds: readonly number[],
  { labels, count, sum, buckets }: HistogramPoint,
): string[] {
  let below = 0
  const lines = buckets.map((held, index) => {
    below += held
    const le = index < bounds.length ? String(bounds[index]) : '+Inf'
    return line(`${name}_bucket`, { ...labels, le }, below)
  })
  return [...lines, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, count)]
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`)
  return pairs.length === 0 ? `${name} ${value}` : `${name}{${pairs.join(',')}} ${value}`
}

const escapeHelp = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
const escapeLabel = (text: string) => escapeHelp(text).replaceAll('"', '\\"')
