// When something counts as changed: what held long enough, on whichever side, and nothing that comes and goes.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Status } from '../../../workers/ops/health/health.ts'
import { Standing } from '../../../workers/ops/alerting/standing.ts'

const LEVELS: Readonly<Record<string, Status>> = { p: 'pass', w: 'warn', f: 'fail' }

/** One look a second, and what counts after each; `for` is three seconds. A dot: nobody could look. */
function course(seen: string): string {
  const standing = new Standing(3_000)
  return Array.from(seen)
    .map((level, second) => {
      const status = LEVELS[level]
      if (status === undefined) standing.lose()
      else standing.see(status, second * 1_000)
      return standing.status[0]
    })
    .join('')
}

test.each([
  ['a breach that holds is one', 'pwwwww', 'ppppww'],
  ['one that does not hold is none', 'pwwwpp', 'pppppp'],
  ['what comes and goes changes nothing', 'pwpfpwpfpwpf', 'pppppppppppp'],
  ['the milder of two is what held', 'pwfwf', 'ppppw'],
  ['what gets worse is a change of its own', 'pwwwwffff', 'ppppwwwwf'],
  ['well again, after the same time', 'ffffppppp', 'pppffffpp'],
  ['a short recovery is none', 'ffffppfff', 'pppffffff'],
  ['less wrong is a change as well', 'ffffwwww', 'pppffffw'],
  ['of what was seen on the way down the worst held', 'ffffpwpw', 'pppffffw'],
  ['what nobody saw has not held', 'pww.wwww', 'pppppppw'],
])('%s', (_what, seen, expected) => {
  expect(course(seen)).toBe(expected)
})

test('it never changes to what was not seen, nor twice within the time', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('p', 'w', 'f', '.'), { maxLength: 60 }), (seen) => {
      const counted = course(seen.join(''))
      let last = -3
      for (let at = 1; at < counted.length; at++) {
        if (counted[at] === counted[at - 1]) continue
        expect(at - last).toBeGreaterThanOrEqual(3)
        expect(seen.slice(at - 3, at + 1)).toContain(counted[at])
        expect(seen.slice(at - 3, at + 1)).not.toContain(counted[at - 1])
        last = at
      }
    }),
  )
})
