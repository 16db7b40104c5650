// A value that fits its schema passes as a body, one that does not is refused: TypeScript and ajv mean the same by a schema.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Diagnostic } from '../../../workers/core/diagnostic.ts'
import { check, project, type Project } from './project.ts'

interface SchemaCase {
  readonly what: string
  readonly schema: object
  readonly right: readonly unknown[]
  readonly wrong: readonly unknown[]
}

const text = { type: 'string' }
const number = { type: 'number' }
const object = (properties: object, more: object = {}) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  ...more,
})

const CASES: readonly SchemaCase[] = [
  { what: 'texts', schema: text, right: ['a', ''], wrong: [1, null, ['a']] },
  { what: 'whole numbers', schema: { type: 'integer' }, right: [1, -2], wrong: ['1', 1.5] },
  { what: 'several types', schema: { type: ['string', 'null'] }, right: ['a', null], wrong: [1] },
  { what: 'constants', schema: { const: "it's" }, right: ["it's"], wrong: ['its'] },
  {
    what: 'lists of values',
    schema: { enum: ['a', 1, null, true] },
    right: ['a', 1, null, true],
    wrong: ['b', 2, false],
  },
  {
    what: 'constants that are objects',
    schema: { const: { a: [1, 'x'] } },
    right: [{ a: [1, 'x'] }],
    wrong: [{ a: [2, 'x'] }],
  },
  {
    what: 'lists',
    schema: { type: 'array', items: number },
    right: [[], [1, 2]],
    wrong: [['a'], {}],
  },
  {
    what: 'lists of places',
    schema: { type: 'array', prefixItems: [text, number], items: false, minItems: 2, maxItems: 2 },
    right: [['a', 1]],
    wrong: [[1, 1], ['a']],
  },
  { what: 'fields', schema: object({ a: text }), right: [{ a: 'x' }], wrong: [{}, { a: 1 }] },
  {
    what: 'fields that may be missing',
    schema: { type: 'object', properties: { a: text } },
    right: [{}, { a: 'x' }],
    wrong: [{ a: 1 }],
  },
  {
    what: 'no other fields',
    schema: object({ a: text }, { additionalProperties: false }),
    right: [{ a: 'x' }],
    wrong: [{ a: 'x', b: 1 }],
  },
  {
    what: 'any fields of one type',
    schema: { type: 'object', additionalProperties: number },
    right: [{}, { a: 1, 'b c': 2 }],
    wrong: [{ a: 'x' }],
  },
  {
    what: 'fields by a pattern',
    schema: { type: 'object', patternProperties: { '^x-': text }, additionalProperties: false },
    right: [{}, { 'x-a': 'b' }],
    wrong: [{ 'x-a': 1 }],
  },
  {
    what: 'some fields by name and others of one type',
    schema: object({ a: text }, { additionalProperties: number }),
    right: [{ a: 'x', b: 1 }],
    wrong: [{ b: 1 }],
  },
  { what: 'anything', schema: {}, right: [1, 'a', null, { a: [1] }], wrong: [] },
  { what: 'any object', schema: { type: 'object' }, right: [{}, { a: 1 }], wrong: ['a', 1] },
  {
    what: 'one of several',
    schema: {
      oneOf: [object({ kind: { const: 'a' }, n: number }), object({ kind: { const: 'b' } })],
    },
    right: [{ kind: 'a', n: 1 }, { kind: 'b' }],
    wrong: [{ kind: 'a' }, { kind: 'c' }],
  },
  {
    what: 'any of several, beside fields of all',
    schema: {
      type: 'object',
      properties: { id: text, mail: text, phone: text },
      required: ['id'],
      anyOf: [{ required: ['mail'] }, { required: ['phone'] }],
    },
    right: [
      { id: '1', mail: 'a' },
      { id: '1', phone: 'b' },
    ],
    wrong: [{ id: '1' }, { mail: 'a' }],
  },
  {
    what: 'all of several',
    schema: { allOf: [object({ a: text }), object({ b: number })] },
    right: [{ a: 'x', b: 1 }],
    wrong: [{ a: 'x' }, { b: 1 }],
  },
  {
    what: 'references, in a circle',
    schema: {
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: { next: { $ref: '#/$defs/node' }, v: number },
          required: ['v'],
        },
      },
    },
    right: [{ v: 1 }, { v: 1, next: { v: 2, next: { v: 3 } } }],
    wrong: [{ v: 1, next: {} }, { next: { v: 1 } }],
  },
  {
    what: 'the schema itself',
    schema: {
      type: 'object',
      properties: { children: { type: 'array', items: { $ref: '#' } } },
      required: ['children'],
    },
    right: [{ children: [{ children: [] }] }],
    wrong: [{ children: [{}] }],
  },
  {
    what: 'definitions of odd names',
    schema: { $ref: '#/$defs/a~1b%20c', $defs: { 'a/b c': text } },
    right: ['x'],
    wrong: [1],
  },
  {
    what: 'fields of odd names',
    schema: object({ 'a-b': text, "it's": number, ü: text, '1st': number, class: text }),
    right: [{ 'a-b': 'x', "it's": 1, ü: 'x', '1st': 1, class: 'x' }],
    wrong: [{ 'a-b': 1, "it's": 1, ü: 'x', '1st': 1, class: 'x' }],
  },
  {
    what: 'descriptions that would end a comment',
    schema: object(
      { a: { ...text, description: 'x */ y\n\u2028 z' } },
      { description: '*/ export' },
    ),
    right: [{ a: 'x' }],
    wrong: [{ a: 1 }],
  },
  {
    what: 'titles of one name, and of names that types have',
    schema: {
      title: 'string',
      ...object({ a: { $ref: '#/$defs/x' }, b: { $ref: '#/$defs/y' } }),
      $defs: {
        x: { title: 'Thing', ...object({ n: number }) },
        y: { title: 'Thing', ...object({ t: text }) },
      },
    },
    right: [{ a: { n: 1 }, b: { t: 'x' } }],
    wrong: [{ a: { n: 1 }, b: { n: 1 } }],
  },
  {
    what: 'nothing',
    schema: { type: 'object', properties: { a: false, b: text } },
    right: [{ b: 'x' }],
    wrong: [{ a: 1 }],
  },
]

const BODIES = CASES.flatMap(({ what, schema, right, wrong }, index) =>
  [
    ...right.map((value) => ({ value, fits: true })),
    ...wrong.map((value) => ({ value, fits: false })),
  ].map(({ value, fits }, n) => ({
    what,
    schema,
    value,
    fits,
    queue: `q${index}`,
    name: `p${index}_${n}`,
  })),
)

const pipeline = (name: string, queue: string, value: unknown) => `pipeline: ${name}
from: { topic: orders }
order: key
steps:
  - id: only
    command: { to: ${queue}, body: ${JSON.stringify(JSON.stringify(value))} }
failure:
  invalid: { deadLetter: dlq }
  transient: { retry: { attempts: 3, first: 1s, max: 10s, jitter: full }, deadLetter: dlq }
  defect: { deadLetter: dlq }
`

const FLEET = `fleet: values
connections:
  events: { kafka: { brokers: 'localhost:9092' } }
  work: { rabbitmq: { host: localhost, password: { secret: RABBITMQ_PASSWORD } } }
topics:
  orders: { in: events, schema: events/order }
  dlq: { in: events, deadLetters: true, maxBytes: 2MiB }
queues:
${CASES.map((_, index) => `  q${index}: { in: work, schema: commands/c${index} }`).join('\n')}
`

let shop: Project
let said: readonly Diagnostic[]

beforeAll(async () => {
  shop = project({
    'pipelines/fleet.yaml': FLEET,
    ...Object.fromEntries(
      CASES.map(({ schema }, n) => [`schemas/commands/c${n}.json`, JSON.stringify(schema)]),
    ),
    ...Object.fromEntries(
      BODIES.map(({ name, queue, value }) => [
        `pipelines/${name}.yaml`,
        pipeline(name, queue, value),
      ]),
    ),
  })
  said = (await check(shop.root)).diagnostics
})
afterAll(() => shop.remove())

describe('values', () => {
  test.each(BODIES)('$what: $value fits: $fits', ({ schema, value, fits, name }) => {
    const ajv = new Ajv2020({ strict: false })
    expect(ajv.validate(schema, value)).toBe(fits)
    const found = said.filter(({ file }) => file === `pipelines/${name}.yaml`)
    expect(found.map(({ message, hint }) => `${message} (${hint})`)).toHaveLength(fits ? 0 : 1)
  })

  test('nothing else is said', () => {
    expect(said.filter(({ file }) => !/pipelines\/p\d+_\d+/.test(file))).toEqual([])
  })
})
