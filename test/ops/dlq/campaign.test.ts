// How a campaign goes from letter to letter: never faster than it may, and no further once it is told to stop.
import { expect, test } from 'vitest'
import { createVirtualClock } from '../../../workers/core/virtual-clock.ts'
import { campaign } from '../../../workers/ops/dlq/campaign.ts'
import type { Letter } from '../../../workers/ops/dlq/letter.ts'
import type { Outcome } from '../../../workers/ops/dlq/operator.ts'
import { letterOf } from './support.ts'

const REPLAYED: Outcome = { kind: 'replayed', to: 'topic orders', messageId: 'm' }

// oxlint-disable-next-line require-await -- letters come as they are read
async function* letters(count: number): AsyncGenerator<Letter> {
  for (let offset = 0; offset < count; offset++) yield letterOf({ offset })
}

test('what was slow is not made up for by a burst', async () => {
  const clock = createVirtualClock(0)
  const begun: number[] = []
  const done = campaign(letters(31), {
    clock,
    rate: 10,
    async act() {
      begun.push(clock.monotonic())
      if (begun.length === 5) await clock.sleep(20_000)
      return REPLAYED
    },
    told: () => {},
    signal: new AbortController().signal,
  })
  for (let step = 0; step < 400; step++) await clock.advance(100)
  expect(await done).toMatchObject({ replayed: 31 })
  const pauses = begun.slice(1).map((at, n) => at - (begun[n] as number))
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(100)
})

test('one that is told to stop leaves what others hold to them', async () => {
  const clock = createVirtualClock(0)
  const stop = new AbortController()
  let acts = 0
  const done = await campaign(letters(3), {
    clock,
    rate: undefined,
    act() {
      if (++acts === 2) stop.abort()
      return Promise.resolve({ kind: 'held', leftMs: 40_000 })
    },
    told: () => {},
    signal: stop.signal,
  })
  expect(done).toMatchObject({ held: 2, stopped: true })
  expect(acts).toBe(2)
})
