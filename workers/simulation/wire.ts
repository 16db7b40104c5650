// The way between one process and its brokers: takes its time, fails now and then, and leads nowhere once the process is dead.
import type { World } from '../core/clock.ts'
import type { Code } from '../core/codes.ts'
import { SluiceError } from '../core/errors.ts'
import type { Crossing, Crossings, Direction } from './crossings.ts'

export interface WireParts {
  readonly world: World
  readonly isDead: () => boolean
  /** Undefined: nothing ever fails, and nothing takes time. */
  readonly crossings: Crossings | undefined
  /** Something befell a crossing; who is to die dies within the call. */
  readonly onFault: (crossing: Crossing, direction: Direction) => void
}

export interface Asked<Answer> {
  /** The code of an outage. */
  readonly away: Code
  /** Number of the message that it is for, where that shows. */
  readonly about: number | undefined
  readonly ask: () => Promise<Answer>
  /** Called in the moment in which the broker has done it. */
  readonly seen?: (answer: Answer) => void
}

export class Wire {
  private readonly parts: WireParts

  constructor(parts: WireParts) {
    this.parts = parts
  }

  /** One round trip. */
  async request<Answer>({ away, about, ask, seen }: Asked<Answer>): Promise<Answer> {
    await this.cross(away, about, 'out')
    const answer = await ask()
    seen?.(answer)
    await this.cross(away, about, 'back')
    return answer
  }

  /** One way, of what is sent and never answered: false when the process dies on it. */
  tell(about: number | undefined, direction: Direction): boolean {
    const { crossings, onFault, isDead } = this.parts
    const crossing = crossings?.next(about, direction)
    if (crossing?.fault === 'crash-midway') onFault(crossing, direction)
    return !isDead()
  }

  private async cross(away: Code, about: number | undefined, direction: Direction): Promise<void> {
    const { crossings, onFault, isDead, world } = this.parts
    const crossing = crossings?.next(about, direction)
    if (crossing?.fault !== undefined) onFault(crossing, direction)
    if (isDead()) await never()
    if (crossing === undefined) return
    const { fault, latencyMs, forMs } = crossing
    const waitMs = latencyMs + (fault === 'timeout' || fault === 'late-confirm' ? forMs : 0)
    if (waitMs > 0) await world.clock.sleep(waitMs)
    if (isDead()) await never()
    const words = WORDS[fault ?? 'late-confirm']
    if (words !== undefined) throw new SluiceError(away, { message: `simulated: ${words}` })
  }
}

/** Of what ends in an error. */
const WORDS: Readonly<Partial<Record<string, string>>> = {
  refusal: 'the broker refused',
  timeout: 'the broker did not answer in time',
  'lost-confirm': 'the confirmation was lost',
}

/** What a dead process waits for; a new one each time, so that it is forgotten with its schedule. */
export const never = (): Promise<never> => new Promise(() => {})
