// Changes of one schema, and what is said of each in both directions.

interface Change {
  readonly what: string
  readonly old: object
  readonly now: object
  /** Direction, code and place in the new schema, of each; `?` for what cannot be proven. */
  readonly expect: readonly string[]
  readonly says?: string
}

const record = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more })
const closed = (properties: object, more: object = {}) =>
  record(properties, { additionalProperties: false, ...more })
const variants = (...tags: string[]) => ({
  oneOf: tags.map((tag) => ({
    title: tag,
    type: 'object',
    required: ['t'],
    properties: { t: { const: tag } },
  })),
})
const a = (schema: object) => closed({ a: schema })

export const CHANGES: readonly Change[] = [
  // ---- properties
  {
    what: 'a property becomes required',
    old: closed({ a: {} }),
    now: closed({ a: {} }, { required: ['a'] }),
    expect: ['backward SLU0376 #/required/0'],
    says: '"a" must be there now',
  },
  {
    what: 'a property is no longer required',
    old: closed({ a: {} }, { required: ['a'] }),
    now: closed({ a: {} }),
    expect: ['forward SLU0376 #'],
    says: '"a" may be missing now',
  },
  {
    what: 'an optional property is added, and others are refused',
    old: closed({}),
    now: closed({ a: {} }),
    expect: ['forward SLU0377 #/properties/a'],
    says: 'the old schema refuses what it does not list',
  },
  {
    what: 'a property is removed, and others are refused',
    old: closed({ a: {} }),
    now: closed({}),
    expect: ['backward SLU0377 #/additionalProperties'],
    says: '"a" is refused now',
  },
  {
    what: 'an optional property is added, and others are taken',
    old: record({}),
    now: record({ a: { type: 'string' } }),
    expect: ['backward SLU0375? #/properties/a'],
    says: 'if nobody has written it so far, nothing breaks',
  },
  {
    what: 'a property is removed, and others are taken',
    old: record({ a: { type: 'string' } }),
    now: record({}),
    expect: ['forward SLU0375? #'],
    says: 'if nobody writes it any more, nothing breaks',
  },
  {
    what: 'others are refused from now on',
    old: record({ a: {} }),
    now: closed({ a: {} }),
    expect: ['backward SLU0377 #/additionalProperties'],
    says: 'fields that are not listed are refused now',
  },
  {
    what: 'others are taken from now on',
    old: closed({ a: {} }),
    now: record({ a: {} }),
    expect: ['forward SLU0377 #'],
    says: 'fields that are not listed may come now',
  },
  {
    what: 'others have another type',
    old: { type: 'object', additionalProperties: { type: 'string' } },
    now: { type: 'object', additionalProperties: { type: 'integer' } },
    expect: [
      'backward SLU0378 #/additionalProperties/type',
      'forward SLU0378 #/additionalProperties/type',
    ],
  },
  {
    what: 'a pattern of names asks for another type',
    old: { type: 'object', patternProperties: { '^x': { type: 'integer' } } },
    now: { type: 'object', patternProperties: { '^x': { type: 'number' } } },
    expect: ['forward SLU0375? #/patternProperties/^x/type'],
  },
  // ---- types and values
  {
    what: 'a type is widened',
    old: a({ type: 'integer' }),
    now: a({ type: 'number' }),
    expect: ['forward SLU0378 #/properties/a/type'],
    says: 'a fraction may come now',
  },
  {
    what: 'a type is exchanged',
    old: a({ type: 'string' }),
    now: a({ type: 'integer' }),
    expect: ['backward SLU0378 #/properties/a/type', 'forward SLU0378 #/properties/a/type'],
    says: 'string is no longer taken',
  },
  {
    what: 'null is no longer taken',
    old: a({ type: ['string', 'null'] }),
    now: a({ type: 'string' }),
    expect: ['backward SLU0378 #/properties/a/type'],
    says: 'null is no longer taken',
  },
  {
    what: 'null is said by nullable',
    old: a({ type: 'string' }),
    now: a({ type: 'string', nullable: true }),
    expect: ['forward SLU0378 #/properties/a/type'],
  },
  {
    what: 'a value is added',
    old: a({ enum: ['x', 'y'] }),
    now: a({ enum: ['y', 'z', 'x'] }),
    expect: ['forward SLU0379 #/properties/a/enum'],
    says: 'the value "z" may come now',
  },
  {
    what: 'a value is removed',
    old: a({ enum: ['x', 'y'] }),
    now: a({ const: 'x' }),
    expect: ['backward SLU0379 #/properties/a/const'],
    says: 'the value "y" is no longer taken',
  },
  {
    what: 'only listed values are taken from now on',
    old: a({ type: 'string' }),
    now: a({ enum: ['x'] }),
    expect: ['backward SLU0379 #/properties/a/enum'],
    says: 'only listed values',
  },
  // ---- limits and forms
  {
    what: 'a limit is raised',
    old: a({ type: 'number', maximum: 1 }),
    now: a({ type: 'number', maximum: 2 }),
    expect: ['forward SLU0380 #/properties/a/maximum'],
    says: '"maximum" is looser now',
  },
  {
    what: 'a limit is gone',
    old: a({ type: 'string', maxLength: 200 }),
    now: a({ type: 'string' }),
    expect: ['forward SLU0380 #/properties/a'],
  },
  {
    what: 'more items are asked for',
    old: a({ type: 'array' }),
    now: a({ type: 'array', minItems: 1, uniqueItems: true }),
    expect: [
      'backward SLU0380 #/properties/a/minItems',
      'backward SLU0380 #/properties/a/uniqueItems',
    ],
  },
  {
    what: 'fewer properties are taken',
    old: { type: 'object' },
    now: { type: 'object', maxProperties: 9 },
    expect: ['backward SLU0380 #/maxProperties'],
  },
  {
    what: 'items are refused',
    old: a({ type: 'array' }),
    now: a({ type: 'array', items: false }),
    expect: ['backward SLU0380 #/properties/a/items'],
  },
  {
    what: 'another format',
    old: a({ type: 'string', format: 'date' }),
    now: a({ type: 'string', format: 'date-time' }),
    expect: ['backward SLU0381 #/properties/a/format', 'forward SLU0381 #/properties/a/format'],
  },
  {
    what: 'another pattern, of which an example shows the difference',
    old: a({ type: 'string', pattern: '^[a-z]+$' }),
    now: a({ type: 'string', pattern: '^[a-z0-9]+$' }),
    expect: ['backward SLU0375? #/properties/a/pattern', 'forward SLU0381 #/properties/a/pattern'],
    says: 'cannot be proven',
  },
  {
    what: 'a limit where no example can be found',
    old: a({ type: 'string', pattern: '^[XY]{9}$' }),
    now: a({ type: 'string', pattern: '^[XY]{9}$', maxLength: 5 }),
    expect: ['backward SLU0375? #/properties/a/maxLength'],
  },
  // ---- alternatives and rules
  {
    what: 'a variant is added',
    old: variants('x', 'y'),
    now: variants('x', 'y', 'z'),
    expect: ['forward SLU0382 #/oneOf/2'],
    says: 'the variant "z" is new',
  },
  {
    what: 'a variant is removed',
    old: variants('x', 'y'),
    now: variants('y'),
    expect: ['backward SLU0382 #/oneOf'],
  },
  {
    what: 'one of three variants is removed',
    old: variants('x', 'y', 'z'),
    now: variants('z', 'y'),
    expect: ['backward SLU0382 #/oneOf'],
    says: 'the variant "x" is no longer taken',
  },
  {
    what: 'a variant asks for more',
    old: variants('x', 'y'),
    now: {
      oneOf: [
        ...variants('y').oneOf,
        { type: 'object', required: ['t', 'u'], properties: { t: { const: 'x' } } },
      ],
    },
    expect: ['backward SLU0376 #/oneOf/1/required/1'],
  },
  {
    what: 'a type with null becomes a choice with null',
    old: a({ type: ['string', 'null'] }),
    now: a({ anyOf: [{ type: 'string' }, { type: 'null' }] }),
    expect: [],
  },
  {
    what: 'nothing is taken any more',
    old: closed({ a: {} }, { required: ['a'] }),
    now: { type: 'object', properties: { a: false } },
    expect: ['backward SLU0383 #/properties/a', 'forward SLU0376 #', 'forward SLU0377 #'],
  },
  {
    what: 'a rule that cannot be compared is not passed over',
    old: a({ type: 'integer' }),
    now: a({ type: 'integer', not: { multipleOf: 2 } }),
    expect: ['backward SLU0375? #/properties/a/not'],
  },
  {
    what: 'conditions',
    old: { type: 'object' },
    now: { type: 'object', if: { required: ['a'] }, then: { required: ['b'] } },
    expect: ['backward SLU0375? #/if'],
  },
  // ---- references
  {
    what: 'a part moves behind a reference',
    old: a({ type: 'string' }),
    now: { ...a({ $ref: '#/$defs/name' }), $defs: { name: { type: 'string' } } },
    expect: [],
  },
  {
    what: 'what a reference leads to is changed, in a schema that holds itself',
    old: {
      $ref: '#/$defs/tree',
      $defs: { tree: closed({ next: { $ref: '#/$defs/tree' }, size: { type: 'integer' } }) },
    },
    now: {
      $ref: '#/$defs/tree',
      $defs: { tree: closed({ next: { $ref: '#/$defs/tree' }, size: { type: 'string' } }) },
    },
    expect: [
      'backward SLU0378 #/$defs/tree/properties/size/type',
      'forward SLU0378 #/$defs/tree/properties/size/type',
    ],
  },
  {
    what: 'descriptions, order and names of parts',
    old: { title: 'X', ...closed({ a: {}, b: {} }, { required: ['a', 'b'] }) },
    now: { ...closed({ b: { description: 'B' }, a: {} }, { required: ['b', 'a'] }), title: 'Y' },
    expect: [],
  },
]
