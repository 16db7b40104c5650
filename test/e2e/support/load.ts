// The events of an end-to-end run, and what must have become of each of them.
import type { Produced } from './brokers-io.ts'

export interface LoadEvent extends Produced {
  readonly id: string
  readonly fate: 'scored' | 'filtered' | 'malformed' | 'permanent'
  /** Place among the events of its key. */
  readonly place: number
  readonly cacheKey: string
  readonly score: number
}

export interface LoadShape {
  readonly events: number
  readonly keys: number
  readonly malformed: number
  readonly transient: number
  readonly permanent: number
  readonly filtered: number
}

/** Shares are of all events; deterministic, so that a failure can be repeated. */
export function makeLoad(shape: LoadShape, seed = 1): LoadEvent[] {
  const random = repeatable(seed)
  const places = new Map<string, number>()
  return Array.from({ length: shape.events }, (_, n) => {
    const key = `key-${Math.floor(random() * shape.keys)}`
    const place = places.get(key) ?? 0
    places.set(key, place + 1)
    const id = `e${n}`
    let chance = random()
    const falls = (share: number) => (chance -= share) < 0
    const user_id = Math.floor(random() * 200)
    const product_id = Math.floor(random() * 20)
    const score = ((user_id * 31 + product_id * 17) % 100) / 100
    const event = {
      event_id: id,
      event_type: 'score_request',
      timestamp: '2026-01-01T00:00:00Z',
      model_id: 'm1',
      features: { user_id, product_id },
    }
    const base = { id, key, place, cacheKey: `${user_id}/${product_id}`, score }
    const json = (value: object) => Buffer.from(JSON.stringify(value))
    if (falls(shape.malformed))
      return { ...base, fate: 'malformed', value: Buffer.from(`{"event_id":"${id}",`) }
    if (falls(shape.permanent))
      return { ...base, fate: 'permanent', value: json({ ...event, fault: 'permanent' }) }
    if (falls(shape.filtered))
      return { ...base, fate: 'filtered', value: json({ ...event, event_type: 'note' }) }
    if (falls(shape.transient))
      return { ...base, fate: 'scored', value: json({ ...event, fault: 'transient' }) }
    return { ...base, fate: 'scored', value: json(event) }
  })
}

/** A linear congruential generator with Knuth's constants: repeatable is all it has to be. */
export function repeatable(seed: number): () => number {
  let state = BigInt(seed)
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn
    return Number(state >> 32n) / 2 ** 32
  }
}
