// What ids stand for, asked once each and kept for good; what nobody knows is asked again after a while, an outage at the next need.
import type { Clock } from '../../core/clock.ts'
import { SluiceError } from '../../core/errors.ts'

/** How long an id that the registry does not have is not asked for again. */
const ABSENT_MS = 10_000
/** One node of a registry may hear a moment later of an id than the one that gave it: so long after the first no it is asked again. */
const SURE_MS = 250
/** More that do not exist at once are made up: nobody waits for those. */
const FEW = 16
/** Ids that do not exist are remembered only so many at a time: anybody can make them up. */
const MOST_ABSENT = 1_000

export class KnownIds<Meaning> {
  private readonly clock: Clock
  private readonly ask: (id: number) => Promise<Meaning>
  private readonly known = new Map<number, Meaning>()
  private readonly refused = new Map<
    number,
    { readonly error: SluiceError; readonly until: number }
  >()
  private readonly asking = new Map<number, Promise<void>>()

  /** `ask` rejects with an outage, or with why no value with that id can be read. */
  constructor(clock: Clock, ask: (id: number) => Promise<Meaning>) {
    this.clock = clock
    this.ask = ask
  }

  /** Undefined: `get` answers at once. Rejects with an outage alone; all who ask for one id at once ask together. */
  learn(id: number): Promise<void> | undefined {
    if (this.known.has(id) || this.refusal(id) !== undefined) return undefined
    const under = this.asking.get(id)
    if (under !== undefined) return under
    const asking = this.find(id).finally(() => this.asking.delete(id))
    this.asking.set(id, asking)
    return asking
  }

  /** After `learn`. Throws what `ask` rejected with. */
  get(id: number): Meaning {
    const known = this.known.get(id)
    if (known !== undefined) return known
    throw this.refusal(id) ?? new RangeError(`schema id ${id} was not asked for`)
  }

  private refusal(id: number): SluiceError | undefined {
    const refused = this.refused.get(id)
    if (refused === undefined || refused.until > this.clock.monotonic()) return refused?.error
    this.refused.delete(id)
    return undefined
  }

  private async find(id: number, isSure = false): Promise<void> {
    try {
      this.known.set(id, await this.ask(id))
    } catch (error) {
      if (!(error instanceof SluiceError) || error.outage) throw error
      this.forgetOld()
      if (error.code === 'SLU5012' && !isSure && this.refused.size < FEW) {
        await this.clock.sleep(SURE_MS)
        return this.find(id, true)
      }
      const [oldest] = this.refused.keys()
      if (oldest !== undefined && this.refused.size >= MOST_ABSENT) this.refused.delete(oldest)
      this.refused.set(id, { error, until: this.clock.monotonic() + ABSENT_MS })
    }
  }

  /** They stand in the order in which they were refused. */
  private forgetOld(): void {
    const now = this.clock.monotonic()
    for (const [id, { until }] of this.refused) {
      if (until > now) return
      this.refused.delete(id)
    }
  }
}
