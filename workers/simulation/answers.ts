// Who answers requests in a simulation: a value that the queue promises, the same each time for the same question.
import type { JsonSchema } from 'json-schema-faker'
import type { Check } from '../core/check.ts'
import type { OutMessage, Queue } from '../core/contract.ts'
import type { RawMessage } from '../core/message.ts'
import type { FleetPlan } from '../core/plan.ts'
import { fate } from './chance.ts'
import { madeUp } from './made-up.ts'

export type Answers = (queue: Queue, message: OutMessage) => RawMessage

export function answersOf(
  { schemas }: FleetPlan,
  checkOf: (schema: string) => Check,
  seed: number,
): Answers {
  return ({ name, reply = '' }, { value, timestamp }) => {
    const question = Buffer.from(value ?? []).toString()
    const check = checkOf(reply)
    let tries = 0
    const data = madeUp(
      reply,
      schemas[reply] as JsonSchema,
      () => Math.floor(fate(seed, `${name} ${question} ${tries++}`) * 2 ** 31),
      (made) => check(made) === undefined,
    )
    return { key: null, value: Buffer.from(JSON.stringify(data)), headers: {}, timestamp }
  }
}
