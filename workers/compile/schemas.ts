// JSON Schemas of messages and values: read, held to what can be checked locally, compiled to fast checks.
import type { Ajv2020, ErrorObject } from 'ajv/dist/2020.js'
import type { Check } from '../core/check.ts'
import type { FleetPlan } from '../core/plan.ts'
import { createAjv } from './ajv.ts'
import { readAvro } from './avro/avro-file.ts'
import type { Diagnostics, Place } from './diagnostics.ts'
import { SCHEMA_NAME } from './grammar/resources.ts'
import { readSchemaFile, schemaNames, wordIn } from './schema-file.ts'
import { slowPatterns } from './schema-patterns.ts'
import { nearest } from './suggest.ts'

/** Holds schemas to what JSON Schema itself says; it takes long to make, and keeps nothing of what it was shown. */
let judge: Ajv2020 | undefined

/** Throws for what is no valid schema. */
function assertValid(schema: object): void {
  judge ??= createAjv({ validateSchema: true })
  void judge.validateSchema(schema, true)
}

const compiled = (schema: object) => createAjv({ validateSchema: false }).compile(schema)

/** Texts that passed: a process that compiles again and again, as `dev` does, judges each once. */
const passed = new Set<string>()
const MOST_PASSED = 1_000

/** Throws for what cannot be checked. */
function judgeOnce(text: string, schema: object): void {
  if (passed.has(text)) return
  assertValid(schema)
  compiled(schema)
  if (passed.size >= MOST_PASSED) passed.clear()
  passed.add(text)
}

const NAME = new RegExp(SCHEMA_NAME)

/** The schemas that a fleet names, each read once. */
export class SchemaStore {
  private readonly root: string
  /** Undefined: there, and of no use. */
  private readonly found = new Map<string, object | undefined>()
  private readonly avro = new Map<string, string | undefined>()

  constructor(root: string) {
    this.root = root
  }

  /** Reads schemas/<name>.json if need be; what is wrong with it is said once, its absence at each `at`. */
  read(name: unknown, at: Place, out: Diagnostics): void {
    // Of what is no name the grammar has spoken; it must not lead to a file somewhere else.
    if (typeof name !== 'string' || !NAME.test(name) || this.found.has(name)) return
    const file = `schemas/${name}.json`
    const read = readSchemaFile(this.root, file, out)
    if (read === 'absent') {
      const near = nearest(name, schemaNames(this.root))
      const hint = near === undefined ? 'create it, or mend the name' : `did you mean "${near}"?`
      out.error('SLU0306', at, `there is no ${file}`, hint)
    } else this.found.set(name, read === 'unreadable' ? undefined : usable(file, read.text, out))
  }

  /** Reads schemas/<name>.avsc, which stands beside a JSON Schema that was read. */
  readAvro(name: unknown, at: Place, out: Diagnostics): void {
    if (typeof name !== 'string' || !this.found.has(name) || this.avro.has(name)) return
    this.avro.set(name, readAvro(this.root, name, this.found.get(name), at, out))
  }

  /** Texts by name. */
  allAvro(): Record<string, string> {
    return Object.fromEntries(
      [...this.avro].filter((entry): entry is [string, string] => entry[1] !== undefined),
    )
  }

  /** Undefined for one that was not read, or cannot be used. */
  get(name: string): object | undefined {
    return this.found.get(name)
  }

  all(): Record<string, object> {
    return Object.fromEntries(
      [...this.found].filter((entry): entry is [string, object] => entry[1] !== undefined),
    )
  }
}

/** Undefined when nothing can be checked with it; what is wrong is said. */
export function usable(file: string, text: string, out: Diagnostics): object | undefined {
  try {
    const schema = JSON.parse(text) as unknown
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema))
      throw new Error('a schema is a JSON object')
    judgeOnce(text, schema)
    return patternsAreFast(file, text, schema, out) ? schema : undefined
  } catch (error) {
    // What has no end is told by the stack alone.
    const said =
      error instanceof RangeError
        ? 'it is nested too deeply, or its references go round in a circle'
        : (error as Error).message.replace(/\s+/g, ' ').slice(0, 300)
    const message = `not a JSON Schema that can be checked: ${said}`
    out.error('SLU0307', wordIn(file, text, error), message, hintFor(said))
  }
  return undefined
}

function patternsAreFast(file: string, text: string, schema: object, out: Diagnostics): boolean {
  const slow = slowPatterns(schema)
  for (const { pattern, exponential } of slow) {
    const place = wordIn(file, text, pattern)
    const shown = JSON.stringify(pattern.slice(0, 100))
    if (exponential)
      out.error(
        'SLU0316',
        place,
        `the pattern ${shown} can be matched in too many ways to try`,
        'a message could make it run for years: let one repetition not repeat another, as (a+)+ does',
      )
    else
      out.warning(
        'SLU0320',
        place,
        `the pattern ${shown} takes time that grows with the square of the text`,
        'add "maxLength": 1000 or less beside it, or begin it with ^ and let neighbours exclude each other',
      )
  }
  return !slow.some(({ exponential }) => exponential)
}

function hintFor(said: string): string {
  const keyword = /unknown keyword: "([^"]+)"/.exec(said)?.[1]
  const near =
    keyword && nearest(keyword, Object.keys(createAjv({ validateSchema: false }).RULES.keywords))
  if (near) return `did you mean "${near}"?`
  return 'JSON Schema 2020-12, references within the file only'
}

/** Compiles each schema of the plan at its first use. */
export function checkerOf(plan: FleetPlan): (schema: string) => Check {
  const checks = new Map<string, Check>()
  return (name) => {
    let check = checks.get(name)
    if (check === undefined) {
      const validate = compiled(plan.schemas[name] as object)
      check = (value) => (validate(value) ? undefined : problem(validate.errors?.[0]))
      checks.set(name, check)
    }
    return check
  }
}

/** Keywords that types have not said already. */
const BEYOND_TYPES: ReadonlySet<string> = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'format',
])

/** Checks of one value against parts of a schema, for what a type cannot say: limits, patterns, whole numbers. */
export function partsOf(root: object): (pointer: string) => Check {
  const ajv = createAjv({ validateSchema: false })
  ajv.addSchema({ ...root, $id: 'sluice:root' })
  return (pointer) => {
    const validate = ajv.getSchema(`sluice:root${pointer}`)
    return (value) => {
      if (validate === undefined || validate(value) === true) return undefined
      const error = validate.errors?.[0]
      const integer =
        error?.keyword === 'type' && error.params['type'] === 'integer' && typeof value === 'number'
      if (error === undefined || !(integer || BEYOND_TYPES.has(error.keyword))) return undefined
      return error.message ?? 'does not fit'
    }
  }
}

/** One thing in a value that does not fit its schema. */
export interface Misfit {
  readonly path: readonly string[]
  /** A field of what is at the path that should not be there. */
  readonly extra: string | undefined
  /** The rule of JSON Schema that is broken. */
  readonly keyword: string
  readonly problem: string
}

/** Everything that does not fit, for tools that have somewhere to show it; compiled at each schema's first use. */
export function misfitsOf(plan: FleetPlan): (schema: string, value: unknown) => Misfit[] {
  const checks = new Map<string, ReturnType<Ajv2020['compile']>>()
  return (name, value) => {
    const validate =
      checks.get(name) ??
      createAjv({ validateSchema: false, allErrors: true }).compile(plan.schemas[name] as object)
    checks.set(name, validate)
    if (validate(value)) return []
    return (validate.errors ?? []).map((error) => ({
      path: error.instancePath
        .split('/')
        .slice(1)
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')),
      extra: error.params['additionalProperty'] as string | undefined,
      keyword: error.keyword,
      problem: problem(error),
    }))
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
