// Files that were right until something happened to them: whatever stands there, the compiler answers, with places that are there.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileFleet } from '../../workers/compile/compile.ts'
import { compileTests } from '../../workers/testing/compile.ts'
import { runs } from '../support/fuzz.ts'
import { texts } from '../support/hostile.ts'
import { copyOfProject, PROJECT } from './corpus/run.ts'
import { SHAPE } from './cases/shape.ts'
import { YAML } from './cases/yaml.ts'
import { MISTAKES } from './corpus/mistakes/index.ts'

const CASES = `pipeline: predictions
cases:
  - name: one
    given: { events: [{ key: a, value: { event_id: e1 }, after: 1s, handlers: { predict: [{ throw: { message: no } }] } }] }
    expect: { commands: { alerts: [] }, counts: { acked: 1 }, others: allow }
`
const TESTS = 'pipelines/predictions.test.yaml'
const below = (folder: string): string[] =>
  readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:yaml|json)$/.test(name))
    .map((name) => `${folder}/${name}`)
const RIGHT: ReadonlyMap<string, string> = new Map([
  ...[...below('pipelines'), ...below('schemas')]
    .toSorted()
    .map((file) => [file, readFileSync(join(PROJECT, file), 'utf8')] as const),
  [TESTS, CASES] as const,
])

let project: ReturnType<typeof copyOfProject>
beforeAll(() => {
  project = copyOfProject()
  writeFileSync(join(project.root, TESTS), CASES)
})
afterAll(() => project.remove())

const ODD = [
  '[¦]¦{¦}¦: ¦- ¦? ¦&a ¦*a¦!!str ¦!x¦|\n¦>-\n¦#¦"¦\'¦\t¦\n¦\r\n¦---\n¦...\n¦%YAML 1.1\n¦<<: *a¦@¦`¦,¦\0¦\uFEFF',
  'null¦~¦true¦no¦0¦-1¦1e999¦.inf¦.nan¦0x1F¦0o7¦2026-01-01¦1_000¦{}¦[]¦[[]]¦{ a: 1 }¦5m¦-5m¦1e9d¦5 MiB',
  '${HOME}¦${¦${A:-${B}}¦event¦event.data¦process.exit()¦this¦(¦=>¦`${x}`¦/a+/¦a ? b : c¦../../etc/passwd',
  '😀¦$ref¦"$ref": "#"¦"pattern": "(a+)+$"¦__proto__¦__proto__: {}\n¦constructor: 1\n',
]
  .flatMap((line) => line.split('¦'))
  .concat('x'.repeat(300))
const words = [...RIGHT.values()].flatMap((text) => text.match(/[A-Za-z_]{3,}/g) ?? [])
/** What the corpora write in the place of something right. */
const wrongs = [
  ...[...SHAPE, ...YAML]
    .flatMap(({ pipeline, fleet }) => [pipeline?.[1] ?? [], fleet?.[1] ?? []])
    .flat(),
  ...MISTAKES.map(({ to }) => to),
]
const piece = fc.oneof(
  fc.constantFrom(...ODD),
  fc.constantFrom(...new Set(words)),
  fc.constantFrom(...wrongs),
  texts(12),
)

/** What may happen to a text: at a place, so many characters, something else. */
const accident = fc.record({
  at: fc.nat(9_999),
  how: fc.constantFrom('cut', 'put', 'replace', 'word', 'line', 'twice', 'indent'),
  length: fc.nat(30),
  piece,
})
type Accident = typeof accident extends fc.Arbitrary<infer One> ? One : never

function after(text: string, { at, how, length, piece: put }: Accident): string {
  const from = Math.floor((at / 10_000) * text.length)
  const lines = text.split('\n')
  const line = Math.floor((at / 10_000) * lines.length)
  switch (how) {
    case 'cut':
      return text.slice(0, from) + text.slice(from + length)
    case 'put':
      return text.slice(0, from) + put + text.slice(from)
    case 'replace':
      return text.slice(0, from) + put + text.slice(from + length)
    case 'word':
      return text.slice(0, from) + text.slice(from).replace(/[\w.]+/, () => put)
    case 'line':
      return lines.toSpliced(line, 1).join('\n')
    case 'twice':
      return lines.toSpliced(line, 0, ...lines.slice(line, line + 1 + (length % 3))).join('\n')
    case 'indent':
      return lines.with(line, ' '.repeat(length % 7) + (lines[line] ?? '').trimStart()).join('\n')
  }
}

test('an accident leads to diagnostics, each at a place that is there, or to a plan', () => {
  const accidents = fc.tuple(
    fc.constantFrom(...RIGHT.keys()),
    fc.array(accident, { minLength: 1, maxLength: 3 }),
  )
  const counts = { right: 0, wrong: 0 }
  fc.assert(
    fc.property(accidents, ([file, happened]) => {
      const { root } = project
      const text = happened.reduce(after, RIGHT.get(file) ?? '')
      writeFileSync(join(root, file), text)
      try {
        const started = process.cpuUsage()
        const compiled = compileFleet(root)
        const tests = compileTests(root, compiled, [TESTS])
        const { user, system } = process.cpuUsage(started)
        expect((user + system) / 1_000).toBeLessThan(5_000)
        const all = [...compiled.diagnostics, ...tests.diagnostics]
        const errors = compiled.diagnostics.filter(({ severity }) => severity === 'error')
        expect(compiled.plan === undefined).toBe(errors.length > 0)
        if (all.length > 0) counts.wrong++
        else counts.right++
        for (const { file: named, line, column, length, code, message, hint } of all) {
          const lines = textOf(named, file, text).split(/\r\n|\n|\r/)
          const where = `${code} ${named}:${line}:${column} ${message}`
          expect(line, where).toBeGreaterThanOrEqual(1)
          expect(line, where).toBeLessThanOrEqual(lines.length)
          expect(column, where).toBeGreaterThanOrEqual(1)
          expect(column, where).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1)
          expect(length, where).toBeGreaterThanOrEqual(1)
          expect([message, hint], where).not.toContain('')
          if (!/undefined|object/.test(text))
            expect(`${message}${hint}`, where).not.toMatch(/\[object |undefined|\bat .*:\d+:\d+\)/)
        }
      } finally {
        writeFileSync(join(root, file), RIGHT.get(file) ?? '')
      }
    }),
    { numRuns: runs(100) },
  )
  expect(counts.wrong).toBeGreaterThan(counts.right)
})

/** As it stands: a byte order mark is none of the text. */
function textOf(named: string, file: string, text: string): string {
  const stands = named === file ? text : (RIGHT.get(named) ?? '')
  return stands.toWellFormed().replace(/^\uFEFF/, '')
}
