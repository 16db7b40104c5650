// What a load showed, as people read it.
import type { LoadResult } from '../../load/load.ts'
import { ms, perSecond, type Kept } from '../../load/verdict.ts'
import { number } from '../summary.ts'

export function loadText({
  pipeline,
  topic,
  result,
  verdict,
}: {
  readonly pipeline: string
  readonly topic: string
  readonly result: LoadResult
  readonly verdict: readonly Kept[]
}): string {
  const { sent, answers, lag, drainedMs, deadLetters } = result
  const lines = [
    `load on ${topic}, which ${pipeline} reads`,
    `  sent      ${number(sent.count)}, ${perSecond(sent.rate)} of ${perSecond(sent.wanted)}; at most ${ms(sent.lateMs)} late`,
  ]
  if (sent.problem !== undefined)
    lines.push(`            ${number(sent.failed)} were not taken: ${sent.problem}`)
  for (const { topic: name, count, percentiles } of answers) {
    lines.push(`  answered  ${number(count)} on ${name}`)
    if (percentiles === undefined) continue
    const { p50, p95, p99, max } = percentiles
    lines.push(`            p50 ${ms(p50)} · p95 ${ms(p95)} · p99 ${ms(p99)} · max ${ms(max)}`)
  }
  lines.push(
    `  lag       ${lag === undefined ? 'unknown' : number(lag)}, ${ms(drainedMs)} after the last message`,
    `  letters   ${number(deadLetters)}`,
    ...verdict.map(
      ({ what, limit, was, kept }) => `  ${kept ? '✓' : '✗'} ${what}: ${was}, ${limit}`,
    ),
  )
  return `${lines.join('\n')}\n`
}
