// Every code says why it is there, in whole sentences, and its examples are YAML that can be read.
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { CODES, type Code } from '../../workers/core/codes.ts'
import { REASONS } from '../../workers/core/codes/reasons.ts'

const ALL = Object.keys(CODES) as Code[]

test.each(ALL)('%s says why', (code) => {
  const { why } = REASONS[code]
  expect(why).toMatch(/^[A-Z].{30,}[.]$/)
  expect(why.toLowerCase()).not.toContain(CODES[code].title.toLowerCase())
  expect(why).not.toContain(CODES[code].fix)
})

/** Mistakes in YAML itself. */
const UNREADABLE = new Set(['SLU0106'])

test.each(ALL.filter((code) => REASONS[code].example !== undefined))(
  'the example of %s shows a difference, in YAML',
  (code) => {
    const { wrong, right } = REASONS[code].example ?? { wrong: '', right: '' }
    expect(wrong).not.toBe(right)
    for (const text of UNREADABLE.has(code) ? [right] : [wrong, right])
      expect([...parseAllDocuments(text)].flatMap(({ errors }) => errors)).toEqual([])
  },
)

test('examples are given where a snippet helps, in every area of the language', () => {
  const shown = ALL.filter((code) => REASONS[code].example !== undefined)
  expect(shown.length).toBeGreaterThanOrEqual(40)
  expect(new Set(shown.map((code) => code.slice(0, 5)))).toEqual(
    new Set(['SLU01', 'SLU02', 'SLU03', 'SLU04', 'SLU05']),
  )
})
