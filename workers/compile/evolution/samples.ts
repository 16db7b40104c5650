// Numbers and texts at the edges of what schemas say: examples are looked for among them.
import type { Fact } from './branch.ts'

const FORMATS = [
  '2020-02-29T12:00:00Z',
  '2020-02-29',
  '12:00:00Z',
  'P1D',
  'a@example.com',
  'example.com',
  '192.0.2.1',
  '2001:db8::1',
  'https://example.com/a?b=c',
  '/a/b',
  '/a{b}',
  '0/a',
  '123e4567-e89b-12d3-a456-426614174000',
  'aGk=',
  '^a+$',
  'USD',
  '1.5',
  '2020-13-45',
]
const CHARACTERS = ['a', 'A', '0', '-', '_', ' ', '.', '/', 'é', '😀']
const LONGEST = 100_000

const numbersIn = (facts: readonly Fact[], keywords: readonly string[]): number[] =>
  facts.flatMap(({ schema }) =>
    keywords.map((keyword) => schema[keyword]).filter((value) => typeof value === 'number'),
  )

export function numbersAround(facts: readonly Fact[]): number[] {
  const edges = numbersIn(facts, ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'])
  const steps = numbersIn(facts, ['multipleOf'])
  const around = [...edges, 0].flatMap((edge) => [
    edge,
    edge - 1,
    edge + 1,
    edge - 0.5,
    edge + 0.5,
    edge - 1e9,
    edge + 1e9,
    ...steps.flatMap((step) => {
      const near = Math.floor(edge / step) * step
      return [near - step, near, near + step]
    }),
  ])
  return around.filter(Number.isFinite)
}

export function textsAround(facts: readonly Fact[]): string[] {
  const edges = numbersIn(facts, ['minLength', 'maxLength'])
  const lengths = new Set([...edges, 1, 3].flatMap((edge) => [edge - 1, edge, edge + 1]))
  return [
    ...FORMATS,
    ...[...lengths]
      .filter((length) => length >= 0 && length <= LONGEST)
      .flatMap((length) => CHARACTERS.map((character) => character.repeat(length))),
  ]
}
