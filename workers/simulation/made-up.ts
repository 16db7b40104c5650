// Values that a schema allows, drawn from seeds; a schema that no draw can meet is named.
import { generateSync, type JsonSchema } from 'json-schema-faker'
import { SluiceError } from '../core/errors.ts'

/** Draws until one fits its schema. */
const TRIES = 25

/** `seed`: another one for each try. `fits`: what else the value must be. Throws SLU0361. */
export function madeUp(
  name: string,
  schema: JsonSchema,
  seed: () => number,
  fits: (value: unknown) => boolean,
): unknown {
  for (let tries = 0; tries < TRIES; tries++) {
    const made = generateSync(schema, { seed: seed(), useExamplesValue: true })
    if (fits(made)) return made
  }
  throw new SluiceError('SLU0361', {
    message: `no value that fits schema ${name} could be made up`,
  })
}
