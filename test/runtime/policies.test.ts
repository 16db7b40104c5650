import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { GuardPlan } from '../../workers/core/plan-policies.ts'
import { backoffMs } from '../../workers/runtime/backoff.ts'
import { Guard } from '../../workers/runtime/guard.ts'

describe('backoff', () => {
  const retries = fc.record({
    firstMs: fc.integer({ min: 1, max: 10_000 }),
    maxMs: fc.integer({ min: 1, max: 3_600_000 }),
  })

  test('doubles from first up to max', () => {
    const retry = { firstMs: 200, maxMs: 30_000, jitter: 'none' as const }
    const waits = [1, 2, 3, 4, 9, 1e6].map((n) => backoffMs(retry, n, { next: () => 0.5 }))
    expect(waits).toEqual([200, 400, 800, 1600, 30_000, 30_000])
  })

  test('full jitter stays between nothing and the wait without it', () => {
    fc.assert(
      fc.property(
        retries,
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        (retry, attempt, chance) => {
          const random = { next: () => chance }
          const wait = backoffMs({ ...retry, jitter: 'full' }, attempt, random)
          expect(wait).toBeGreaterThanOrEqual(0)
          expect(wait).toBeLessThanOrEqual(backoffMs({ ...retry, jitter: 'none' }, attempt, random))
          expect(Number.isFinite(wait)).toBe(true)
        },
      ),
    )
  })
})

const guardOf = (of: number, tolerate: number) =>
  new Guard({ of, tolerate, counts: ['exhausted', 'defect'] })

/** A message that is dead-lettered, if the guard lets it. */
function fails(guard: Guard): boolean {
  const admitted = guard.admits()
  if (admitted) guard.failed()
  return admitted
}

describe('the guard', () => {
  test('lets `tolerate` failures of the latest `of` outcomes pass, and trips at the next', () => {
    const guard = guardOf(10, 3)
    expect([fails(guard), fails(guard), fails(guard)]).toEqual([true, true, true])
    expect(fails(guard)).toBe(false)
    expect(guard.tripped).toBe(true)
    expect(guard.admits()).toBe(false)
  })

  test('counts what it is told to: a transient failure means that the attempts are used up', () => {
    const counted = (counts: GuardPlan['counts']) => {
      const guard = new Guard({ of: 10, tolerate: 1, counts })
      return (['transient', 'defect', 'invalid'] as const).filter((one) => guard.counts(one))
    }
    expect(counted(['exhausted', 'defect'])).toEqual(['transient', 'defect'])
    expect(counted(['invalid'])).toEqual(['invalid'])
  })

  test('forgets failures that have left the window', () => {
    const guard = guardOf(4, 1)
    expect(fails(guard)).toBe(true)
    for (let n = 0; n < 3; n++) guard.succeeded()
    expect(fails(guard)).toBe(true)
    guard.succeeded()
    guard.succeeded()
    expect(guard.admits()).toBe(false)
  })

  test('counts what is under way, and forgets what was handed back', () => {
    const guard = guardOf(10, 2)
    expect([guard.admits(), guard.admits()]).toEqual([true, true])
    guard.handedBack()
    guard.failed()
    expect(guard.admits()).toBe(true)
    guard.failed()
    expect(guard.admits()).toBe(false)
  })

  test('agrees with counting by hand', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 200 }),
        fc.integer({ min: 2, max: 20 }),
        fc.integer({ min: 0, max: 10 }),
        (outcomes, of, tolerate) => {
          const guard = guardOf(of, tolerate)
          const latest: boolean[] = []
          for (const failed of outcomes) {
            const failures = [...latest.slice(-(of - 1)), failed].filter(Boolean).length
            if (!failed) guard.succeeded()
            else if (failures > tolerate) {
              expect(guard.admits()).toBe(false)
              return
            } else expect(fails(guard)).toBe(true)
            latest.push(failed)
          }
        },
      ),
    )
  })
})
