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
  const shown = () => [...linesOf(seen), ...(trouble === '' ? [] : [trouble])]
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
