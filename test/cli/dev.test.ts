// `sluice dev` as its user meets it: edits of a project, and what runs after each of them.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { edited, TYPED_FILES } from '../compile/project.ts'
import { sluice, type Running } from '../e2e/support/worker-process.ts'

const PIPELINE = 'pipelines/billing.yaml'
const QUOTE = 'workers/handlers/quote.ts'

/** Each order is priced anew: nothing is cached. */
const CALLED = (TYPED_FILES[PIPELINE] ?? '').replace(
  /cache:[^]*?(?=\n {2}- id)/,
  'call: { handler: quote, input: event.data }',
)
const billing = (when: string) => edited('when: event.data.total > 0', `when: ${when}`, CALLED)

/** A handler that says each order it prices. */
const quote = (total: string, above = '') => `${above}
export default (order: { readonly total: number }) => {
  console.error('priced', order.total)
  return { total: ${total} }
}
`

let root: string
let started: Running | undefined

const write = (file: string, text: string) => {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-dev-'))
  for (const [file, text] of Object.entries(TYPED_FILES)) write(file, text)
  write(PIPELINE, CALLED)
  write('feed.jsonl', '{"key":"a","value":{"total":5}}\n{"key":"a","value":{"total":20}}\n')
})
afterEach(async () => {
  started?.child.kill('SIGKILL')
  await started?.finished
  rmSync(root, { recursive: true })
})

function start(): Running {
  const feed = `orders=${join(root, 'feed.jsonl')}`
  const quiet = { SLUICE_LOG_LEVEL: 'error', NO_COLOR: '1' }
  started = sluice(['--project', root, 'dev', '--embedded', '--feed', feed], quiet)
  return started
}

/** Both orders were taken: they have one key, and the second is at work. */
const PRICED = /2 messages sent[^]*priced 20\n|priced 20\n[^]*2 messages sent/

/** The counts of what ran before. */
const drained = async (running: Running) =>
  /billing drained: (.*)/.exec(await running.said(/runs again.*\n/))?.[1]

test('a change of YAML, of a handler and of what it imports is swapped in; what was taken is drained first', async () => {
  write('workers/handlers/models/rate.ts', 'export const rate = 1')
  write(
    QUOTE,
    quote('rate', "import { rate } from './models/rate.ts'\nconsole.error(`rate is ${rate}.`)\n"),
  )
  const running = start()
  await running.said(/rate is 1\./)
  await running.said(PRICED)
  write('workers/handlers/models/rate.ts', 'export const rate = 2')
  await running.said(/rate\.ts changed\n[^]*rate is 2\./)
  expect(await drained(running)).toMatch(/^2 acked · 0 filtered/)
  await running.said(PRICED)
  write(PIPELINE, billing('event.data.total > 10'))
  expect(await drained(running)).toMatch(/^2 acked · 0 filtered/)
  await running.said(PRICED)
  running.child.kill('SIGINT')
  expect(await running.said(/billing drained.*\n/)).toContain('1 acked · 1 filtered')
  expect((await running.finished).code).toBe(0)
})

test.each([
  ['an expression', PIPELINE, billing('event.data.total >'), 'SLU0401'],
  ['a schema', 'schemas/events/order.json', '{ "type": "objekt" }', 'SLU0307'],
  [
    'a handler that cannot be loaded',
    QUOTE,
    quote('1', "if (process.pid > 0) throw new Error('no model')\n"),
    'SLU1005',
  ],
])('a mistake in %s leaves the last good configuration running', async (_, file, text, code) => {
  const good = readFileSync(join(root, file), 'utf8')
  const running = start()
  await running.said(/2 messages sent/)
  write(file, text)
  expect(await running.said(/the last good configuration runs on/)).toContain(code)
  expect(running.stderr()).not.toContain('drained')
  write(file, good)
  await drained(running)
})

test('with a mistake at the start nothing runs, until it is mended', async () => {
  write(PIPELINE, billing('event.data.total >'))
  const running = start()
  expect(await running.said(/nothing runs until that is mended/)).toContain('SLU0401')
  write(PIPELINE, billing('event.data.total > 1'))
  await running.said(/billing runs, after/)
})
