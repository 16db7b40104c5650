// The messages of a load: examples or values that the schema allows, each with an identity of its own by which its effects are known again.
import type { JsonSchema } from 'json-schema-faker'
import type { Check } from '../core/check.ts'
import { isoTime } from '../core/clock.ts'
import type { OutMessage } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { Headers } from '../core/message.ts'
import type { TopicPlan } from '../core/plan.ts'
import { seededRandom } from '../core/seeded.ts'
import { madeUp } from '../simulation/made-up.ts'
import { withId } from '../simulation/with-id.ts'

/** On each message of a load, and so on its dead letter: which load it is of. */
export const LOAD_HEADER = 'load-run'

/** What a message is made after. */
export interface Example {
  readonly key: string | null
  readonly data: unknown
  readonly headers: Headers
}

/** Different values that are made up; the rest are these once more. */
const DIFFERENT = 200
const SEEDS = 2 ** 31 - 1

/** Throws SLU1016 for a topic whose messages nobody can make up, SLU0361 for a schema that nothing was found to fit. */
export function madeUpExamples(
  { name, schema, envelope }: TopicPlan,
  schemas: Readonly<Record<string, object>>,
  check: Check,
  { seed, keys }: { readonly seed: number; readonly keys: number },
): Example[] {
  if (schema === undefined)
    throw new SluiceError('SLU1016', {
      message: `topic ${name} has no schema; --like FILE gives examples of its messages`,
    })
  const random = seededRandom(seed)
  const between = (least: number, most: number) =>
    least + Math.floor(random.next() * (most - least + 1))
  return Array.from({ length: DIFFERENT }, () => ({
    key: `load-${between(1, keys)}`,
    headers: {},
    data: madeUp(
      schema,
      schemas[schema] as JsonSchema,
      () => between(0, SEEDS),
      (one) => check(withId(one, envelope.id, 'load')) === undefined,
    ),
  }))
}

/** The message of that number. Where its value has no place for an identity, it is a CloudEvent. */
export function messageOf(
  run: string,
  number: number,
  { key, data, headers }: Example,
  { name, envelope }: TopicPlan,
  now: number,
): OutMessage {
  const id = idOf(run, number)
  const inside = envelope.id !== undefined
  return {
    id,
    key: key === null ? null : Buffer.from(key),
    value: Buffer.from(JSON.stringify(inside ? withId(data, envelope.id, id) : data)),
    headers: { ...headers, [LOAD_HEADER]: run, ...(inside ? {} : eventHeaders(id, name, now)) },
    timestamp: now,
    contentType: 'application/json',
  }
}

const eventHeaders = (id: string, type: string, now: number): Headers => ({
  ce_specversion: '1.0',
  ce_id: id,
  ce_source: '/sluice/load',
  ce_type: type,
  ce_time: isoTime(now),
})

const idOf = (run: string, number: number): string => `load-${run}-${number}`

/** Which message of the load an effect belongs to, by the id of the effect. Undefined: of none. */
export function numberIn(run: string, effect: string | undefined): number | undefined {
  const before = `load-${run}-`
  if (effect?.startsWith(before) !== true) return undefined
  const number = /^\d{1,9}(?=\/)/.exec(effect.slice(before.length))?.[0]
  return number === undefined ? undefined : Number(number)
}
