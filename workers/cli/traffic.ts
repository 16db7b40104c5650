// Makes up realistic traffic for the demo: users who come back, two kinds of events, and a few messages that are broken.
import type { World } from '../core/clock.ts'
import { isoTime } from '../core/clock.ts'
import type { FeedMessage } from './feed-line.ts'

const MODELS = ['sales_model_v0', 'sales_model_v1', 'sales_model_v2'] as const
const USERS = 100
const PRODUCTS = 12

/** About 92 % predictions asked for, 5 % trainings completed, 1 % unknown models, 2 % malformed in one of several ways. */
export function makeMessage({ clock, random, ids }: World): FeedMessage {
  const chance = random.next()
  const user = skewed(USERS, random.next())
  const key = Buffer.from(`user-${user}`)
  const base = { event_id: ids.next(), timestamp: isoTime(clock.now()) }
  const model = MODELS[Math.floor(random.next() * MODELS.length)] as string
  if (chance < 0.02) return { key, headers: {}, value: malformed(base, random.next()) }
  if (chance < 0.07) {
    const accuracy = Math.round((0.8 + random.next() * 0.19) * 1000) / 1000
    return json(key, { ...base, event_type: 'model_training_completed', model_id: model, accuracy })
  }
  const features = { user_id: user, product_id: skewed(PRODUCTS, random.next()) }
  const model_id = chance < 0.08 ? 'sales_model_v9' : model
  return json(key, { ...base, event_type: 'prediction_request', model_id, features })
}

/** Small numbers come often: a few users and products make most of the traffic. */
function skewed(count: number, chance: number): number {
  return 1 + Math.floor(count * chance ** 3)
}

function json(key: Uint8Array, value: object): FeedMessage {
  return { key, headers: {}, value: Buffer.from(JSON.stringify(value)) }
}

function malformed(base: object, chance: number): Uint8Array | null {
  if (chance < 0.25) return Buffer.from('{"event_id": "cut off in the mid')
  if (chance < 0.5)
    return Buffer.from(JSON.stringify({ ...base, event_type: 'prediction_requested' }))
  if (chance < 0.75)
    return Buffer.from(JSON.stringify({ ...base, event_type: 'prediction_request', features: {} }))
  return chance < 0.9 ? Buffer.alloc(0) : null
}
