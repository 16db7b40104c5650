// Says what would be done to dead letters, and what was; the JSON is a stable interface with a version.
import { printable } from '../../compile/render.ts'
import type { Done } from '../../ops/dlq/campaign.ts'
import type { Destination } from '../../ops/dlq/destinations.ts'
import { placeText } from '../../ops/dlq/letter.ts'
import { EXIT } from '../exit.ts'

type Format = 'text' | 'json'

/** `ahead`: how many letters, by what will become of them. */
export function foreseen(
  destination: string,
  ahead: ReadonlyMap<string, number>,
  total: number,
): string {
  if (total === 0) return `${printable(destination)}: no open letter is meant\n`
  const lines = [...ahead].map(([words, n]) => `  ${String(n).padStart(6)}  ${printable(words)}\n`)
  return `${printable(destination)}: ${total} open ${total === 1 ? 'letter' : 'letters'}\n${lines.join('')}`
}

export function dryRun(format: Format, ahead: ReadonlyMap<string, number>): number {
  if (format === 'json') {
    const document = { version: 1, dryRun: true, ahead: Object.fromEntries(ahead) }
    process.stdout.write(`${JSON.stringify(document)}\n`)
  }
  return EXIT.ok
}

/** Returns the exit code that the results mean. */
export function report(done: Done, { kind }: Destination, format: Format): number {
  const refused = done.refused.map(({ letter, error }) => ({
    place: placeText(letter.spot, kind === 'stream'),
    code: error.code,
    why: error.message,
  }))
  const { replayed, dropped, already, held, stopped } = done
  if (format === 'json') {
    const counts = { replayed, dropped, already, held }
    process.stdout.write(`${JSON.stringify({ version: 1, ...counts, refused, stopped })}\n`)
  } else {
    for (const { place, code, why } of refused)
      process.stdout.write(`  ${place}  refused ${code}: ${printable(why)}\n`)
    const parts = [
      [replayed, 'replayed'],
      [dropped, 'dropped'],
      [already, 'done before'],
      [held, 'held by somebody else'],
      [refused.length, 'refused'],
    ] as const
    const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`)
    process.stdout.write(`${said.join(', ') || 'nothing to do'}${stopped ? '; stopped' : ''}\n`)
  }
  return refused.length > 0 || held > 0 || stopped ? EXIT.failed : EXIT.ok
}
