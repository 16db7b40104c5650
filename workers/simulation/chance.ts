// What is drawn from a seed: numbers, choices, and decisions that depend on nothing but what they are about.
import { seededRandom } from '../core/seeded.ts'
import type { Random } from '../core/clock.ts'

export class Chance {
  private readonly random: Random

  constructor(random: Random) {
    this.random = random
  }

  /** True with this probability. */
  happens(probability: number): boolean {
    return this.random.next() < probability
  }

  /** A whole number in [from, to]. */
  between(from: number, to: number): number {
    return from + Math.floor(this.random.next() * (to - from + 1))
  }

  pick<Choice>(choices: readonly [Choice, ...Choice[]]): Choice {
    return choices[Math.floor(this.random.next() * choices.length)] ?? choices[0]
  }
}

/** Draws of their own for whatever `text` names: what is drawn elsewhere, or left out, changes none of them. */
export const chanceOf = (seed: number, text: string): Chance =>
  new Chance(seededRandom(Math.floor(fate(seed, text) * 2 ** 32)))

/** Uniform in [0, 1) by seed and text (FNV-1a), however often and in whatever order it is asked. */
export function fate(seed: number, text: string): number {
  let hash = 0x811c9dc5 ^ seed
  for (let at = 0; at < text.length; at++) {
    hash ^= text.charCodeAt(at)
    hash = Math.imul(hash, 0x01000193)
  }
  // Short texts differ in their low bits only: mix them up.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
