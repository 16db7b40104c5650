// How often caches answer: within the latest quarter of an hour, over processes that come and go.
import { expect, test } from 'vitest'
import { CacheWatch } from '../../../workers/ops/health/cache-hits.ts'

const MINUTE = 60_000
const process = (id: string, hits: number, misses: number) => ({
  id,
  caches: { prices: { hits, misses } },
})

test('at first it is all that the processes counted, together', () => {
  const watch = new CacheWatch()
  expect(watch.see([process('a', 3, 7), process('b', 1, 9)], 0)).toEqual({
    prices: { asked: 20, hits: 4 },
  })
})

test('what is older than a quarter of an hour counts no more', () => {
  const watch = new CacheWatch()
  let last = {}
  for (let minute = 0; minute <= 40; minute++)
    last = watch.see([process('a', 1_000, 10 * minute)], minute * MINUTE)
  expect(last).toEqual({ prices: { asked: 150, hits: 0 } })
})

test('a process that starts anew counts anew, and what one that ended counted stays within its time', () => {
  const watch = new CacheWatch()
  watch.see([process('a', 50, 50)], 0)
  watch.see([process('a', 60, 50)], MINUTE)
  expect(watch.see([process('b', 5, 5)], 2 * MINUTE)).toEqual({ prices: { asked: 120, hits: 65 } })
  expect(watch.see([process('b', 6, 5), { id: 'old' }], 3 * MINUTE)).toEqual({
    prices: { asked: 121, hits: 66 },
  })
})

test('one that was not on the list for a moment is not counted twice', () => {
  const watch = new CacheWatch()
  watch.see([process('a', 50, 50)], 0)
  watch.see([], MINUTE)
  expect(watch.see([process('a', 51, 50)], 2 * MINUTE)).toEqual({
    prices: { asked: 101, hits: 51 },
  })
})

test('it keeps a point each quarter of a minute at most, and no more of them than it needs', () => {
  const watch = new CacheWatch()
  for (let second = 0; second < 7_200; second++)
    watch.see([process('a', second, 0)], second * 1_000)
  const { points } = watch as unknown as { readonly points: readonly unknown[] }
  expect(points.length).toBeLessThanOrEqual(62)
})
