// Messages as a source could bring them: made from the topic's schema, with repeats, and with some that are no good.
import type { JsonSchema } from 'json-schema-faker'
import type { Check } from '../core/check.ts'
import type { FleetPlan, PipelinePlan } from '../core/plan.ts'
import { sourcePlan, type SourcePlan } from '../core/source-plan.ts'
import type { Chance } from './chance.ts'
import { madeUp } from './made-up.ts'
import { traceOf } from './trace-number.ts'

export interface Arriving {
  readonly key: string | null
  readonly value: Uint8Array | null
  readonly headers: Readonly<Record<string, string>>
  /** It is no good by what it is. */
  readonly hostile: boolean
  /** The same as an earlier one, identity included. */
  readonly duplicate: boolean
  /** The number of the first that has its identity; undefined where each message has one of its own. */
  readonly first?: number
}

const KEYS = 12
/** How large a 32-bit seed may be. */
const SEEDS = 2 ** 31 - 1

export class Traffic {
  private readonly source: SourcePlan
  private readonly schema: JsonSchema | undefined
  private readonly check: Check
  private readonly chance: Chance
  private readonly earlier: unknown[] = []
  private readonly sent: Arriving[] = []

  private readonly duplicates: boolean
  /** The pipeline tells messages by their identity, and they carry one. */
  private readonly once: boolean

  constructor(
    plan: FleetPlan,
    pipeline: PipelinePlan,
    checkOf: (schema: string) => Check,
    chance: Chance,
    duplicates: boolean,
  ) {
    this.source = sourcePlan(plan, pipeline.from) as SourcePlan
    const { schema } = this.source
    this.schema = schema === undefined ? undefined : (plan.schemas[schema] as JsonSchema)
    this.check = schema === undefined ? () => undefined : checkOf(schema)
    this.chance = chance
    this.duplicates = duplicates
    this.once = pipeline.once !== undefined && this.source.envelope.id !== undefined
  }

  /** How many were made. */
  get count(): number {
    return this.sent.length
  }

  /** Numbers of those that are no good. */
  hostile(): number[] {
    return this.sent.flatMap((message, number) => (message.hostile ? [number] : []))
  }

  /** Of those that are one with an earlier one: its number, by theirs. */
  repeats(): Map<number, number> {
    return new Map(
      this.sent.flatMap(({ first }, number) => (first === undefined ? [] : [[number, first]])),
    )
  }

  /** A good one, which nothing else resembles. */
  fresh(): Arriving {
    return this.remember(this.good(this.data()))
  }

  next(): Arriving {
    const { chance } = this
    // What has no schema has nothing in it that could be bad.
    if (this.schema !== undefined && chance.happens(0.04)) return this.remember(this.bad())
    const [first, ...others] = this.sent.filter(({ hostile }) => !hostile)
    if (this.duplicates && first !== undefined && chance.happens(0.04)) {
      const again = chance.pick([first, ...others])
      const original = again.first ?? this.sent.indexOf(again)
      return this.remember({
        ...again,
        // Whoever sends twice may do so on another partition: identity is in the message.
        key: this.once && chance.happens(0.5) ? this.key() : again.key,
        headers: this.traced(again.headers),
        duplicate: true,
        ...(this.once ? { first: original } : {}),
      })
    }
    return this.remember(this.good(this.data()))
  }

  private remember(message: Arriving): Arriving {
    this.sent.push(message)
    return message
  }

  private good(data: unknown): Arriving {
    const { chance } = this
    return {
      key: this.key(),
      value: Buffer.from(
        JSON.stringify(withId(data, this.source.envelope.id, `sim-${this.count}`)),
      ),
      headers: this.traced(chance.happens(0.05) ? FORGED : {}),
      hostile: false,
      duplicate: false,
    }
  }

  private key(): string | null {
    return this.chance.happens(0.05) ? null : `k${this.chance.between(1, KEYS)}`
  }

  private bad(): Arriving {
    const bytes = (text: string) => Buffer.from(text)
    const { tombstones } = this.source
    const value = this.chance.pick<Uint8Array | null>([
      bytes('{"broken": '),
      bytes(''),
      Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
      bytes('['.repeat(200)),
      tombstones === 'invalid' ? null : bytes('{"a"'),
      bytes('{"__proto__": {"a": 1}}'),
    ])
    const key = `k${this.chance.between(1, KEYS)}`
    return { key, value, headers: this.traced({}), hostile: true, duplicate: false }
  }

  private traced(headers: Readonly<Record<string, string>>): Record<string, string> {
    return { ...headers, traceparent: traceOf(this.count) }
  }

  /** Often one that was there before: caches are to be hit. */
  private data(): unknown {
    const [first, ...others] = this.earlier
    if (first !== undefined && this.chance.happens(0.3)) return this.chance.pick([first, ...others])
    const { schema } = this
    if (schema === undefined) return {}
    const made = madeUp(
      this.source.schema ?? '',
      schema,
      () => this.chance.between(0, SEEDS),
      (one) => this.check(withId(one, this.source.envelope.id, 'sim-0')) === undefined,
    )
    this.earlier.push(made)
    return made
  }
}

/** What only the fleet itself may say of a message. */
const FORGED = {
  'sluice-attempts': '99',
  'sluice-dlq-code': 'SLU5001',
  'sluice-origin': 'elsewhere/0/0',
}

/** A copy with another identity, where the message carries one. */
function withId(data: unknown, path: readonly string[] | undefined, id: string): unknown {
  const [first, ...rest] = path ?? []
  if (first === undefined) return data
  const own = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {}
  return { ...own, [first]: rest.length === 0 ? id : withId(own[first], rest, id) }
}
