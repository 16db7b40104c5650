// What is looked at again and again on a terminal, until somebody stops it; what was seen last stays on the screen when a look fails.
import type { Clock } from '../core/clock.ts'
import { onStopSignal } from './signals.ts'
import { Screen } from './screen.ts'

const EVERY_MS = 1_000

export async function liveView<Seen>(
  first: Seen,
  look: () => Promise<Seen>,
  linesOf: (seen: Seen) => readonly string[],
  clock: Clock,
): Promise<void> {
  const stop = onStopSignal((signal) => process.exit(signal === 'SIGINT' ? 130 : 143), clock)
  let seen = first
  let trouble = ''
  const shown = () =>
    fitting([...linesOf(seen), ...(trouble === '' ? [] : [trouble])], process.stdout.rows)
  const screen = new Screen(process.stdout, shown, clock)
  const told = new AbortController()
  void stop.promise.then(() => told.abort())
  while (!stop.requested) {
    await clock.sleep(EVERY_MS, told.signal)
    if (stop.requested) break
    try {
      seen = await look()
      trouble = ''
    } catch (error) {
      trouble = `as of a moment ago: ${(error as Error).message}`
    }
  }
  screen.stop()
  stop.dispose()
}

/** What scrolled off the top cannot be written anew. */
function fitting(lines: readonly string[], rows: number | undefined): readonly string[] {
  const most = (rows ?? Infinity) - 2
  return lines.length <= most
    ? lines
    : [...lines.slice(0, Math.max(0, most)), `… ${lines.length - most} more lines`]
}
