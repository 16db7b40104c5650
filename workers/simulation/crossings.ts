// The ways between a process and its brokers, out and back: how long each takes and what befalls it there. These are all the awaits at
// which anybody outside could tell that something went wrong; what happens on one depends on the seed and its name alone.
import { fate } from './chance.ts'
import type { FaultKind } from './fault-plan.ts'

export const WAY_FAULTS = [
  'crash-midway',
  'refusal',
  'timeout',
  'late-confirm',
  'lost-confirm',
] as const satisfies readonly FaultKind[]
export type WayFault = (typeof WAY_FAULTS)[number]

/** Out: the broker has not heard of it yet. Back: the broker has done it. */
export type Direction = 'out' | 'back'

export interface Crossing {
  /** `refusal@17.3`: of the third crossing for the message at place 17 of the traffic; `-` where no message is known. */
  readonly id: string
  readonly fault: WayFault | undefined
  readonly latencyMs: number
  /** How long a fault lasts that lasts. */
  readonly forMs: number
}

export interface CrossingsParts {
  readonly seed: number
  readonly faults: ReadonlySet<FaultKind>
  /** Place in the traffic of the message of that number. */
  readonly placeOf: (number: number) => number | undefined
  /** Still going on, and not left out. */
  readonly happens: (id: string) => boolean
}

/** Of the crossings of that direction. */
const ODDS: Readonly<Record<Direction, readonly (readonly [WayFault, number])[]>> = {
  out: [
    ['crash-midway', 0.001],
    ['refusal', 0.004],
    ['timeout', 0.001],
  ],
  back: [
    ['crash-midway', 0.001],
    ['lost-confirm', 0.004],
    ['timeout', 0.001],
    ['late-confirm', 0.003],
  ],
}

const LONGEST_MS = 8_000

export class Crossings {
  private readonly parts: CrossingsParts
  private readonly counts = new Map<number | undefined, number>()

  constructor(parts: CrossingsParts) {
    this.parts = parts
  }

  /** The next one for that message. */
  next(message: number | undefined, direction: Direction): Crossing {
    const { seed, placeOf } = this.parts
    const place = message === undefined ? undefined : placeOf(message)
    const count = (this.counts.get(place) ?? 0) + 1
    this.counts.set(place, count)
    const name = `${place ?? '-'}.${count}`
    const luck = fate(seed, name)
    const kind = this.befalls(luck, direction)
    const id = kind === undefined ? name : `${kind}@${name}`
    return {
      id,
      fault: kind !== undefined && this.parts.happens(id) ? kind : undefined,
      latencyMs: latencyOf(luck),
      forMs: kind === undefined ? 0 : 1 + Math.floor(fate(seed, id) * LONGEST_MS),
    }
  }

  private befalls(luck: number, direction: Direction): WayFault | undefined {
    let left = luck
    for (const [kind, odds] of ODDS[direction]) {
      if (left < odds) return this.parts.faults.has(kind) ? kind : undefined
      left -= odds
    }
    return undefined
  }
}

/** Most take no time, some a few milliseconds, few many. */
function latencyOf(luck: number): number {
  const draw = Math.floor(luck * 2e6)
  const twentieth = draw % 20
  if (twentieth < 14) return 0
  return twentieth === 19 ? 20 + (Math.floor(draw / 20) % 180) : 1 + (Math.floor(draw / 20) % 5)
}
