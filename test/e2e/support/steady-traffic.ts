// Events that keep coming at a steady pace, whatever becomes of their worker; only what the broker has confirmed counts as sent.
import { setTimeout as sleep } from 'node:timers/promises'
import { openProducer } from './brokers-io.ts'
import type { LoadEvent } from './load.ts'

const SLICE_MS = 100

export interface Traffic {
  /** Confirmed so far. */
  readonly sent: number
  /** Sends no more; resolves with everything that was sent, or rejects with why it came to a standstill. */
  stop(): Promise<readonly LoadEvent[]>
}

/** Until it is stopped, or the load is used up. What the pace was behind by is made up for. */
export function startTraffic(
  topic: string,
  load: readonly LoadEvent[],
  perSecond: number,
): Traffic {
  let sent = 0
  let stopped = false
  const run = async () => {
    await using producer = await openProducer(topic)
    const from = performance.now()
    while (!stopped && sent < load.length) {
      const due = Math.ceil(((performance.now() - from) / 1_000) * perSecond)
      const slice = load.slice(sent, Math.min(due, sent + 1_000))
      if (slice.length > 0) await producer.send(slice)
      sent += slice.length
      await sleep(SLICE_MS)
    }
  }
  const running = run()
  // Whoever stops it hears of it.
  running.catch(() => {})
  return {
    get sent() {
      return sent
    },
    async stop() {
      stopped = true
      await running
      return load.slice(0, sent)
    },
  }
}
