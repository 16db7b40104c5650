// What a comparison makes of files that were cut off, damaged, large, or are none.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { diff, type Difference } from '../../workers/recording/diff/diff.ts'
import { RecordingFile } from '../../workers/recording/diff/recording-file.ts'
import { renderDiff } from '../../workers/recording/diff/render.ts'
import { Tally } from '../../workers/recording/diff/tally.ts'
import type { Effect, Entry } from '../../workers/recording/line.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-diff-'))
afterAll(() => rmSync(folder, { recursive: true }))

const written = (name: string, text: string) => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const effect = (value: unknown, more: Partial<Effect> = {}): Effect => ({
  kind: 'event',
  to: 'billed',
  id: 'e',
  value,
  ...more,
})

const entry = (
  message: string,
  effects: readonly Effect[] = [],
  more: Partial<Entry> = {},
): Entry => ({
  pipeline: 'billing',
  message,
  id: message,
  key: null,
  outcome: 'acked',
  attempts: 1,
  effects,
  at: '',
  ...more,
})

const line = (one: object) => `${JSON.stringify(one)}\n`

function compared(a: string, b: string) {
  const tally = new Tally(20)
  const found: Difference[] = []
  const files = { a: written('a.jsonl', a), b: written('b.jsonl', b) }
  const result = diff(files, { by: 'message', ignore: [], common: false }, (difference) => {
    tally.add(difference)
    found.push(difference)
  })
  return { found, result, text: renderDiff(result, tally), tally }
}

test('a half-written line at the end is passed over, and said', () => {
  const whole = line(entry('orders/0/1'))
  const { found, result, text } = compared(whole, `${whole}{"pipeline":"bil`)
  expect(found).toEqual([])
  expect(result.b.torn).toBe(16)
  expect(text).toContain('a half-written line of 16 bytes at the end is passed over')
})

test.each([
  ['no JSON', 'nope\n', 'not valid JSON'],
  ['no object', '17\n', 'not a line of a recording'],
  ['no entry', '{"pipeline":"billing"}\n', 'not a line of a recording'],
  ['no effect', line({ ...entry('m'), effects: [{}] }), 'not a line of a recording'],
  ['half a head', '{"recording":1,"pipelines":null}\n', 'not a line of a recording'],
  [
    'a head of no pipeline',
    '{"recording":1,"mode":"live","fleet":"x","pipelines":{"a":null}}\n',
    'not a line of a recording',
  ],
])('a line in the middle that is %s is named', (_, bad, why) => {
  const good = line(entry('orders/0/1'))
  expect(() => compared(good + bad + good, good)).toThrow(
    expect.objectContaining({
      code: 'SLU1015',
      message: `${join(folder, 'a.jsonl')}:2: ${why}`,
    }),
  )
})

test('a value that is nested without end is refused by name', () => {
  const deep = `${'['.repeat(100_000)}1${']'.repeat(100_000)}`
  const told = (value: string) =>
    line(entry('orders/0/1', [effect('DEEP')])).replace('"DEEP"', value)
  expect(() => compared(told(deep), told(deep.replace('1', '2')))).toThrow(
    expect.objectContaining({ code: 'SLU1015' }),
  )
})

test('messages that nothing tells apart are read once each, however many there are', () => {
  const read = vi.spyOn(RecordingFile.prototype, 'entryAt')
  const nameless = line(entry('m', [], { message: null, id: null })).repeat(200)
  const { result } = compared(nameless, '')
  expect(result.a).toMatchObject({ messages: 1, repeats: 199 })
  expect(read.mock.calls.length).toBeLessThan(1_000)
  read.mockRestore()
})

test('what was parked goes on: its effects count together', () => {
  const [one, two] = [effect(1, { id: 'one' }), effect(2, { id: 'two' })]
  const parked = line(entry('m', [one], { outcome: 'parked' })) + line(entry('m', [two]))
  expect(compared(parked, line(entry('m', [one, two]))).found).toEqual([])
})

test('another program writes a recording with little more than what it did', () => {
  const by = { by: 'id', ignore: ['id', 'headers'], common: false } as const
  const theirs =
    '{"pipeline":"billing","id":"m","effects":[{"kind":"event","to":"billed","value":{"total":1}}],"outcome":"acked"}\n'
  const ours = line(entry('m', [effect({ total: 1 }, { id: 'x', headers: { a: 'b' } })]))
  const found: Difference[] = []
  const files = { a: written('theirs.jsonl', theirs), b: written('ours.jsonl', ours) }
  expect(diff(files, by, (one) => found.push(one))).toMatchObject({ both: 1, equal: 1 })
  expect(found).toEqual([])
})

test('of a list of equal things one is missing: that is one difference', () => {
  const items = (count: number) => [
    entry(
      'm',
      Array.from({ length: count }, (_, n) => effect(n)),
    ),
  ]
  const { found } = compared(
    items(500).map(line).join(''),
    line(entry('m', items(500)[0]?.effects.toSpliced(250, 1))),
  )
  expect(found).toMatchObject([{ what: 'effect', kind: 'missing', effect: { value: 250 } }])
})

test('effects to one place under one key that changed their order are one difference, others none', () => {
  const [a, b] = [effect(1, { key: 'k' }), effect(2, { key: 'k' })]
  expect(compared(line(entry('m', [a, b])), line(entry('m', [b, a]))).found).toMatchObject([
    { what: 'effect', kind: 'order' },
  ])
  const [c, d] = [effect(1, { key: 'k' }), effect(2, { key: 'k', to: 'elsewhere' })]
  expect(compared(line(entry('m', [c, d])), line(entry('m', [d, c]))).found).toEqual([])
})

test('what stands in a recording cannot steer a terminal', () => {
  const evil = '\u001B[2J\u202Eevil\r\n'
  const { text } = compared(
    line(entry(evil, [effect(evil)], { key: evil })),
    line(entry(evil, [effect('x')], { key: evil, outcome: evil })),
  )
  // oxlint-disable-next-line no-control-regex -- it is what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202E]/)
})

test('names without end are counted together', () => {
  const a = Array.from({ length: 300 }, (_, n) => line(entry(`m/${n}`, [effect({ [`f${n}`]: 1 })])))
  const b = Array.from({ length: 300 }, (_, n) => line(entry(`m/${n}`, [effect({ [`f${n}`]: 2 })])))
  const { tally } = compared(a.join(''), b.join(''))
  expect(tally.all()).toHaveLength(201)
  expect(tally.all()[0]).toEqual({ what: 'others', count: 100 })
  expect(tally.first).toHaveLength(20)
})

test('a hundred thousand messages in another order take a few bytes each', () => {
  const count = 100_000
  const filler = 'x'.repeat(300)
  const told = (n: number) =>
    line(entry(`orders/0/${n}`, [effect(n === 77_777 ? 'planted' : { n, filler })]))
  const plain = (n: number) => line(entry(`orders/0/${n}`, [effect({ n, filler })]))
  const numbers = Array.from({ length: count }, (_, n) => n)
  const a = numbers.map(plain).join('')
  const b = numbers.toReversed().map(told).join('')
  global.gc?.()
  const before = process.memoryUsage().arrayBuffers
  const { found, result } = compared(a, b)
  expect(result).toMatchObject({ both: count, equal: count - 1 })
  expect(found).toMatchObject([{ what: 'effect', kind: 'changed' }])
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024)
})
