// A bar that follows long work on a terminal, and nothing elsewhere; it never writes to stdout, where the results go.
import type { Clock } from '../core/clock.ts'

export interface Progress {
  /** One more is done, or so many are. */
  step(reached?: number): void
  /** Leaves nothing behind. */
  end(): void
}

const WIDTH = 24
const EVERY_MS = 100

export function startProgress(what: string, total: number, clock: Clock): Progress {
  const out = process.stderr
  if (!out.isTTY || total < 2) return { step() {}, end() {} }
  const startedAt = clock.monotonic()
  let done = 0
  let drawnAt = -EVERY_MS
  return {
    step(reached = done + 1) {
      done = reached
      const now = clock.monotonic()
      if (now - drawnAt < EVERY_MS && done < total) return
      drawnAt = now
      const filled = Math.round((WIDTH * done) / total)
      const rate = Math.round((done * 1_000) / Math.max(1, now - startedAt))
      const bar = `${'━'.repeat(filled)}${'─'.repeat(WIDTH - filled)}`
      out.write(`\r\u001b[2K${what} ${bar} ${done}/${total}  ${rate}/s`)
    },
    end() {
      out.write('\r\u001b[2K')
    },
  }
}
