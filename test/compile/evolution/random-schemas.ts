// Pairs of schemas, the second a few edits away from the first, and values for them; all from a small world, so that they meet.
import fc from 'fast-check'

export type Schema = Record<string, unknown> | boolean
type Dice = () => number

const NAMES = ['a', 'b', 'kind', 'x1']
const TEXTS = ['', 'a', 'b', 'ab', 'aab', '1', '2020-02-29', 'kind', 'é😀']
const VALUES = [null, true, false, 0, 1, 2, 3, 1.5, -1, 6, ...TEXTS]

export interface Pair {
  readonly old: Schema
  readonly now: Schema
  readonly dice: Dice
}

export const pairs: fc.Arbitrary<Pair> = fc.noShrink(
  fc.integer().map((seed) => {
    const dice = diceOf(seed)
    const old = document(dice)
    const now = pick(dice, [0, 1, 1, 1, 2, 3]) === 0 ? document(dice) : edited(old, dice)
    return { old, now, dice }
  }),
)

/** One number in, the same throws out (mulberry32). */
function diceOf(seed: number): Dice {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}

const pick = <T>(dice: Dice, from: readonly T[]): T => from[dice() % from.length] as T
const chance = (dice: Dice, of: number) => dice() % of === 0

function document(dice: Dice): Schema {
  const schema = anySchema(dice, 3)
  if (typeof schema === 'boolean') return { anyOf: [schema] }
  return { ...schema, $defs: { one: anySchema(dice, 1), two: anySchema(dice, 2) } }
}

function anySchema(dice: Dice, depth: number): Schema {
  const makers: ((dice: Dice, depth: number) => Schema)[] = [number, text, listed, plain]
  if (depth > 0) makers.push(object, object, object, array, union, union, tagged, all, nullable)
  if (depth > 0) makers.push(negated, conditional)
  return pick(dice, makers)(dice, depth - 1)
}

/** Of a property or an item: a reference stands only here, so that no schema holds itself without end. */
const part = (dice: Dice, depth: number): Schema =>
  chance(dice, 8)
    ? { $ref: pick(dice, ['#/$defs/one', '#/$defs/two', '#']) }
    : anySchema(dice, depth)

const plain = (dice: Dice): Schema =>
  pick<Schema>(dice, [
    true,
    {},
    { type: 'null' },
    { type: 'boolean' },
    { type: ['string', 'null'] },
    { type: ['integer', 'object'] },
    { title: 'x' },
  ])

const some = (dice: Dice, schema: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(schema).filter(() => chance(dice, 3)))

const few = (dice: Dice) => pick(dice, [0, 1, 2, 3])

const number = (dice: Dice): Schema => ({
  type: pick(dice, ['integer', 'number']),
  ...some(dice, {
    minimum: few(dice),
    maximum: few(dice) + 2,
    exclusiveMinimum: pick(dice, [-1, 0, 0.5]),
    exclusiveMaximum: pick(dice, [2.5, 3, 7]),
    multipleOf: pick(dice, [1, 2, 3, 0.5]),
  }),
})

const text = (dice: Dice): Schema => ({
  type: 'string',
  ...some(dice, {
    minLength: few(dice),
    maxLength: few(dice) + 1,
    pattern: pick(dice, ['^a', 'b$', '^[a-z]*$', '']),
    format: pick(dice, ['date', 'date-time', 'email']),
  }),
})

const listed = (dice: Dice): Schema =>
  chance(dice, 2)
    ? { enum: [...new Set([pick(dice, VALUES), pick(dice, VALUES), pick(dice, VALUES)])] }
    : { const: pick(dice, VALUES) }

const object = (dice: Dice, depth: number): Schema => ({
  ...(chance(dice, 5) ? {} : { type: 'object' }),
  properties: Object.fromEntries(
    NAMES.filter(() => chance(dice, 2)).map((name) => [name, part(dice, depth)]),
  ),
  ...some(dice, {
    required: NAMES.filter(() => chance(dice, 2)),
    additionalProperties: chance(dice, 2) ? false : part(dice, depth),
    patternProperties: { [pick(dice, ['^x', '1$', 'a'])]: part(dice, depth) },
    propertyNames: { maxLength: few(dice) + 1 },
    minProperties: few(dice),
    maxProperties: few(dice) + 1,
    dependentRequired: { [pick(dice, NAMES)]: [pick(dice, NAMES)] },
  }),
})

const array = (dice: Dice, depth: number): Schema => {
  const { prefixItems, ...rest } = some(dice, {
    prefixItems: [part(dice, depth), part(dice, depth)],
    items: chance(dice, 3) ? false : part(dice, depth),
    minItems: few(dice),
    maxItems: few(dice) + 1,
    uniqueItems: true,
    contains: part(dice, depth),
  })
  // The strict mode of ajv wants tuples to be closed.
  const tuple = { prefixItems, minItems: 2, items: rest['items'] ?? true }
  return { type: 'array', ...rest, ...(prefixItems === undefined ? {} : tuple) }
}

const union = (dice: Dice, depth: number): Schema => ({
  [pick(dice, ['anyOf', 'oneOf'])]: [anySchema(dice, depth), anySchema(dice, depth)],
})

const nullable = (dice: Dice, depth: number): Schema => ({
  anyOf: [anySchema(dice, depth), { type: 'null' }],
})

const all = (dice: Dice, depth: number): Schema => ({
  allOf: [anySchema(dice, depth), anySchema(dice, depth)],
})

const negated = (dice: Dice, depth: number): Schema => ({ not: anySchema(dice, depth) })

const conditional = (dice: Dice, depth: number): Schema => ({
  if: anySchema(dice, depth),
  then: anySchema(dice, depth),
})

const tagged = (dice: Dice, depth: number): Schema => ({
  ...some(dice, { type: 'object' }),
  ...some(dice, { discriminator: { propertyName: 'kind' } }),
  oneOf: ['a', 'b', 'ab']
    .filter(() => !chance(dice, 3))
    .concat('kind')
    .map((tag) => ({
      type: 'object',
      required: ['kind'],
      properties: { kind: { const: tag }, a: part(dice, depth) },
    })),
})

/** One or two places of a schema, changed. */
function edited(schema: Schema, dice: Dice): Schema {
  const copy = structuredClone(schema)
  for (let n = 0; n <= dice() % 2; n++) {
    // What nothing refers to makes no difference.
    const { $defs, ...used } = copy as Record<string, unknown>
    const idle = new Set(JSON.stringify(used).includes('#/$defs') ? [] : mapsIn($defs))
    const maps = mapsIn(copy).filter((map) => !idle.has(map))
    const typed = maps.filter(({ type }) => typeof type === 'string')
    if (chance(dice, 3) && typed.length > 0) addRule(pick(dice, typed), dice)
    else change(pick(dice, maps), dice)
  }
  return copy
}

function mapsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  const below = Object.values(value).flatMap(mapsIn)
  return Array.isArray(value) ? below : [value as Record<string, unknown>, ...below]
}

/** One keyword that its type looks at: more of them would hide each other. */
function addRule(schema: Record<string, unknown>, dice: Dice): void {
  const maker = { object, array, string: text, number, integer: number }[String(schema['type'])]
  const made = maker?.(dice, 1) ?? {}
  const rules = Object.entries(made).filter(
    ([key]) => !['type', 'properties', 'prefixItems'].includes(key),
  )
  if (rules.length > 0) Object.assign(schema, Object.fromEntries([pick(dice, rules)]))
}

function change(holder: Record<string, unknown>, dice: Dice): void {
  const key = pick(dice, Object.keys(holder))
  const value = key === undefined ? undefined : holder[key]
  if (key === undefined) return
  if (typeof value === 'number') holder[key] = Math.max(0, value + pick(dice, [-1, 1]))
  else if (chance(dice, 3)) delete holder[key]
  else if (key === 'required') holder[key] = NAMES.filter(() => chance(dice, 2))
  else if (key === 'enum') holder[key] = [...(value as unknown[]), 'more', 9]
  else if (key === 'oneOf' || key === 'anyOf') (value as unknown[]).push(anySchema(dice, 1))
  else if (key === 'properties')
    Object.assign(Object(value), { [pick(dice, NAMES)]: anySchema(dice, 1) })
  else if (typeof value === 'object' && value !== null && 'type' in value)
    holder[key] = anySchema(dice, 1)
  else holder['title'] ??= 'changed'
}

/** Near the schema: most values fit some of it, few fit all of it; the caller keeps what fits. */
export function valueFor(root: Schema, dice: Dice): unknown {
  return near(root, root, dice, 6)
}

function near(schema: unknown, root: Schema, dice: Dice, depth: number): unknown {
  if (typeof schema !== 'object' || schema === null || depth === 0 || chance(dice, 25))
    return anyValue(dice)
  const s = schema as Record<string, unknown>
  const again = (part: unknown) => near(part, root, dice, depth - 1)
  const whole = root as { $defs?: Record<string, unknown> }
  if (typeof s['$ref'] === 'string')
    return again(s['$ref'] === '#' ? root : whole.$defs?.[s['$ref'].slice('#/$defs/'.length)])
  if ('const' in s) return s['const']
  if (Array.isArray(s['enum'])) return pick(dice, s['enum'])
  for (const choice of ['anyOf', 'oneOf', 'allOf'])
    if (Array.isArray(s[choice])) return again(pick(dice, s[choice]))
  if ('if' in s) return again(chance(dice, 2) ? s['if'] : s['then'])
  const types = [s['type']].flat()
  const type = pick(dice, types)
  if (type === 'object' || (type === undefined && 'properties' in s)) {
    const properties = (s['properties'] ?? {}) as Record<string, unknown>
    const required = (s['required'] ?? []) as string[]
    const names = [...new Set([...NAMES, ...Object.keys(properties), 'more'])].filter(
      (name) => required.includes(name) || chance(dice, 3),
    )
    const rest = s['additionalProperties'] ?? true
    return Object.fromEntries(names.map((name) => [name, again(properties[name] ?? rest)]))
  }
  if (type === 'array') {
    const prefix = (s['prefixItems'] ?? []) as unknown[]
    const length = few(dice) + (chance(dice, 2) ? prefix.length : 0)
    const items = Array.from({ length }, (_none, n) => again(prefix[n] ?? s['items'] ?? true))
    return chance(dice, 3) ? [...items, ...items.slice(-1)] : items
  }
  if (type === 'integer') return pick(dice, [-2, -1, 0, 1, 2, 3, 4, 5, 6, 12])
  if (type === 'number') return pick(dice, [-1, -0.5, 0, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 6, 7])
  if (type === 'string')
    return pick(dice, [...TEXTS, 'bb', 'abb', 'a@b.cc', '2020-01-01T00:00:00Z'])
  if (type === 'null') return null
  if (type === 'boolean') return chance(dice, 2)
  return anyValue(dice)
}

const anyValue = (dice: Dice): unknown =>
  chance(dice, 3)
    ? Object.fromEntries(
        NAMES.filter(() => chance(dice, 2)).map((name) => [name, pick(dice, VALUES)]),
      )
    : chance(dice, 4)
      ? [pick(dice, VALUES), pick(dice, VALUES)].slice(dice() % 3)
      : pick(dice, VALUES)
