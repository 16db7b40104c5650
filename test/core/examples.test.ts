// Every example is proven: in a project that is right, its wrong side gives its code, and its right side gives nothing.
import { describe, expect, test } from 'vitest'
import { CODES, type Code } from '../../workers/core/codes.ts'
import { REASONS } from '../../workers/core/codes/reasons.ts'
import { codesOf, filesOf } from './example-project.ts'

/** Found by a simulation, which draws messages from the schema. */
const ELSEWHERE: ReadonlySet<string> = new Set(['SLU0361'])
const TYPED = /^SLU03[34]|^SLU0537/
const BARE: ReadonlySet<string> = new Set(['SLU0521'])

const EXAMPLES = (Object.keys(CODES) as Code[]).flatMap((code) => {
  const { example } = REASONS[code]
  if (example === undefined || ELSEWHERE.has(code)) return []
  const how = { typed: TYPED.test(code), bare: BARE.has(code), about: example.right }
  return [{ code, ...example, how }]
})

describe('an example', () => {
  test.each(EXAMPLES)('of $code is wrong on one side only', async ({ code, wrong, right, how }) => {
    expect(await codesOf(filesOf(wrong, how), how)).toEqual([code])
    expect(await codesOf(filesOf(right, how), how)).toEqual([])
  })

  test('is given for most of what the compiler finds', () => {
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(60)
  })
})
