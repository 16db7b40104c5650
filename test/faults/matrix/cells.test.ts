// The brief matrix: no pair is left out.
import { expect, test } from 'vitest'
import { CELLS, pairsOf, pairwise } from './cells.ts'

test('every pair of point, source and sink stands in a cell of the cover, and cells that cannot be are in none', () => {
  const cover = pairwise()
  expect(new Set(cover.flatMap(pairsOf))).toEqual(new Set(CELLS.flatMap(pairsOf)))
  expect(cover.filter((cell) => !CELLS.includes(cell))).toEqual([])
  expect(cover.length).toBeLessThan(CELLS.length / 2)
})
