// Pairs what was expected at a destination with what arrived there: each with one of the other, as many as possible.
import { differences, type Difference } from './matchers.ts'
import type { Expected, ExpectedField } from './plan.ts'
import type { Seen } from './seen.ts'

export interface FieldDifference extends Difference {
  readonly field: ExpectedField
}

export interface Pairing {
  /** Index of what arrived, by index of what was expected. */
  readonly pairs: ReadonlyMap<number, number>
  /** Expected, and something similar arrived instead. */
  readonly near: readonly { expected: number; seen: number; differences: FieldDifference[] }[]
  readonly missing: readonly number[]
  readonly unexpected: readonly number[]
}

export function misfits(expected: Expected, seen: Seen): FieldDifference[] {
  return expected.fields.flatMap((field) =>
    differences(field.pattern, seen.fields[field.name], field.part).map((difference) => ({
      ...difference,
      field,
    })),
  )
}

export function pair(expected: readonly Expected[], seen: readonly Seen[]): Pairing {
  const table = expected.map((one) => seen.map((other) => misfits(one, other)))
  const fits = (from: number, to: number) => table[from]?.[to]?.length === 0
  const pairs = matching(expected.length, seen.length, fits)
  const taken = new Set(pairs.values())
  const unexpected = seen.map((_, index) => index).filter((index) => !taken.has(index))
  const missing: number[] = []
  const near: { expected: number; seen: number; differences: FieldDifference[] }[] = []
  for (let index = 0; index < expected.length; index++) {
    if (pairs.has(index)) continue
    const cost = (other: number) => table[index]?.[other]?.length ?? Infinity
    const [best] = unexpected.toSorted((a, b) => cost(a) - cost(b))
    if (best === undefined) missing.push(index)
    else {
      unexpected.splice(unexpected.indexOf(best), 1)
      near.push({ expected: index, seen: best, differences: table[index]?.[best] ?? [] })
    }
  }
  return { pairs, near, missing, unexpected }
}

/** A largest matching; where it has the choice, in the written order. */
function matching(
  left: number,
  right: number,
  fits: (from: number, to: number) => boolean,
): Map<number, number> {
  const owner = new Map<number, number>()
  const place = (from: number, tried: Set<number>): boolean => {
    for (let to = 0; to < right; to++)
      if (!owner.has(to) && fits(from, to)) {
        owner.set(to, from)
        return true
      }
    for (let to = 0; to < right; to++) {
      if (tried.has(to) || !fits(from, to)) continue
      tried.add(to)
      if (place(owner.get(to) as number, tried)) {
        owner.set(to, from)
        return true
      }
    }
    return false
  }
  for (let from = 0; from < left; from++) place(from, new Set())
  return new Map([...owner].map(([to, from]): [number, number] => [from, to]).toSorted(byFirst))
}

const byFirst = ([a]: [number, number], [b]: [number, number]) => a - b
