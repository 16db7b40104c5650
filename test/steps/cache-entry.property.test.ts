// How long an entry lives: never longer than its cache says, never shorter than the jitter allows, and not all for the same time.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CachePlan } from '../../workers/core/plan.ts'
import { seededRandom } from '../../workers/core/seeded.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { lifeOf } from '../../workers/steps/cache-entry.ts'
import '../support/fuzz.ts'

const NOW = 1_700_000_000_000
const clock = createVirtualClock(NOW)

const cacheOf = (changes: Partial<CachePlan>): CachePlan => ({
  name: 'prices',
  connection: 'hot',
  at: { file: 'pipelines/fleet.yaml', line: 1, column: 1 },
  ttlMs: 60_000,
  jitter: 0,
  as: 'string',
  schema: 'values/price',
  whenDown: 'bypass',
  staleMs: 0,
  flight: 'process',
  absentMs: undefined,
  ...changes,
})

const ms = (min: number) => fc.integer({ min, max: 365 * 86_400_000 })

test('whatever chance says, a life is within its bounds, and stale for no longer than allowed', () => {
  fc.assert(
    fc.property(
      ms(1),
      ms(0),
      ms(1),
      fc.integer({ min: 0, max: 90 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.constantFrom({ total: 1 }, null),
      (ttl, staleMs, absentMs, jitter, chance, value) => {
        const plan = cacheOf({ ttlMs: ttl, staleMs, absentMs, jitter })
        const random = { next: () => chance }
        const { entry, ttlMs } = lifeOf(plan, value, { clock, random })
        const longest = value === null ? absentMs : ttl
        const fresh = value === null ? ttlMs : ttlMs - staleMs
        expect(fresh).toBeLessThanOrEqual(longest + 1e-3)
        expect(fresh).toBeGreaterThanOrEqual(longest * (1 - jitter / 100) - 1e-3)
        if (entry.freshUntil !== undefined) expect(entry.freshUntil - NOW).toBeCloseTo(fresh, 2)
        expect(entry.freshUntil !== undefined).toBe(value !== null && staleMs > 0)
      },
    ),
  )
})

test('entries that are written together expire over all of the time that the jitter gives', () => {
  const random = seededRandom(7)
  const plan = cacheOf({ jitter: 10 })
  const lives = Array.from({ length: 10_000 }, () => lifeOf(plan, {}, { clock, random }).ttlMs)
  const inTenths = Array.from(
    { length: 10 },
    (_, tenth) =>
      lives.filter((life) => Math.min(9, Math.floor((life - 54_000) / 600)) === tenth).length,
  )
  for (const count of inTenths) expect(count).toBeGreaterThan(800)
  expect(Math.max(...lives)).toBeLessThanOrEqual(60_000)
  expect(Math.min(...lives)).toBeGreaterThan(54_000)
})

test('without jitter nothing is left to chance', () => {
  const random = { next: () => expect.fail('nobody asks') }
  expect(lifeOf(cacheOf({}), {}, { clock, random }).ttlMs).toBe(60_000)
})
