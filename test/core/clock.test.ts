// The real clock keeps what the port promises: never early, however short or long the wait.
import { expect, it } from 'vitest'
import { systemClock } from '../../workers/core/clock.ts'

it('never calls before its time', async () => {
  const waits = Array.from({ length: 2_000 }, (_, index) => 1 + (index % 40) * 0.97)
  const early = await Promise.all(
    waits.map(async (ms) => {
      const due = systemClock.monotonic() + ms
      await systemClock.sleep(ms)
      return Math.max(0, due - systemClock.monotonic())
    }),
  )
  expect(early.filter((ms) => ms > 0)).toEqual([])
})

it('waits longer than a timer of Node can', async () => {
  let called = false
  const month = systemClock.after(31 * 24 * 60 * 60_000, () => (called = true))
  await systemClock.sleep(5)
  month.cancel()
  expect(called).toBe(false)
})

it('is silent once it was cancelled', async () => {
  let called = false
  const timer = systemClock.after(2, () => (called = true))
  timer.cancel()
  await systemClock.sleep(5)
  expect(called).toBe(false)
})
