// Every character of an expression is found again in the YAML, however the scalar was written.
import fc from 'fast-check'
import { Document, Scalar } from 'yaml'
import { describe, expect, test } from 'vitest'
import { Diagnostics } from '../../workers/compile/diagnostics.ts'
import { placeIn } from '../../workers/compile/expression/place.ts'
import { readYaml } from '../../workers/compile/yaml-read.ts'
import { compile, edited } from './project.ts'
import { runs } from '../support/fuzz.ts'

const STYLES = ['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const

/** The text of an expression: words, quotes, escapes, white space of all kinds. */
const texts = fc
  .array(
    fc.constantFrom(
      'a',
      'event',
      '.',
      "'",
      "''",
      '"',
      '\\',
      ' ',
      '  ',
      '\n',
      '\n\n',
      '\t',
      'é',
      '😀',
      '+',
      '\u2028',
    ),
    { minLength: 1, maxLength: 30 },
  )
  .map((parts) => `x${parts.join('')}y`)

function read(yaml: string) {
  const file = readYaml('f.yaml', Buffer.from(yaml), new Diagnostics())
  if (file === undefined) throw new Error(`not YAML: ${yaml}`)
  return file
}

/** What stands at a place, with the escapes of quoted scalars undone. */
function at(yaml: string, line: number, column: number): string {
  const text = (yaml.split('\n')[line - 1] ?? '').slice(column - 1)
  const escape = /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|(.))/.exec(text)
  if (escape === null) return text[0] ?? ''
  const hex = escape[1] ?? escape[2] ?? escape[3]
  return hex === undefined ? (escape[4] ?? '') : String.fromCodePoint(parseInt(hex, 16))
}

describe('the place of a character', () => {
  test.each(STYLES)('%s', (style) => {
    fc.assert(
      fc.property(texts, fc.nat({ max: 3 }), (text, depth) => {
        const scalar = new Scalar(text)
        scalar.type = style
        const path = Array.from({ length: depth }, (_, n) => `k${n}`)
        const document = new Document()
        document.setIn([...path, 'key'], scalar)
        // The library folds within a pair of surrogates, which is no text any more.
        const lineWidth = text.includes('😀') ? 0 : 20
        const yaml = document.toString({ lineWidth, minContentWidth: 10 })
        const file = read(yaml)
        const written = file.scalar([...path, 'key'])
        // Some texts do not come back as they were written; those that do are the majority, or this fails.
        fc.pre(written?.value === text)
        for (let i = 0; i < text.length; i++) {
          const char = text[i] as string
          if (/\s/.test(char)) continue
          const { line, column } = placeIn(file, [...path, 'key'], i, i + 1)
          const found =
            written?.type === 'QUOTE_DOUBLE'
              ? at(yaml, line, column)
              : (yaml.split('\n')[line - 1] ?? '')[column - 1]
          // A character above U+FFFF is two of JavaScript's; written as one escape it has one place.
          expect(found?.includes(char), `${JSON.stringify(yaml)} ${i}`).toBe(true)
        }
      }),
      { numRuns: runs(300) },
    )
  })

  test('two characters never share a place', () => {
    const file = read('key: |2\n    a &&\n     bb\n\n   ccc\n')
    const value = String(file.scalar(['key'])?.value)
    const places = [...value.matchAll(/\S/g)].map(({ index }) =>
      placeIn(file, ['key'], index, index + 1),
    )
    expect(places.map(({ line, column }) => `${line}:${column}`)).toEqual([
      '2:5',
      '2:7',
      '2:8',
      '3:6',
      '3:7',
      '5:4',
      '5:5',
      '5:6',
    ])
  })
})

/** What is marked of a `when` as YAML, and where; and where the «» in it stand. */
function marked(when: string) {
  const yaml = edited('when: price.total > 10', when.replace(/[«»]/g, ''))
  const { diagnostics } = compile({ 'pipelines/billing.yaml': yaml })
  const shown = diagnostics.map(({ line, column, length }) => ({
    line,
    column,
    text: (yaml.split('\n')[line - 1] ?? '').slice(column - 1, column - 1 + length),
  }))
  const before = (edited('when: price.total > 10', when).split('«')[0] ?? '').split('\n')
  const text = /«(.*)»/.exec(when)?.[1]
  const wanted = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, text }
  return { shown, wanted }
}

describe('what is marked', () => {
  test.each([
    ['plain', 'when: price.total > «ten»'],
    ['plain, over lines', 'when: price.total\n      > «ten»\n      && true'],
    ['empty texts in double quotes', `when: "price.total === '' && '' === «ten»"`],
    ['doubled single quotes', `when: 'price.total === ''x'' && «ten»'`],
    ['backslashes in double quotes', String.raw`when: "price.total === '\\\\' && «ten»"`],
    ['escapes in double quotes', String.raw`when: "price.total === \"\u00e9\" && «ten»"`],
    ['a continued line in double quotes', 'when: "price.total > \\\n      «ten»"'],
    ['literal', 'when: |\n      price.total\n\n        > «ten»'],
    ['literal with a comment beside it', 'when: | # note\n      price.total > «ten»'],
    ['literal with its indentation written', 'when: |2\n        price.total > «ten»'],
    ['folded', 'when: >-\n      price.total\n      > «ten»'],
    ['folded, more indented', 'when: >\n      price.total\n        > «ten»\n\n      && true'],
    ['Windows line ends', 'when: |\r\n      price.total\r\n      > «ten»\r'],
    ['an emoji before it', "when: price.total === '😀' && «ten»"],
    ['a forbidden property', 'when: price.«constructor»'],
    ['a call', 'when: «process».pid > 1'],
    ['half an expression', 'when: price.total «>»'],
    ['an attribute of the event', 'when: event.«dta».x > 1'],
  ])('%s', (_what, when) => {
    const { shown, wanted } = marked(when)
    expect(shown).toEqual([wanted])
  })
})
