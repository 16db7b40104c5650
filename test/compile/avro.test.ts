// An Avro schema beside the JSON Schema of its topic: what both say is the same, or each difference is named.
import { describe, expect, test } from 'vitest'
import { disagreements } from '../../workers/compile/avro/agreement.ts'
import { parseAvro } from '../../workers/compile/avro/library.ts'
import { shapeOf } from '../../workers/compile/avro/shape.ts'
import { compile, FLEET } from './project.ts'

const record = (...fields: object[]) => ({ type: 'record', name: 'Order', fields })
const field = (name: string, type: unknown, more: object = {}) => ({ name, type, ...more })
const optional = (name: string, type: unknown) => field(name, ['null', type], { default: null })
const closed = (properties: object, ...required: string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

const differences = (avro: object, schema: object) =>
  disagreements(shapeOf(parseAvro(JSON.stringify(avro))), schema).map(({ message }) => message)

describe('what agrees', () => {
  test.each<[string, object, object]>([
    [
      'fields that are required',
      record(field('a', 'long')),
      closed({ a: { type: 'integer' } }, 'a'),
    ],
    ['one that may be absent', record(optional('a', 'string')), closed({ a: { type: 'string' } })],
    [
      'one with a default of its own',
      record(field('a', 'string', { default: 'x' })),
      closed({ a: { type: 'string' } }),
    ],
    [
      'one that is null or a number',
      record(field('a', ['null', 'double'])),
      closed({ a: { type: ['number', 'null'] } }, 'a'),
    ],
    [
      'symbols and values',
      record(field('a', { type: 'enum', name: 'A', symbols: ['x', 'y', 'z'] })),
      closed({ a: { enum: ['x', 'y'] } }, 'a'),
    ],
    ['a text that says which', record(field('a', 'string')), closed({ a: { const: 'made' } }, 'a')],
    [
      'lists, maps and references',
      record(field('a', { type: 'array', items: { type: 'map', values: 'int' } })),
      {
        ...closed({ a: { $ref: '#/$defs/list' } }, 'a'),
        $defs: {
          list: {
            type: 'array',
            items: { type: 'object', additionalProperties: { type: 'integer' } },
          },
        },
      },
    ],
    [
      'what goes round in circles',
      record(field('next', { type: 'array', items: 'Order' })),
      closed({ next: { type: 'array', items: { $ref: '#' } } }, 'next'),
    ],
    ['what JSON Schema leaves open', record(field('a', 'string')), { type: 'object' }],
    [
      'what it says in several ways',
      record(field('a', 'string')),
      closed({ a: { oneOf: [{ const: 'x' }, { const: 'y' }] } }, 'a'),
    ],
  ])('%s', (_what, avro, schema) => {
    expect(differences(avro, schema)).toEqual([])
  })
})

describe('what does not agree', () => {
  test.each<[string, object, object, string]>([
    ['a field too many', record(field('a', 'int')), closed({}), '"a" is a field, and no property'],
    ['a property too many', record(), closed({ a: {} }), '"a" is a property of the JSON Schema'],
    [
      'one that is always there',
      record(field('a', 'string')),
      closed({ a: { type: 'string' } }),
      '"a" is always there',
    ],
    [
      'one that is required',
      record(optional('a', 'string')),
      closed({ a: { type: 'string' } }, 'a'),
      '"a" may be absent',
    ],
    [
      'another type',
      record(field('a', 'long')),
      closed({ a: { type: 'string' } }, 'a'),
      '"a" is long in Avro, and string in JSON',
    ],
    [
      'a null that is not allowed',
      record(field('a', ['null', 'long'])),
      closed({ a: { type: 'integer' } }, 'a'),
      '"a" is null in Avro',
    ],
    [
      'fractions',
      record(field('a', 'long')),
      closed({ a: { type: 'number' } }, 'a'),
      '"a" is long in Avro, which has no fractions',
    ],
    [
      'a value that is no symbol',
      record(field('a', { type: 'enum', name: 'A', symbols: ['x'] })),
      closed({ a: { enum: ['x', 'y'] } }, 'a'),
      '"a" lacks the symbol y',
    ],
    [
      'any text where symbols are',
      record(field('a', { type: 'enum', name: 'A', symbols: ['x'] })),
      closed({ a: { type: 'string' } }, 'a'),
      '"a" is an enum in Avro',
    ],
    [
      'something within a list',
      record(field('a', { type: 'array', items: 'int' })),
      closed({ a: { type: 'array', items: { type: 'boolean' } } }, 'a'),
      '"a.items" is int in Avro, and boolean',
    ],
    ['no record at all', { type: 'array', items: 'int' }, closed({}), 'the value is array in Avro'],
  ])('%s', (_what, avro, schema, message) => {
    expect(differences(avro, schema)).toEqual([expect.stringContaining(message)])
  })
})

describe('the file', () => {
  const fleet = FLEET.replace(
    "kafka: { brokers: 'localhost:9092' }",
    "kafka: { brokers: 'localhost:9092', registry: { url: '${KAFKA_SCHEMA_REGISTRY_URL:-}' } }",
  ).replace('billed: { in: events,', 'billed: { in: events, format: avro,')
  const compiled = (avro: string | undefined) =>
    compile({
      'pipelines/fleet.yaml': fleet,
      'schemas/events/order.json': JSON.stringify({
        ...closed({ total: { type: 'number' }, sku: { type: 'string' } }, 'total'),
      }),
      ...(avro === undefined ? {} : { 'schemas/events/order.avsc': avro }),
    })
  const said = (avro: string | undefined) =>
    compiled(avro).diagnostics.map(
      ({ code, file, line, message }) => `${code} ${file}:${line} ${message}`,
    )
  const GOOD = JSON.stringify(record(field('total', 'double'), optional('sku', 'string')), null, 2)

  test('is a part of the plan, as it is written', () => {
    const { plan, diagnostics } = compiled(GOOD)
    expect(diagnostics).toEqual([])
    expect(plan?.avro).toEqual({ 'events/order': GOOD })
  })

  test.each<[string, string | undefined, string]>([
    [
      'that is not there',
      undefined,
      'SLU0306 pipelines/fleet.yaml:8 there is no schemas/events/order.avsc',
    ],
    ['that is no JSON', '{\n"type": }', 'SLU0589 schemas/events/order.avsc:2 not an Avro schema'],
    [
      'that is no Avro',
      '{"type": "recrd"}',
      'SLU0589 schemas/events/order.avsc:1 not an Avro schema',
    ],
    [
      'with bytes',
      '{"type":"record","name":"O","fields":[\n{"name":"total","type":"bytes"}]}',
      'SLU0589 schemas/events/order.avsc:2 bytes have no form in JSON',
    ],
    [
      'with a union of what looks alike',
      '{"type":"record","name":"O","fields":[{"name":"total","type":["int","double"]}]}',
      'SLU0589 schemas/events/order.avsc:1 a union of what JSON cannot tell apart',
    ],
    [
      'with a list of nothing',
      '{"type":"record","name":"O","fields":[{"name":"total","type":{"type":"array","items":"null"}}]}',
      'SLU0589 schemas/events/order.avsc:1 a list of nothing',
    ],
    [
      'with a field that every object has',
      '{"type":"record","name":"O","fields":[\n{"name":"__proto__","type":"int"}]}',
      'SLU0589 schemas/events/order.avsc:2 a field cannot be called __proto__',
    ],
    [
      'that says something else',
      '{"type":"record","name":"O","fields":[\n\n{"name":"total","type":"string"},{"name":"sku","type":"string","default":""}]}',
      'SLU0590 schemas/events/order.avsc:3 "total" is string in Avro, and number in JSON',
    ],
  ])('%s', (_what, avro, expected) => {
    expect(said(avro)[0]).toContain(expected)
  })
})
