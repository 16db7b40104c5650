// The way between one process and its brokers: takes its time, fails now and then, and leads nowhere once the process is dead.
import type { World } from '../core/clock.ts'
import type { Code } from '../core/codes.ts'
import { SluiceError } from '../core/errors.ts'
import type { Chance } from './chance.ts'

export interface WireParts {
  readonly world: World
  readonly chance: Chance
  readonly isDead: () => boolean
  /** Undefined: nothing ever fails, and nothing takes time. */
  readonly trouble: Trouble | undefined
}

export interface Trouble {
  /** Still going on. */
  readonly active: () => boolean
  /** The broker did it, and the process is told that it may not have. */
  readonly onDoubt: () => void
  readonly onRefusal: () => void
}

export class Wire {
  private readonly parts: WireParts

  constructor(parts: WireParts) {
    this.parts = parts
  }

  /** One round trip. `away`: the code of an outage. `seen`: called in the moment in which the broker has done it. */
  async request<Answer>(
    away: Code,
    ask: () => Promise<Answer>,
    seen: () => void = () => {},
  ): Promise<Answer> {
    await this.travel()
    if (this.troubled(0.004)) {
      this.parts.trouble?.onRefusal()
      throw new SluiceError(away, { message: 'simulated: the broker refused' })
    }
    const answer = await ask()
    seen()
    await this.travel()
    if (this.troubled(0.004)) {
      this.parts.trouble?.onDoubt()
      throw new SluiceError(away, { message: 'simulated: the confirmation was lost' })
    }
    return answer
  }

  private troubled(probability: number): boolean {
    const { chance, trouble } = this.parts
    return trouble !== undefined && chance.happens(probability) && trouble.active()
  }

  private async travel(): Promise<void> {
    const { chance, world, trouble, isDead } = this.parts
    if (trouble !== undefined) {
      const luck = chance.between(1, 20)
      if (luck > 14)
        await world.clock.sleep(luck === 20 ? chance.between(20, 200) : chance.between(1, 5))
    }
    if (isDead()) await never()
  }
}

/** What a dead process waits for; a new one each time, so that it is forgotten with its schedule. */
export const never = (): Promise<never> => new Promise(() => {})
