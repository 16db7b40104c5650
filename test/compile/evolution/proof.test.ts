// The proof of the comparison: where it finds nothing, every value that fits the one schema fits the other.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAjv } from '../../../workers/compile/ajv.ts'
import { SchemaDocument } from '../../../workers/compile/evolution/document.ts'
import { findingsWithin } from '../../../workers/compile/evolution/within.ts'
import { pairs, valueFor, type Pair, type Schema } from './random-schemas.ts'

const ajv = createAjv({ validateSchema: false })

/** Undefined for a schema that is none, or that holds itself without end. */
function checkOf(schema: Schema): ((value: unknown) => boolean) | undefined {
  try {
    const check = ajv.compile(schema)
    for (const value of [null, true, 0, 'a', {}, []]) check(value)
    return (value) => check(value)
  } catch {
    return undefined
  } finally {
    ajv.removeSchema(schema as object)
  }
}

type Two = [SchemaDocument, SchemaDocument]

const RUNS = 1_500

test('no finding means: what fits the one fits the other', () => {
  const counts = { compatible: 0, broken: 0, shown: 0, unproven: 0 }
  const one = ({ old, now, dice }: Pair) => {
    const [before, after] = [checkOf(old), checkOf(now)]
    if (before === undefined || after === undefined) return
    const documents = [old, now].map((schema) => new SchemaDocument(schema as object)) as Two
    const found = findingsWithin(...documents)
    const values = Array.from({ length: 200 }, (_none, n) => valueFor(n % 4 < 3 ? old : now, dice))
    const broken = values.filter(before).find((value) => !after(value))
    if (found.length === 0) {
      expect(broken, JSON.stringify({ old, now, broken })).toBeUndefined()
      if (JSON.stringify(old) !== JSON.stringify(now)) counts.compatible++
    } else if (found.some(({ certain }) => certain)) {
      counts.broken++
      if (broken !== undefined) counts.shown++
    } else counts.unproven++
  }
  fc.assert(fc.property(pairs, one), { numRuns: RUNS })
  // All outcomes happen often enough to mean something, and what is called broken mostly shows itself.
  expect(Math.min(counts.compatible, counts.broken, counts.unproven)).toBeGreaterThan(RUNS / 30)
  expect(counts.shown / counts.broken).toBeGreaterThan(0.8)
})
