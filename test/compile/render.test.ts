// What people and programs read: places, the lines around them, and marks that stand below what is meant.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Diagnostic } from '../../workers/core/diagnostic.ts'
import { diagnosticsJson, renderDiagnostics } from '../../workers/compile/render.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-render-'))
  mkdirSync(join(root, 'pipelines'))
})
afterEach(() => rmSync(root, { recursive: true }))

const diagnostic = (more: Partial<Diagnostic>): Diagnostic => ({
  severity: 'error',
  code: 'SLU0302',
  message: 'there is no topic "order"',
  file: 'pipelines/a.yaml',
  line: 2,
  column: 16,
  length: 5,
  hint: 'did you mean "orders"?',
  ...more,
})

const render = (text: string, more: Partial<Diagnostic> = {}, color = false) => {
  writeFileSync(join(root, 'pipelines/a.yaml'), text)
  return renderDiagnostics([diagnostic(more)], root, { color })
}

test('a place, two lines, a mark and a hint', () => {
  expect(render('pipeline: a\nfrom: { topic: order }\n'))
    .toBe(`pipelines/a.yaml:2:16  error SLU0302  there is no topic "order"
    1 | pipeline: a
    2 | from: { topic: order }
      |                ^^^^^
    hint: did you mean "orders"?

1 error in 1 file
`)
})

test('colours change nothing but colours', () => {
  const text = 'pipeline: a\nfrom: { topic: order }\n'
  const colored = render(text, {}, true)
  expect(colored).not.toBe(render(text))
  expect(stripVTControlCharacters(colored)).toBe(render(text))
})

test('errors, warnings and files are counted', () => {
  const list = [
    diagnostic({}),
    diagnostic({ line: 3 }),
    diagnostic({ severity: 'warning', file: 'pipelines/b.yaml' }),
  ]
  expect(renderDiagnostics(list, root, { color: false })).toMatch(
    /\n\n2 errors, 1 warning in 2 files\n$/,
  )
  expect(renderDiagnostics([], root, { color: false })).toBe('no mistakes found\n')
})

/** The characters of the line above that a mark stands below, by columns. */
function underlined(rendered: string): string {
  const [, , row = '', mark = ''] = rendered.split('\n')
  const columns = Array.from(row).flatMap((char) =>
    /[😀主题订单]/u.test(char) ? [char, ''] : [char],
  )
  return columns.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1).join('')
}

test.each([
  ['plain', 'from: { topic: order }', 16, 'order'],
  ['a tab', 'from:\t{ topic: order }', 16, 'order'],
  ['an emoji', "from: { a: '😀', topic: order }", 25, 'order'],
  ['wide letters', 'from: { 主题: 订单, topic: order }', 24, 'order'],
  ['a far column', `from: { x: '${'y'.repeat(3_000)}', topic: order }`, 3023, 'order'],
  ['the end of a long line', `${'y'.repeat(500)}order`, 501, 'order'],
])('the mark stands below its word: %s', (_what, line, column, word) => {
  expect(underlined(render(`a\n${line}\n`, { column, length: word.length }))).toBe(word)
})

test('nothing steers the terminal', () => {
  const evil = '\u001b]0;title\u0007\u202e\u2028\r'
  const out = renderDiagnostics(
    [diagnostic({ file: `pipelines/${evil}.yaml`, message: evil, hint: evil })],
    root,
    { color: false },
  )
  const framed = render(`a\nfrom: ${evil}order\n`)
  for (const text of [out, framed]) {
    expect(text).toContain('\\u001b')
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u)
  }
})

test('a line that is not there, and a file that is not there', () => {
  expect(render('a\n', { line: 99 })).toContain(':99:16  error')
  expect(
    renderDiagnostics([diagnostic({ file: 'pipelines/none.yaml' })], root, { color: false }),
  ).toContain('hint:')
})

test('JSON for editors and CI', () => {
  expect(JSON.parse(diagnosticsJson([diagnostic({})]))).toEqual({
    version: 1,
    diagnostics: [
      {
        severity: 'error',
        code: 'SLU0302',
        message: 'there is no topic "order"',
        file: 'pipelines/a.yaml',
        line: 2,
        column: 16,
        hint: 'did you mean "orders"?',
      },
    ],
  })
})
