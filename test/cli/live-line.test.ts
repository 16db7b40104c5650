// The line that `npm start` shows: on a terminal it never wraps, since then it could not be written over.
import { expect, test } from 'vitest'
import { startLiveLine } from '../../workers/cli/live-line.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { systemWorld } from '../../workers/core/clock.ts'
import type { Counts } from '../../workers/core/telemetry.ts'

const COUNTS = {
  pipelines: {},
  sent: { alerts: 27_000, prediction_results: 592_000, 'ml_events.dlq': 20_000 },
  caches: {},
  breakers: {},
  requests: {},
  replies: {},
  windows: {},
}

async function written(isTTY: boolean, columns: number, counts: Counts = COUNTS): Promise<string> {
  const clock = createVirtualClock(0)
  let text = ''
  const out = { isTTY, columns, write: (part: string) => (text += part) !== '' }
  const line = startLiveLine(out, counts, { ...systemWorld, clock })
  await clock.advance(2_000)
  line.stop()
  return text
}

test('is cut where the terminal ends', async () => {
  const lines = (await written(true, 80)).split('\r\u001b[2K').slice(1, -1)
  expect(lines.length).toBeGreaterThan(1)
  for (const line of lines) expect(line).toMatch(/^.{1,78}…$/)
})

test('is whole elsewhere', async () => {
  expect(await written(false, 80)).toContain('ml_events.dlq 20,000\n')
})

test('counts a repeat and what was parked as settled: nothing of them is left to do', async () => {
  const billing = {
    accepted: 21,
    acked: 1,
    filtered: 2,
    deadLettered: 3,
    duplicates: 4,
    parked: 5,
    inFlight: 6,
    retried: 0,
    released: 0,
  }
  expect(await written(false, 80, { ...COUNTS, pipelines: { billing } })).toContain('15 settled')
})
