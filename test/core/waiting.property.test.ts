// How long a message waits, and where: each rule against its plain words, for any policy.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tierAfter } from '../../workers/core/parking.ts'
import { seededRandom } from '../../workers/core/seeded.ts'
import { backoffMs } from '../../workers/runtime/backoff.ts'

const policies = fc.record({
  firstMs: fc.integer({ min: 0, max: 3_600_000 }),
  maxMs: fc.integer({ min: 0, max: 86_400_000 }),
  jitter: fc.constantFrom('full' as const, 'none' as const),
})

describe('waits in place', () => {
  test('never shrink from one attempt to the next, and never exceed the longest', () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 1_000 }), (policy, attempt) => {
        const calm = { ...policy, jitter: 'none' as const }
        const random = { next: () => 0 }
        const [now, next] = [attempt, attempt + 1].map((one) => backoffMs(calm, one, random))
        expect(next).toBeGreaterThanOrEqual(now as number)
        expect(next).toBeLessThanOrEqual(policy.maxMs)
        if ((now as number) < policy.maxMs && (next as number) < policy.maxMs)
          expect(next).toBe(2 * (now as number))
        expect(backoffMs(calm, 1, random)).toBe(Math.min(policy.firstMs, policy.maxMs))
      }),
    )
  })

  test('with jitter use the whole of the wait without it', () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 50 }), fc.nat(), (policy, attempt, seed) => {
        const random = seededRandom(seed)
        const whole = backoffMs({ ...policy, jitter: 'none' }, attempt, random)
        const waits = Array.from({ length: 50 }, () =>
          backoffMs({ ...policy, jitter: 'full' }, attempt, random),
        )
        for (const wait of waits) expect(Number.isInteger(wait) && wait >= 0).toBe(true)
        expect(Math.max(...waits)).toBeLessThanOrEqual(whole)
        if (whole >= 1_000) {
          expect(Math.min(...waits)).toBeLessThan(whole / 2)
          expect(Math.max(...waits)).toBeGreaterThan(whole / 2)
        }
      }),
    )
  })
})

describe('waits outside', () => {
  const parks = fc.record({
    after: fc.integer({ min: 1, max: 999 }),
    tiers: fc.uniqueArray(fc.integer({ min: 1_000, max: 604_800_000 }), {
      minLength: 1,
      maxLength: 8,
    }),
  })
  const parkOf = ({ after, tiers }: { after: number; tiers: readonly number[] }) => ({
    park: { after, tiers: tiers.map((delayMs) => ({ name: `${delayMs}ms`, delayMs })) },
  })

  test('begin after so many attempts in place, then take one tier after the other, the last one for ever', () => {
    fc.assert(
      fc.property(parks, fc.integer({ min: 1, max: 1_000 }), (park, attempt) => {
        const tier = tierAfter(parkOf(park), attempt)
        const nth = attempt - park.after
        if (nth < 0) expect(tier).toBeUndefined()
        else expect(tier?.delayMs).toBe(park.tiers[Math.min(nth, park.tiers.length - 1)])
      }),
    )
  })

  test('are no shorter than a handler asks for, if a later tier is as long; and else the last one', () => {
    fc.assert(
      fc.property(
        parks,
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 0, max: 700_000_000 }),
        (park, attempt, leastMs) => {
          const tier = tierAfter(parkOf(park), attempt, leastMs)
          const nth = Math.min(attempt - park.after, park.tiers.length - 1)
          const later = nth < 0 ? [] : park.tiers.slice(nth)
          const fitting = later.filter((delayMs) => delayMs >= leastMs)
          expect(tier?.delayMs).toBe(fitting[0] ?? later.at(-1))
        },
      ),
    )
  })

  test('are none where nothing is parked', () => {
    expect(tierAfter({ park: undefined }, 1_000, 5)).toBeUndefined()
  })
})
