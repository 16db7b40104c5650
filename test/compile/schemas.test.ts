// JSON Schemas of users: what cannot be checked, or could be made to run for ever, is refused at its place.
import { describe, expect, test } from 'vitest'
import { slowPatterns } from '../../workers/compile/schema-patterns.ts'
import { checkerOf } from '../../workers/compile/schemas.ts'
import { compile, FLEET } from './project.ts'

const with_ = (schema: string) => compile({ 'schemas/events/order.json': schema })

describe('a schema that cannot be used', () => {
  test.each([
    ['half of it', '{\n  "type": "object",\n', '3:1', ''],
    ['a comma too many', '{\n  "type": "object",\n}', '2:19', ''],
    ['single quotes', "{\n  'type': 1 }", '2:3', ''],
    ['a list', '[]', '1:1', ''],
    ['a slip in a keyword', '{\n  "minimumm": 1\n}', '2:3', 'did you mean "minimum"?'],
    ['a reference to the web', '{\n  "$ref": "https://example.com/x.json"\n}', '2:11', ''],
    ['a reference to a file', '{\n  "$ref": "file:///etc/passwd"\n}', '2:11', ''],
    ['a reference to another schema', '{\n  "$ref": "values/price"\n}', '2:11', ''],
    ['an unknown type', '{ "type": "objekt" }', '1:3', ''],
    ['an unknown format', '{\n  "type": "string",\n  "format": "dait"\n}', '3:13', ''],
    ['no regular expression', '{\n  "pattern": "(a"\n}', '2:14', ''],
    ['another draft', '{\n  "$schema": "http://json-schema.org/draft-04/schema#"\n}', '1:1', ''],
    [
      'references to data',
      '{ "properties": { "a": { "maximum": { "$data": "1/b" } } } }',
      '1:26',
      '',
    ],
    ['too deep', '{"not":'.repeat(20_000) + '{}' + '}'.repeat(20_000), '1:1', ''],
    [
      'references to nothing but each other',
      '{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}',
      '1:1',
      '',
    ],
  ])('%s', (_what, schema, place, hint) => {
    const [first, ...more] = with_(schema).diagnostics
    expect(more).toEqual([])
    expect(first?.message).not.toContain('call stack')
    expect(`${first?.code} ${first?.file}:${first?.line}:${first?.column}`).toBe(
      `SLU0307 schemas/events/order.json:${place}`,
    )
    expect(first?.hint).toContain(hint)
  })

  test('megabytes of it', () => {
    const [first] = with_(`{"description": "${'x'.repeat(10_000_000)}"}`).diagnostics
    expect(`${first?.code} ${first?.file}`).toBe('SLU0101 schemas/events/order.json')
  })
})

test('references within a schema, also in a circle, are read', () => {
  const schema =
    '{"$ref":"#/$defs/a","$defs":{"a":{"properties":{"next":{"$ref":"#/$defs/a"}},"type":"object"}}}'
  const { plan, diagnostics } = with_(schema)
  expect(diagnostics).toEqual([])
  if (plan === undefined) throw new Error('no plan')
  const check = checkerOf(plan)('events/order')
  expect(check({ next: { next: {} } })).toBeUndefined()
  expect(check({ next: { next: 1 } })).toBe('next.next must be object')
})

test('schemas that call themselves the same do not meet: what compiles also runs', () => {
  const same = '{"$id":"https://example.com/x","type":"object"}'
  const { plan } = compile({
    'pipelines/fleet.yaml': FLEET.replace(
      'ttl: 5m, schema: events/order',
      'ttl: 5m, schema: values/price',
    ),
    'schemas/events/order.json': same,
    'schemas/values/price.json': same,
  })
  if (plan === undefined) throw new Error('no plan')
  const checks = checkerOf(plan)
  expect(checks('events/order')({})).toBeUndefined()
  expect(checks('values/price')(1)).toBe('the value must be object')
})

test('what does not fit is said without quoting the value', () => {
  const { plan } = with_('{"type":"object","properties":{"card":{"type":"string","maxLength":3}}}')
  if (plan === undefined) throw new Error('no plan')
  expect(checkerOf(plan)('events/order')({ card: '4111111111111111' })).not.toContain('4111')
})

describe('a pattern that could run for years', () => {
  test('is refused at its place', () => {
    const { diagnostics } = with_('{\n  "properties": {\n    "a": { "pattern": "^(a+)+$" }\n  }\n}')
    expect(diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual([
      'SLU0316 3:23',
    ])
    const keys = with_('{"patternProperties": {"^(x*)*$": {}}}').diagnostics
    expect(keys.map(({ code }) => code)).toEqual(['SLU0316'])
  })

  test.each([
    '(a+)+$',
    '(a*)*$',
    '([a-z]+)*$',
    '(\\w+\\s*)+$',
    '(a+|b)+$',
    '((a+))+$',
    '(?:a+){2,}$',
    '(?<n>\\d+)*x',
    '(\\d+)+?$',
    '^(.*,)*$',
    '^([a-z]+-?)*$',
    '(a{2,})*$',
    '(x+x+)+y',
    // Too many repetitions to be sure in a reasonable time.
    '.*'.repeat(200),
  ])('%s', (pattern) =>
    expect(slowPatterns({ pattern, maxLength: 100 })).toEqual([{ pattern, exponential: true }]),
  )

  test.each([
    '^[a-z]+(-[a-z]+)*$',
    '^([a-z0-9]+-)*[a-z]+$',
    '^(\\w+\\.)+\\w+$',
    // What always matches at once has nothing to try again.
    '(a+)+',
    '([^)]+)+',
    `[${'*'.repeat(30)}]`,
    '\\+'.repeat(30),
    '(ab)+',
    '(a?)+',
    '(a+)?',
    '(a+){3}',
    '[(a+)+]',
    '\\(a+\\)+',
    '^\\d{4}-\\d{2}$',
    '(a|b)*',
    '^(?!x)[a-z]+$',
    '(-[a-z]*)*',
    '(a+b+)+',
    '',
    '^$',
    '(,\\s*\\d+)*',
    '\\p{L}+',
    '^[^@]+@[^@]+\\.[^@]+$',
  ])('%s is fine', (pattern) => expect(slowPatterns({ pattern, maxLength: 100 })).toEqual([]))

  test.each(['\\s+$', '^[^@]+@[^@]+\\.[^@]+$', '^\\s*(.*)\\s*$'])(
    '%s is a warning where a text may be long',
    (pattern) => {
      const { diagnostics, plan } = with_(JSON.stringify({ type: 'string', pattern }))
      expect(diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
        'warning SLU0320',
      ])
      expect(plan).toBeDefined()
      expect(
        with_(JSON.stringify({ type: 'string', maxLength: 254, pattern })).diagnostics,
      ).toEqual([])
    },
  )
})
