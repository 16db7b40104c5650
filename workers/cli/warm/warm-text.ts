// What a warm-up did, as people read it.
import { number } from '../summary.ts'
import type { WarmReport } from './warm.ts'

export function warmText({
  pipeline,
  messages,
  filtered,
  invalid,
  failed,
  caches,
}: WarmReport): string {
  const seldom = [
    [filtered, 'filtered'],
    [invalid, 'invalid'],
    [failed, 'failed'],
  ] as const
  const parts = [
    `${number(messages)} ${messages === 1 ? 'message' : 'messages'}`,
    ...seldom.filter(([count]) => count > 0).map(([count, word]) => `${number(count)} ${word}`),
  ]
  const lines = Object.entries(caches).map(
    ([name, { loads, hits }]) =>
      `  cache ${name}: ${number(loads)} loaded, ${number(hits)} asked for what was there`,
  )
  return `${pipeline}: ${parts.join(' · ')}\n${lines.join('\n')}\n`
}
