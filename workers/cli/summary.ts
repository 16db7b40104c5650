// What a run did, for people and for programs; the JSON is a stable interface with a version.
import type { Counts, PipelineCounts } from '../core/telemetry.ts'

export interface RunReport {
  readonly version: 1
  readonly pipelines: Record<
    string,
    Pick<
      PipelineCounts,
      'accepted' | 'acked' | 'filtered' | 'deadLettered' | 'duplicates' | 'parked' | 'retried'
    >
  >
  readonly sent: Record<string, number>
  readonly caches: Record<string, { hits: number; misses: number; loads: number }>
  readonly durationMs: number
  /** Of a shadow: `sent` is what would have been. */
  readonly recording?: Recorded
}

interface Recorded {
  readonly mode: 'shadow' | 'live'
  readonly file: string
}

/** What was handed back is not counted as accepted: whoever takes it next accepts it. */
export function reportOf(counts: Counts, durationMs: number, recording?: Recorded): RunReport {
  const pipelines = Object.entries(counts.pipelines).map(([name, c]) => {
    const { acked, filtered, deadLettered, duplicates, parked, retried } = c
    const accepted = c.accepted - c.released
    return [name, { accepted, acked, filtered, deadLettered, duplicates, parked, retried }] as const
  })
  const caches = Object.entries(counts.caches).map(([name, { hits, misses, loads }]) => {
    return [name, { hits, misses, loads }] as const
  })
  return {
    version: 1,
    pipelines: Object.fromEntries(pipelines),
    sent: { ...counts.sent },
    caches: Object.fromEntries(caches),
    durationMs: Math.round(durationMs),
    ...(recording && { recording: { mode: recording.mode, file: recording.file } }),
  }
}

export function reportText(report: RunReport): string {
  const lines: string[] = []
  for (const [name, c] of Object.entries(report.pipelines)) {
    lines.push(`${name}: ${number(c.accepted)} accepted in ${seconds(report.durationMs)}`)
    const seldom = [
      [c.duplicates, 'duplicates'],
      [c.parked, 'parked'],
    ] as const
    const parts = [
      `${number(c.acked)} acked`,
      `${number(c.filtered)} filtered`,
      `${number(c.deadLettered)} dead-lettered`,
      ...seldom.filter(([count]) => count > 0).map(([count, word]) => `${number(count)} ${word}`),
      `${number(c.retried)} retried`,
    ]
    lines.push(`  ${parts.join(' · ')}`)
  }
  const sent = Object.entries(report.sent).map(([to, n]) => `${to} ${number(n)}`)
  const { recording } = report
  const verb = recording?.mode === 'shadow' ? 'kept, not sent' : 'sent'
  if (sent.length > 0) lines.push(`  ${verb}: ${sent.join(' · ')}`)
  for (const [name, { hits, misses, loads }] of Object.entries(report.caches))
    lines.push(`  cache ${name}: ${ratio(hits, misses)} hits, ${number(loads)} loads`)
  if (recording !== undefined) lines.push(`  recorded in ${recording.file}`)
  return lines.join('\n') + '\n'
}

export const number = (value: number) => value.toLocaleString('en-US')

export function ratio(hits: number, misses: number): string {
  const all = hits + misses
  return all === 0 ? '–' : `${Math.round((hits / all) * 100)} %`
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`
}
