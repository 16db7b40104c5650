// Messages as a source could bring them: made from its schema, with repeats, and with some that are no good. Each is drawn by itself:
// the same whichever others are sent.
import type { JsonSchema } from 'json-schema-faker'
import type { Check } from '../core/check.ts'
import { isoTime } from '../core/clock.ts'
import type { FleetPlan, PipelinePlan } from '../core/plan.ts'
import { sourcePlan, type SourcePlan } from '../core/source-plan.ts'
import { START, TRAFFIC_MS } from './arrival-times.ts'
import { chanceOf, type Chance } from './chance.ts'
import type { FaultKind } from './fault-plan.ts'
import { madeUp } from './made-up.ts'
import { withId } from './with-id.ts'

export interface Made {
  readonly key: string | null
  readonly value: Uint8Array | null
  readonly headers: Readonly<Record<string, string>>
  /** It is no good by what it is. */
  readonly hostile: boolean
  /** The same as an earlier one, identity included. */
  readonly duplicate: boolean
  /** The first that has its identity; itself where each message has one of its own. */
  readonly first: number
}

export interface TrafficParts {
  readonly plan: FleetPlan
  readonly pipeline: PipelinePlan
  readonly checkOf: (schema: string) => Check
  readonly seed: number
  /** What comes after these is fresh: good, and like nothing else. */
  readonly messages: number
  readonly faults: ReadonlySet<FaultKind>
}

/** So much earlier a message may have happened than those around it. */
const DISORDER_MS = 1_500
const KEYS = 12
/** How large a 32-bit seed may be. */
const SEEDS = 2 ** 31 - 1
const MALFORMED = 0.04
const DUPLICATE = 0.04
const FORGING = 0.05
const KEYLESS = 0.05
/** Of messages that say what an earlier one said: caches are to be hit. */
const ALIKE = 0.3

export class Traffic {
  private readonly parts: TrafficParts
  private readonly source: SourcePlan
  private readonly schema: JsonSchema | undefined
  private readonly check: Check
  private readonly made = new Map<number, Made>()
  private readonly data = new Map<number, unknown>()
  /** The pipeline tells messages by their identity, and they carry one. */
  private readonly once: boolean

  constructor(parts: TrafficParts) {
    const { plan, pipeline, checkOf } = parts
    this.parts = parts
    this.source = sourcePlan(plan, pipeline.from) as SourcePlan
    const { schema } = this.source
    this.schema = schema === undefined ? undefined : (plan.schemas[schema] as JsonSchema)
    this.check = schema === undefined ? () => undefined : checkOf(schema)
    this.once = pipeline.once !== undefined && this.source.envelope.id !== undefined
  }

  at(place: number): Made {
    const known = this.made.get(place)
    if (known !== undefined) return known
    const made = this.make(place, this.chanceFor('message', place))
    this.made.set(place, made)
    return made
  }

  private make(place: number, chance: Chance): Made {
    const { faults, messages } = this.parts
    const luck = chance.between(0, 999) / 1_000
    // What has no schema has nothing in it that could be bad.
    const may = (kind: FaultKind) => faults.has(kind) && place < messages
    if (luck < MALFORMED)
      return may('malformed') && this.schema !== undefined
        ? this.bad(place, chance)
        : this.good(place, chance)
    if (luck < MALFORMED + DUPLICATE && may('duplicate') && place > 0) {
      const again = this.at(chance.between(0, place - 1))
      if (!again.hostile)
        return {
          ...again,
          // Whoever sends twice may do so on another partition: identity is in the message.
          key: this.once && chance.happens(0.5) ? keyBy(chance) : again.key,
          duplicate: true,
          first: this.once ? again.first : place,
        }
    }
    return this.good(place, chance)
  }

  private good(place: number, chance: Chance): Made {
    const { id, time } = this.source.envelope
    const data = this.timed(withId(this.dataOf(place), id, `sim-${place}`), time, place, chance)
    return {
      key: keyBy(chance),
      value: Buffer.from(JSON.stringify(data)),
      headers: chance.happens(FORGING) ? FORGED : {},
      hostile: false,
      duplicate: false,
      first: place,
    }
  }

  /** Where messages say when they happened, it is about when they arrive, in no exact order. */
  private timed(
    data: unknown,
    path: readonly string[] | undefined,
    place: number,
    chance: Chance,
  ): unknown {
    if (path === undefined) return data
    const expected = (TRAFFIC_MS * place) / this.parts.messages
    const time = isoTime(START + expected + chance.between(-DISORDER_MS, DISORDER_MS / 4))
    const made = withId(data, path, time)
    return this.check(made) === undefined ? made : data
  }

  private bad(place: number, chance: Chance): Made {
    const bytes = (text: string) => Buffer.from(text)
    const { tombstones } = this.source
    const value = chance.pick<Uint8Array | null>([
      bytes('{"broken": '),
      bytes(''),
      Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
      bytes('['.repeat(200)),
      tombstones === 'invalid' ? null : bytes('{"a"'),
      bytes('{"__proto__": {"a": 1}}'),
    ])
    const key = `k${chance.between(1, KEYS)}`
    return { key, value, headers: {}, hostile: true, duplicate: false, first: place }
  }

  private dataOf(place: number): unknown {
    if (!this.data.has(place)) this.data.set(place, this.drawn(place))
    return this.data.get(place)
  }

  private drawn(place: number): unknown {
    const { schema } = this
    if (schema === undefined) return {}
    const chance = this.chanceFor('data', place)
    if (place > 0 && chance.happens(ALIKE)) return this.dataOf(chance.between(0, place - 1))
    return madeUp(
      this.source.schema ?? '',
      schema,
      () => chance.between(0, SEEDS),
      (one) => this.check(withId(one, this.source.envelope.id, 'sim-0')) === undefined,
    )
  }

  private chanceFor(what: string, place: number): Chance {
    return chanceOf(this.parts.seed, `${what} ${place}`)
  }
}

const keyBy = (chance: Chance): string | null =>
  chance.happens(KEYLESS) ? null : `k${chance.between(1, KEYS)}`

/** What only the fleet itself may say of a message. */
const FORGED = {
  'sluice-attempts': '99',
  'sluice-dlq-code': 'SLU5001',
  'sluice-origin': 'elsewhere/0/0',
}
