// When the messages of a schedule arrive: most of them in bursts, so that much is at work at once, the others at any time.
import { chanceOf } from './chance.ts'

/** Every schedule begins at this moment: 2026-01-01T00:00:00Z. */
export const START = 1_767_225_600_000
/** Milliseconds of virtual time over which messages arrive. */
export const TRAFFIC_MS = 8_000

/** Of all messages. */
const IN_BURSTS = 0.7
const BURST_MS = 40

/** Ascending; milliseconds from the beginning. */
export function arrivalTimes(seed: number, messages: number, withinMs: number): number[] {
  const chance = chanceOf(seed, 'arrivals')
  const bursts = Array.from({ length: chance.between(1, 6) }, () => chance.between(0, withinMs))
  const time = () => {
    if (!chance.happens(IN_BURSTS)) return chance.between(0, withinMs)
    const burst = bursts[chance.between(0, bursts.length - 1)] ?? 0
    return Math.min(withinMs, burst + chance.between(0, BURST_MS))
  }
  return Array.from({ length: messages }, time).toSorted((a, b) => a - b)
}
