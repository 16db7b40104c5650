// What a process says of the alerts that it watches for.
import type { NumberMetric } from '../../telemetry/prometheus.ts'
import type { Book } from './book.ts'

export interface AlertCounts {
  readonly sent: { firing: number; resolved: number }
  /** Tries. */
  failed: number
  pending: number
}

export const alertMetrics = (
  { sent, failed, pending }: AlertCounts,
  book: Pick<Book, 'count'>,
): NumberMetric[] => [
  {
    kind: 'gauge',
    name: 'sluice_alerts',
    help: 'Alerts that were told and are not over.',
    points: [
      { labels: { severity: 'warning' }, value: book.count('warn') },
      { labels: { severity: 'critical' }, value: book.count('fail') },
    ],
  },
  {
    kind: 'gauge',
    name: 'sluice_alerts_pending',
    help: 'Alerts that could not be told yet.',
    points: [{ labels: {}, value: pending }],
  },
  {
    kind: 'counter',
    name: 'sluice_alerts_sent',
    help: 'Alerts that a broker confirmed.',
    points: Object.entries(sent).map(([status, value]) => ({ labels: { status }, value })),
  },
  {
    kind: 'counter',
    name: 'sluice_alerts_failed',
    help: 'Times that an alert could not be told.',
    points: [{ labels: {}, value: failed }],
  },
]
