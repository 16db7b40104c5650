// The cases of one pipeline in the state store: writes that of each lane before its suspects are handed out, and reads those that others have left.
import type { StateDriver } from '../../core/contract.ts'
import type { Logger } from '../../core/log.ts'
import { casesIn, suspicions, type Case, type Suspicion } from './cases.ts'
import type { Ward } from './ward.ts'

/** A case that nobody has taken up by then is forgotten. */
const KEEP_MS = 24 * 3_600_000

export interface DocketParts {
  readonly state: StateDriver
  readonly folder: string
  readonly holder: string
  readonly log: Logger
}

/** Rejects never: without the store nothing is known, and nothing is noticed. */
export class Docket {
  private readonly parts: DocketParts
  private cases = new Map<string, Case>()
  private known = new Map<string, Suspicion>()

  constructor(parts: DocketParts) {
    this.parts = parts
  }

  /** Undefined: no process ended while it was a suspect at work. */
  suspicionOf(key: string): Suspicion | undefined {
    return this.known.get(key)
  }

  /** What others have left by now. */
  async look(): Promise<void> {
    const { state, folder } = this.parts
    if (state.isUp()) await this.tried(async () => this.learn(casesIn(await state.list(folder))))
  }

  /** In the place of the one that the lane has. False when the store is away. */
  open(ward: Ward, atOnce: number, keys: readonly string[]): Promise<boolean> {
    const { holder } = this.parts
    ward.atOnce = atOnce
    return this.tried(() => this.put(this.nameOf(ward), { version: 1, holder, atOnce, keys }))
  }

  /** Its process goes on, whatever becomes of what is in it. */
  async close(ward: Ward): Promise<void> {
    const { state, folder } = this.parts
    if (ward.atOnce === 0) return
    if (await this.tried(() => state.remove(folder, this.nameOf(ward)))) ward.atOnce = 0
  }

  /** They are settled: what others have left of them says nothing any more. */
  async drop(keys: readonly string[]): Promise<void> {
    const { state, folder } = this.parts
    const settled = new Set(keys.filter((key) => this.known.has(key)))
    if (settled.size === 0) return
    const cases = new Map<string, Case>()
    for (const [name, one] of this.cases) {
      const left = one.keys.filter((key) => !settled.has(key))
      if (left.length > 0) cases.set(name, { ...one, keys: left })
      if (left.length === one.keys.length) continue
      await this.tried(() =>
        left.length > 0 ? this.put(name, { ...one, keys: left }) : state.remove(folder, name),
      )
    }
    this.learn(cases)
  }

  /** False when the store is away. */
  async tried(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      this.parts.log.debug({ err: error }, 'The state store is away; unclean ends are not noticed.')
      return false
    }
  }

  private learn(cases: Map<string, Case>): void {
    this.cases = cases
    this.known = suspicions(cases.values(), this.parts.holder)
  }

  private async put(name: string, one: Case): Promise<void> {
    const { state, folder } = this.parts
    await state.write({ folder, name, text: JSON.stringify(one), ttlMs: KEEP_MS })
  }

  private nameOf({ lane }: Ward): string {
    return `${this.parts.holder}/${lane.id}`
  }
}
