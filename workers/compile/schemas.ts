// JSON Schemas of messages and values: read, held to what can be checked locally, compiled to fast checks.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import * as formats from 'ajv-formats'
import type { Check } from '../core/check.ts'
import type { FleetPlan } from '../core/plan.ts'
import type { Diagnostics, Place } from './diagnostics.ts'

const MAX_BYTES = 1024 * 1024

/** One way to make ajv for all schemas of users. */
function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: false,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    discriminator: true,
    validateFormats: true,
  })
  ;(formats.default as unknown as (target: Ajv2020) => void)(ajv)
  return ajv
}

/** Reads `schemas/<name>.json`; undefined when it cannot be used, with a diagnostic at `at`. */
export function readSchema(
  root: string,
  name: string,
  at: Place,
  out: Diagnostics,
): object | undefined {
  const file = `schemas/${name}.json`
  let text: string
  try {
    text = readFileSync(join(root, file), 'utf8')
  } catch {
    out.error('SLU0306', at, `there is no ${file}`, 'create it, or mend the name')
    return undefined
  }
  const start: Place = { file, line: 1, column: 1, length: 1 }
  if (text.length > MAX_BYTES) {
    out.error(
      'SLU0307',
      start,
      `the schema has ${text.length} bytes`,
      `keep it below ${MAX_BYTES} bytes`,
    )
    return undefined
  }
  try {
    const schema = JSON.parse(text) as unknown
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema))
      throw new Error('a schema is a JSON object')
    createAjv().compile(schema)
    return schema
  } catch (error) {
    out.error(
      'SLU0307',
      start,
      `not a JSON Schema that can be checked: ${(error as Error).message.replace(/\s+/g, ' ').slice(0, 300)}`,
      'JSON Schema 2020-12, references within the file only',
    )
    return undefined
  }
}

/** Compiles each schema of the plan at its first use. */
export function checkerOf(plan: FleetPlan): (schema: string) => Check {
  const ajv = createAjv()
  const checks = new Map<string, Check>()
  return (name) => {
    let check = checks.get(name)
    if (check === undefined) {
      const validate = ajv.compile(plan.schemas[name] as object)
      check = (value) => (validate(value) ? undefined : problem(validate.errors?.[0]))
      checks.set(name, check)
    }
    return check
  }
}

/** Where and what, without quoting the value: it may be anything, and secret. */
function problem(error: ErrorObject | undefined): string {
  if (error === undefined) return 'does not fit'
  const where =
    error.instancePath === '' ? 'the value' : error.instancePath.slice(1).replaceAll('/', '.')
  const params = error.params as Record<string, unknown>
  const more =
    error.keyword === 'additionalProperties'
      ? ` ("${String(params['additionalProperty']).slice(0, 60)}")`
      : error.keyword === 'enum'
        ? ` (${JSON.stringify(params['allowedValues']).slice(0, 120)})`
        : ''
  return `${where.slice(0, 120)} ${error.message ?? 'does not fit'}${more}`
}
