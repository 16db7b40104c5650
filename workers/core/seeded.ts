// Chance and identity that are the same in every run: for pipeline tests and for simulation.
import type { Ids, Random } from './clock.ts'

/** Mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed
  return {
    next() {
      state = (state + 0x6d2b79f5) | 0
      let t = Math.imul(state ^ (state >>> 15), 1 | state)
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
    },
  }
}

export function countedIds(): Ids {
  let count = 0
  return { next: () => `00000000-0000-4000-8000-${(++count).toString(16).padStart(12, '0')}` }
}
