// So many a second of each address, and no memory of addresses beyond that second.
import { expect, it } from 'vitest'
import { createVirtualClock } from '../../../workers/core/virtual-clock.ts'
import { PerSecond } from '../../../workers/ops/api/per-second.ts'

it('lets so many through, then none until the second is over, each address for itself', async () => {
  const clock = createVirtualClock(0)
  const limit = new PerSecond(clock, 3)
  const take = (address: string, times: number) =>
    Array.from({ length: times }, () => limit.take(address))
  expect(take('a', 5)).toEqual([true, true, true, false, false])
  expect(take('b', 1)).toEqual([true])
  await clock.advance(999)
  expect(take('a', 1)).toEqual([false])
  await clock.advance(1)
  expect(take('a', 4)).toEqual([true, true, true, false])
})

it('lets addresses beyond ten thousand share what one may have', () => {
  const limit = new PerSecond(createVirtualClock(0), 2)
  for (let n = 0; n < 10_000; n++) expect(limit.take(`known ${n}`)).toBe(true)
  expect([limit.take('x'), limit.take('y'), limit.take('z')]).toEqual([true, true, false])
  expect(limit.take('known 1')).toBe(true)
})
