// The file of a recording: what was flushed is there whatever ends the process, and a run that is started again goes on with it.
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Journal } from '../../workers/recording/journal.ts'
import type { Entry, Head } from '../../workers/recording/line.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-journal-'))
  file = join(folder, 'run.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const head: Head = {
  recording: 1,
  mode: 'shadow',
  fleet: 'shop',
  pipelines: { billing: { source: 'orders', group: 'billing.shadow', order: 'key' } },
  at: '2026-01-01T00:00:00.000Z',
}

const entry = (message: string): Entry => ({
  pipeline: 'billing',
  message,
  id: message,
  key: null,
  outcome: 'acked',
  attempts: 1,
  effects: [],
  at: '2026-01-01T00:00:01.000Z',
})

const lines = () => readFileSync(file, 'utf8').split('\n')

test('what was flushed stands there in whole lines, for its owner alone', async () => {
  const journal = new Journal(file, head)
  journal.add(entry('orders/0/1'))
  journal.flush()
  expect(lines()).toEqual([JSON.stringify(head), JSON.stringify(entry('orders/0/1')), ''])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  await journal.close()
})

test('a run that goes on cuts a half-written line off and adds its own', async () => {
  const first = new Journal(file, head)
  first.add(entry('orders/0/1'))
  await first.close()
  const whole = readFileSync(file)
  writeFileSync(file, Buffer.concat([whole, Buffer.from('{"pipeline":"billing","mess')]))
  const again = new Journal(file, { ...head, at: 'later' })
  expect([first.goesOn, again.goesOn, again.cutOff]).toEqual([false, true, 27])
  again.add(entry('orders/0/2'))
  await again.close()
  expect(lines().map((line) => (line === '' ? '' : (JSON.parse(line) as object)))).toEqual([
    head,
    entry('orders/0/1'),
    { ...head, at: 'later' },
    entry('orders/0/2'),
    '',
  ])
})

test('a line that is longer than what is looked at in one go is found all the same', async () => {
  const first = new Journal(file, head)
  first.add(entry('m'.repeat(200_000)))
  await first.close()
  const { size } = statSync(file)
  writeFileSync(file, 'x'.repeat(300_000), { flag: 'a' })
  const again = new Journal(file, head)
  expect(again.cutOff).toBe(300_000)
  expect(statSync(file).size).toBeGreaterThan(size)
  await again.close()
})

test('killed before its first line was whole, it begins anew', async () => {
  writeFileSync(file, '{"recording":1,"mo')
  await new Journal(file, head).close()
  expect(lines()).toEqual([JSON.stringify(head), ''])
})

test.each([
  ['something else', 'dear diary\n'],
  ['something else without an end', 'dear diary'],
  ['a live one', `${JSON.stringify({ ...head, mode: 'live' })}\n`],
  ['one of another fleet', `${JSON.stringify({ ...head, fleet: 'other' })}\n`],
  ['one of other pipelines', `${JSON.stringify({ ...head, pipelines: {} })}\n`],
])('a file that holds %s is refused and left as it is', (_, text) => {
  writeFileSync(file, text)
  expect(() => new Journal(file, head)).toThrow(expect.objectContaining({ code: 'SLU1014' }))
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('a file that cannot be opened or written is refused before anything runs', () => {
  for (const path of [join(folder, 'none/run.jsonl'), folder, '/dev/full', '/dev/null'])
    expect(() => new Journal(path, head)).toThrow(expect.objectContaining({ code: 'SLU1116' }))
})

test('what comes once it is closed gets into no other file', async () => {
  const journal = new Journal(file, head)
  await journal.close()
  const other = join(folder, 'other')
  const fd = openSync(other, 'w')
  journal.add(entry('orders/0/1'))
  expect(() => journal.flush()).toThrow(expect.objectContaining({ code: 'SLU5516' }))
  closeSync(fd)
  expect(readFileSync(other, 'utf8')).toBe('')
})
