// Avro on a topic: the very bytes, resolution from the sender's schema to ours, and bytes that claim to be what they are not.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SluiceError } from '../../../workers/core/errors.ts'
import { avroPayload } from '../../../workers/runtime/formats/avro.ts'

const READING = {
  type: 'record',
  name: 'Reading',
  namespace: 'proof',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'celsius', type: 'double' },
    { name: 'place', type: ['null', 'string'], default: null },
    { name: 'tags', type: { type: 'map', values: 'long' }, default: {} },
    {
      name: 'inner',
      type: [
        'null',
        {
          type: 'record',
          name: 'Inner',
          fields: [{ name: 'all', type: { type: 'array', items: 'Inner' } }],
        },
      ],
      default: null,
    },
  ],
}
const LIMIT = 1_000
const payload = avroPayload('readings', JSON.stringify(READING))
const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const found = (schema: unknown) => ({ kind: 'AVRO', text: JSON.stringify(schema), refers: false })
const readWith = (schema: unknown) => payload.reader(found(schema), 7)
const read = (bytes: Uint8Array, schema: unknown = READING) => readWith(schema)(bytes, LIMIT)

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof SluiceError) return `${error.code} ${error.failure}`
    throw error
  }
  return 'fine'
}

/** `a` and 31.5 by hand: a length as zigzag and its bytes, eight bytes of a double, branch 0, an empty map, branch 0. */
const BY_HAND = Buffer.from('0261' + '0000000000803f40' + '00' + '00' + '00', 'hex')

describe('writing', () => {
  test('gives the bytes that Avro says', () => {
    expect(Buffer.from(payload.write(json({ id: 'a', celsius: 31.5 })))).toEqual(BY_HAND)
    const full = payload.write(json({ id: 'a', celsius: 31.5, place: 'ö', tags: { x: -1 } }))
    expect(Buffer.from(full).toString('hex')).toBe(
      '0261' + '0000000000803f40' + '0204c3b6' + '02' + '0278' + '01' + '00' + '00',
    )
  })

  test.each([
    ['a property that is no field', { id: 'a', celsius: 1, color: 'red' }],
    ['a fraction where there is none', { id: 'a', celsius: 1, tags: { x: 0.5 } }],
    ['a number beyond 64 bits', { id: 'a', celsius: 1, tags: { x: 1e30 } }],
    ['nothing where something must be', { celsius: 1 }],
  ])('%s is a defect, and nothing is left out in silence', (_what, value) => {
    expect(codeOf(() => payload.write(json(value)))).toBe('SLU5017 defect')
  })

  test('says where it does not fit, and not what it held', () => {
    const fault = () => payload.write(json({ id: 'a', celsius: 1, tags: { pin: 'secret' } }))
    expect(fault).toThrow(/tags\.pin/)
    expect(fault).not.toThrow(/secret/)
  })
})

describe('reading', () => {
  test('leaves out what stands for nothing, and gives plain objects', () => {
    const value = read(BY_HAND) as object
    expect(value).toEqual({ id: 'a', celsius: 31.5, tags: {} })
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })

  test('gives back whatever was written', () => {
    const inner = fc.letrec<{ inner: unknown }>((tie) => ({
      inner: fc.oneof(
        { maxDepth: 4 },
        fc.constant({ all: [] }),
        fc.record({ all: fc.array(tie('inner'), { maxLength: 3 }) }, { noNullPrototype: true }),
      ),
    })).inner
    const value = fc.record(
      {
        id: fc.string({ unit: 'binary' }),
        celsius: fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one + 0),
        place: fc.string(),
        tags: fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          fc.integer(),
          { noNullPrototype: true },
        ),
        inner,
      },
      { requiredKeys: ['id', 'celsius', 'tags'], noNullPrototype: true },
    )
    fc.assert(
      fc.property(value, (data) => {
        const bytes = payload.write(json(data))
        expect(read(bytes)).toEqual(JSON.parse(JSON.stringify(data)))
        expect(JSON.parse(Buffer.from(payload.plain(bytes)).toString())).toEqual(read(bytes))
      }),
    )
  })

  const sent = (fields: unknown[], value: unknown, more: object = {}) => {
    const schema = { type: 'record', name: 'Reading', namespace: 'proof', ...more, fields }
    const theirs = avroPayload('theirs', JSON.stringify(schema))
    return read(theirs.write(json(value)), schema)
  }
  const ID = { name: 'id', type: 'string' }

  test('fits what another version wrote to ours: fields that we do not know, defaults of ours, wider numbers', () => {
    const fields = [
      { name: 'colour', type: 'bytes', default: '' },
      ID,
      { name: 'celsius', type: 'int' },
    ]
    expect(sent(fields, { id: 'a', celsius: 3 })).toEqual({ id: 'a', celsius: 3, tags: {} })
  })

  test.each<[string, unknown]>([
    ['lacks a field without a default', [ID]],
    [
      'has another type',
      [
        { name: 'id', type: 'long' },
        { name: 'celsius', type: 'double' },
      ],
    ],
  ])('a schema that %s does not resolve', (_what, fields) => {
    const schema = { type: 'record', name: 'Reading', namespace: 'proof', fields }
    expect(codeOf(() => readWith(schema))).toBe('SLU5015 invalid')
  })

  test.each<[string, unknown]>([
    ['is none', { type: 'recrd' }],
    ['is no JSON', undefined],
    ['names what is not there', { type: 'array', items: 'Missing' }],
    ['has a list of nothing', { type: 'array', items: 'null' }],
    [
      'has a list of empty records',
      { type: 'array', items: { type: 'record', name: 'Empty', fields: [] } },
    ],
    [
      'has a list of records that hold themselves',
      {
        type: 'array',
        items: { type: 'record', name: 'R', fields: [{ name: 'r', type: 'R' }] },
      },
    ],
    ['would run as code', { type: 'record', name: 'a){process.exit(1)}//', fields: [] }],
    [
      'would run as code in a field',
      { type: 'record', name: 'A', fields: [{ name: 'a;b', type: 'int' }] },
    ],
  ])('a schema that %s is of no use', (_what, schema) => {
    expect(codeOf(() => readWith(schema))).toBe('SLU5014 invalid')
  })

  test('a schema of another kind is none of ours', () => {
    expect(codeOf(() => payload.reader({ ...found('string'), kind: 'JSON' }, 7))).toBe(
      'SLU5013 invalid',
    )
  })
})

describe('bytes that are no value', () => {
  const LIST = { type: 'array', items: 'long' }
  const list = avroPayload('list', JSON.stringify(LIST))
  const readList = (hex: string) => list.reader(found(LIST), 7)(Buffer.from(hex, 'hex'), LIMIT)

  test.each<[string, string]>([
    ['nothing', ''],
    ['a billion items in six bytes', '80d0acf30e02'],
    ['items without end', 'feffffffffffffffff01'],
    ['a number without end', 'ffffffffffffffffffff01'],
    ['a block that says another length', '0108' + '02' + '00'],
    ['a block of a length below zero', '0101' + '02' + '00'],
    ['more behind its end', '020200' + '00'],
    ['a long that no number holds', '02feffffffffffffffff0100'],
  ])('%s is refused, and at once', (_what, hex) => {
    expect(codeOf(() => readList(hex))).toBe('SLU5016 invalid')
  })

  test('items that have thousands of parts without a byte are refused, and at once', () => {
    const nulls = Array.from({ length: 5_000 }, (_, n) => ({ name: `n${n}`, type: 'null' }))
    const fields = [{ name: 'flag', type: 'boolean' }]
    const item = (more: object[]) => ({
      type: 'array',
      items: { type: 'record', name: 'Item', fields: [...fields, ...more] },
    })
    const items = avroPayload('items', JSON.stringify(item([])))
    const bytes = Buffer.concat([Buffer.from('80f104', 'hex'), Buffer.alloc(40_000), Buffer.of(0)])
    const many = items.reader(found(item(nulls)), 7)
    expect(codeOf(() => many(bytes, 100_000))).toBe('SLU5016 invalid')
    expect(codeOf(() => items.reader(found(item([])), 7)(bytes, 100_000))).toBe('fine')
  })

  test('a block with its length is read', () => {
    expect(readList('0304' + '0204' + '00')).toEqual([1, 2])
  })

  const ALL = {
    type: 'record',
    name: 'All',
    fields: [
      { name: 'flag', type: 'boolean' },
      { name: 'sort', type: { type: 'enum', name: 'Sort', symbols: ['A', 'B'] } },
      { name: 'few', type: 'int' },
      { name: 'either', type: ['null', 'string'] },
      { name: 'text', type: 'string' },
      { name: 'named', type: { type: 'map', values: 'int' } },
    ],
  }
  const all = avroPayload('all', JSON.stringify(ALL))
  const readAll = (hex: string) => all.reader(found(ALL), 7)(Buffer.from(hex, 'hex'), LIMIT)

  test.each<[string, string]>([
    ['a boolean of two', '02'],
    ['a symbol that is not there', '0004'],
    ['an int of 40 bits', '0000' + 'feffffffff7f'],
    ['a branch that is not there', '000000' + '04'],
    ['text that is no UTF-8', '00000000' + '02ff'],
    ['text longer than all', '00000000' + '7e61'],
    [
      'a key that is the nature of objects',
      `00000000` + '00' + `0212${Buffer.from('__proto__').toString('hex')}0000`,
    ],
  ])('%s is refused', (_what, hex) => {
    expect(codeOf(() => readAll(hex))).toBe('SLU5016 invalid')
  })

  test('a value that goes on into itself is as deep as others may be', () => {
    const schema = {
      type: 'record',
      name: 'Link',
      fields: [{ name: 'next', type: ['null', 'Link'], default: null }],
    }
    const links = avroPayload('links', JSON.stringify(schema))
    const chain = (length: number) => Buffer.from('02'.repeat(length) + '00', 'hex')
    const readChain = (length: number) => links.reader(found(schema), 7)(chain(length), LIMIT)
    expect(codeOf(() => readChain(50))).toBe('fine')
    expect(codeOf(() => readChain(900))).toBe('SLU5007 invalid')
  })

  test('any bytes, and any value with some of them changed, are data or invalid by a code', () => {
    const readers = [readWith(READING), list.reader(found(LIST), 7), all.reader(found(ALL), 7)]
    const good = [
      BY_HAND,
      Buffer.from('0304' + '0204' + '00', 'hex'),
      Buffer.from('0102040206616263' + '00', 'hex'),
    ]
    const changed = fc
      .tuple(fc.constantFrom(...good), fc.nat(), fc.nat(255), fc.nat(3))
      .map(([bytes, at, to, cut]) => {
        const copy = Buffer.from(bytes)
        copy[at % copy.length] = to
        return copy.subarray(0, copy.length - cut)
      })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), changed), (bytes) => {
        for (const reader of readers)
          expect(codeOf(() => reader(bytes, LIMIT))).toMatch(/^(?:fine|SLU50\d\d invalid)$/)
      }),
      { numRuns: 2_000 },
    )
  })
})
