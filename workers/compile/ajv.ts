// One way to make ajv for the schemas of users; one for each, so that no schema sees another one.
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as formats from 'ajv-formats'

/** `validateSchema: false` for a schema that is known to be valid: to hold it to the meta-schema takes long. */
export function createAjv(options: {
  readonly validateSchema: boolean
  readonly allErrors?: boolean
}): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: false,
    ...options,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    discriminator: true,
    validateFormats: true,
    logger: false,
  })
  ;(formats.default as unknown as (target: Ajv2020) => void)(ajv)
  return ajv
}
