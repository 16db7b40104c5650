// What a line is fed, and what must become of it.
import type { Entry } from '../../../workers/oracle/ledger.ts'
import type { Line } from './line.ts'
import { CONCURRENCY } from './line.ts'

export type Act =
  'transient' | 'permanent' | 'hang' | 'block' | 'reject' | 'throw' | 'heap' | 'abort'

export interface Item extends Entry {
  readonly act: Act | undefined
  readonly body: Buffer
}

export interface LoadShape {
  readonly messages: number
  readonly keys?: number
  /** The whole of it keeps one worker busy for so long. */
  readonly lastsMs?: number
  /** One in so many is not JSON, fails for now, fails for good. */
  readonly malformed?: number
  readonly transient?: number
  readonly permanent?: number
  /** Items that misbehave, by their number. */
  readonly acts?: ReadonlyMap<number, Act>
  /** Bytes beside what an item holds anyway. */
  readonly pad?: number
  /** How long each takes, instead of `lastsMs`. */
  readonly ms?: number
  readonly first?: number
}

/** Those that can have no effect. */
const FATAL: ReadonlySet<Act | undefined> = new Set([
  'permanent',
  'hang',
  'reject',
  'throw',
  'heap',
  'abort',
])

export function makeLoad(shape: LoadShape, { concurrency = CONCURRENCY }: Line): Item[] {
  const { messages, keys = 64, lastsMs = 0, pad = 0, first = 0 } = shape
  const ms = shape.ms ?? Math.round((lastsMs * concurrency) / messages)
  const places = new Map<string, number>()
  return Array.from({ length: messages }, (_, at) => {
    const n = at + first
    const id = `e${n}`
    // Spread evenly, and in no pattern that the shares below have as well.
    const key = `key-${(n * 7919) % keys}`
    const place = places.get(key) ?? first
    places.set(key, place + 1)
    const each = (one: number | undefined, offset: number) =>
      one !== undefined && n % one === offset % one
    const malformed = each(shape.malformed, 17)
    const act: Act | undefined =
      shape.acts?.get(n) ??
      (each(shape.permanent, 29)
        ? 'permanent'
        : each(shape.transient, 41)
          ? 'transient'
          : undefined)
    const value = {
      id,
      key,
      place,
      ms,
      ...(act === undefined ? {} : { act }),
      ...(pad === 0 ? {} : { pad: 'x'.repeat(pad) }),
    }
    const text = JSON.stringify(value)
    return {
      id,
      key,
      place,
      act,
      fatal: malformed || FATAL.has(act),
      body: Buffer.from(malformed ? `{"id":"${id}",` : text),
    }
  })
}
