// The guard beside a list of outcomes: whatever succeeds, fails, is under way or is handed back, it lets so many failures through and no more.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Guard } from '../../workers/runtime/guard.ts'
import { runs } from '../support/fuzz.ts'

const steps = fc.array(
  fc.constantFrom('succeeded', 'admits', 'admits', 'failed', 'failed', 'handedBack'),
  { maxLength: 200 },
)

test('never have more failures than are tolerated reached the dead letters within its window', () => {
  fc.assert(
    fc.property(
      steps,
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 0, max: 6 }),
      (course, of, tolerate) => {
        const guard = new Guard({ of, tolerate, counts: ['exhausted', 'defect'] })
        const outcomes: boolean[] = []
        let underWay = 0
        let tripped = false
        for (const step of course) {
          if (step === 'succeeded') {
            guard.succeeded()
            outcomes.push(false)
          } else if (step === 'admits') {
            const failures = outcomes.slice(-of).filter(Boolean).length
            // The oldest of a full window makes room for this one.
            const leaves = outcomes.length >= of && outcomes.at(-of) === true ? 1 : 0
            const expected = !tripped && failures + underWay - leaves + 1 <= tolerate
            expect(guard.admits()).toBe(expected)
            if (expected) underWay++
            else tripped = true
          } else if (underWay > 0) {
            underWay--
            if (step === 'failed') {
              guard.failed()
              outcomes.push(true)
            } else guard.handedBack()
          }
          expect(guard.tripped).toBe(tripped)
          expect(outcomes.slice(-of).filter(Boolean).length).toBeLessThanOrEqual(
            Math.max(tolerate, 0),
          )
        }
      },
    ),
    { numRuns: runs(500) },
  )
})
