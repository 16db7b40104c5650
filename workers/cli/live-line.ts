// One line that follows a running worker: in place on a terminal, one line every few seconds elsewhere.
import type { World } from '../core/clock.ts'
import type { Counts } from '../core/telemetry.ts'
import { settledOf } from '../runtime/counts.ts'
import { number, ratio } from './summary.ts'

export interface LiveLine {
  stop(): void
}

/** What a terminal is to this line; `columns` is absent where nobody looks. */
export type LineOut = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>

export function startLiveLine(out: LineOut, counts: Counts, { clock }: World): LiveLine {
  const terminal = out.isTTY
  const every = terminal ? 250 : 2_000
  let before = totals(counts)
  let at = clock.monotonic()
  let running = true
  const tick = () => {
    if (!running) return
    const now = totals(counts)
    const elapsed = clock.monotonic() - at
    const rate = Math.round(((now.settled - before.settled) * 1000) / Math.max(1, elapsed))
    const text = lineOf(now, rate)
    out.write(terminal ? `\r\u001b[2K${fitted(text, out.columns)}` : `${text}\n`)
    before = now
    at = clock.monotonic()
    clock.after(every, tick)
  }
  // The first comes soon: somebody waits to see that anything happens.
  clock.after(Math.min(every, 500), tick)
  return {
    stop() {
      running = false
      if (terminal) out.write('\r\u001b[2K')
    },
  }
}

interface Totals {
  settled: number
  hits: number
  misses: number
  sent: readonly (readonly [string, number])[]
  deadLettered: number
}

function totals(counts: Counts): Totals {
  const pipelines = Object.values(counts.pipelines)
  const caches = Object.values(counts.caches)
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
  return {
    settled: sum(pipelines.map(settledOf)),
    hits: sum(caches.map((c) => c.hits)),
    misses: sum(caches.map((c) => c.misses)),
    sent: Object.entries(counts.sent),
    deadLettered: sum(pipelines.map((c) => c.deadLettered)),
  }
}

/** What matters most comes first: a narrow terminal shows the beginning. */
function lineOf(now: Totals, rate: number): string {
  const sent = now.sent.filter(([, n]) => n > 0).map(([to, n]) => `${to} ${number(n)}`)
  return `${number(rate)} msg/s · ${number(now.settled)} settled · cache ${ratio(now.hits, now.misses)} · dead-lettered ${number(now.deadLettered)} · sent ${sent.length === 0 ? 'nothing yet' : sent.join(', ')}`
}

/** A line that wraps could not be written over. */
const fitted = (text: string, columns: number) =>
  text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`
