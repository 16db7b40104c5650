// `sluice run` as its user meets it: how it ends when the guard pauses it, and what signals do to work that is under way.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { TYPED_FILES } from '../compile/project.ts'
import { sluice, type Running } from '../e2e/support/worker-process.ts'
import { eventually } from '../support/eventually.ts'

let root: string
let started: Running | undefined

const write = (file: string, text: string) => {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

const PIPELINE = (TYPED_FILES['pipelines/billing.yaml'] ?? '')
  .replace(/cache:[^]*?(?=\n {2}- id)/, 'call: { handler: quote, input: event.data }')
  .trimEnd()

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-run-'))
  for (const [file, text] of Object.entries(TYPED_FILES)) write(file, text)
  write('pipelines/billing.yaml', PIPELINE)
})
afterEach(async () => {
  started?.child.kill('SIGKILL')
  await started?.finished
  rmSync(root, { recursive: true })
})

function run(count: number, ...args: string[]): Running {
  const lines = Array.from(
    { length: count },
    (_, n) => `{"key":"k${n}","value":{"total":${n + 1}}}\n`,
  )
  write('feed.jsonl', lines.join(''))
  const feed = `orders=${join(root, 'feed.jsonl')}`
  started = sluice(['--project', root, 'run', '--embedded', '--feed', feed, ...args], {
    NO_COLOR: '1',
  })
  return started
}

/** Begins and does not end. */
const HANGS = `export default async () => {
  console.error('begun')
  await new Promise((resolve) => setTimeout(resolve, 60_000))
  return { total: 1 }
}
`

test('with --until-idle a pipeline that its guard paused ends it with 1, and the rest is left alone', async () => {
  write('pipelines/billing.yaml', `${PIPELINE}\n  guard: { of: 100, tolerate: 5, then: pause }\n`)
  const permanent = 'Symbol.for("sluice.permanent")'
  write(
    'workers/handlers/quote.ts',
    `export default (): { total: number } => {
  throw Object.assign(new Error('broken'), { [${permanent}]: true })
}
`,
  )
  const { code, stdout, stderr } = await run(80, '--until-idle', '--format', 'json').finished
  expect(code).toBe(1)
  expect(stderr).toContain('SLU5502')
  expect(JSON.parse(stdout)).toMatchObject({
    pipelines: { billing: { accepted: 5, acked: 0, deadLettered: 5 } },
  })
})

/** What the worker says of itself, by the port that it logs. */
async function readiness(running: Running): Promise<() => Promise<number>> {
  const port = /"probes":(\d+)/.exec(await running.said(/"probes":\d+.*\n/))?.[1]
  return async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status
}

test('told to stop, it is not ready at once, and waits for what is at work; told again, it ends at once', async () => {
  write('workers/handlers/quote.ts', HANGS)
  const running = run(1)
  const ready = await readiness(running)
  await running.said(/begun\n/)
  await eventually('it is ready', async () => (await ready()) === 200)
  running.child.kill('SIGTERM')
  await eventually('it is not ready', async () => (await ready()) === 503)
  expect(running.child.exitCode).toBe(null)
  // Two signals at once are one that was handed on twice: whoever insists does so a little later.
  await eventually('it ended', () => {
    running.child.kill('SIGTERM')
    return running.child.exitCode !== null
  })
  expect((await running.finished).code).toBe(143)
})

test('told to stop, it finishes what is at work, and what was not begun is nobody’s failure', async () => {
  write(
    'workers/handlers/quote.ts',
    `import { existsSync } from 'node:fs'
export default async () => {
  console.error('begun')
  while (!existsSync(${JSON.stringify(join(root, 'go-on'))}))
    await new Promise((resolve) => setTimeout(resolve, 10))
  return { total: 1 }
}
`,
  )
  write('pipelines/billing.yaml', PIPELINE.replace('order: key', 'order: key\nconcurrency: 2'))
  const running = run(20)
  const ready = await readiness(running)
  await running.said(/begun\n/)
  await running.said(/begun\n/)
  running.child.kill('SIGTERM')
  await eventually('it takes nothing new', async () => (await ready()) === 503)
  write('go-on', '')
  const { code, stdout, stderr } = await running.finished
  expect(code).toBe(0)
  expect(stdout).toContain(' 2 acked · 0 filtered · 0 dead-lettered')
  expect(stderr.match(/begun\n/g)).toHaveLength(2)
})
