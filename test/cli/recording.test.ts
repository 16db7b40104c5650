// Options of recorded runs, comparisons and loads with wrong values: refused with a code before anything is connected or written.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createComposition } from '../../workers/composition.ts'
import { exitCodeOf } from '../../workers/cli/exit.ts'
import { createProgram } from '../../workers/cli/program.ts'
import { TYPED_FILES } from '../compile/project.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-recording-'))
  const files = {
    ...TYPED_FILES,
    'feed.jsonl': '{"key":"k","value":{"total":1}}\n',
    'half.jsonl': '{"pipeline":"billing","message":"orders/0/1","effects":[]}\n{"pipel',
    'empty.jsonl': '',
    'text.jsonl': '{"raw":"no JSON"}\n',
  }
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
})
afterAll(() => rmSync(root, { recursive: true }))

/** Names of files that begin with `@` are in the project. */
async function run(env: NodeJS.ProcessEnv, ...args: string[]) {
  let said = ''
  const hear = (chunk: string | Uint8Array) => {
    said += String(chunk)
    return true
  }
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(hear)
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(hear)
  const placed = args.map((arg) => arg.replace('@', `${root}/`))
  try {
    const composition = createComposition({ RABBITMQ_PASSWORD: 'guest', ...env })
    const argv = ['node', 'sluice', '--project', root, ...placed]
    return { code: await createProgram(composition).run(argv), said, error: undefined }
  } catch (thrown) {
    return { code: exitCodeOf(thrown), said, error: (thrown as { code?: string }).code }
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
}

test.each([
  ['both at once', ['run', '--shadow', '@s', '--record', '@r'], 'SLU1010'],
  ['a group of no shadow', ['run', '--record', '@s', '--group', 'g'], 'SLU1010'],
  ['questions of no shadow', ['run', '--ask'], 'SLU1010'],
  ['a feed to a live topic', ['run', '--shadow', '@s', '--feed', 'orders=@feed.jsonl'], 'SLU1010'],
  ['the group of a live one', ['run', '--shadow', '@s', '--group', 'billing'], 'SLU1013'],
  ['a pipeline that is not there', ['run', 'none', '--shadow', '@s'], 'SLU1001'],
  ['something else in its file', ['run', '--shadow', '@feed.jsonl'], 'SLU1014'],
  ['a comparison with nothing', ['diff', '@half.jsonl', '@none'], 'SLU1015'],
  ['a comparison with a folder', ['diff', '@half.jsonl', '@pipelines'], 'SLU1015'],
  ['a comparison with a feed', ['diff', '@half.jsonl', '@feed.jsonl'], 'SLU1015'],
  ['a load on nothing', ['load', 'none'], 'SLU1001'],
  ['a load without a message', ['load', 'billing', '--rate', '0.1', '--for', '1s'], 'SLU1001'],
  ['a load without end', ['load', 'billing', '--rate', '1000000', '--for', '9d'], 'SLU1001'],
  ['a load like nothing', ['load', 'billing', '--like', '@empty.jsonl'], 'SLU1004'],
  ['a load like text', ['load', 'billing', '--like', '@text.jsonl'], 'SLU1004'],
])('%s', async (_, args, error) => {
  expect(await run({}, ...args)).toMatchObject({ code: 2, error })
  expect(existsSync(join(root, 's'))).toBe(false)
})

test.each([
  ['a rate that is none', ['load', 'billing', '--rate', '-5']],
  ['a duration that is none', ['load', 'billing', '--for', 'ever']],
  ['a start that is none', ['run', '--shadow', '@s', '--start', 'here']],
  ['no second recording', ['diff', '@half.jsonl']],
  ['a limit that is none', ['diff', '@half.jsonl', '@half.jsonl', '--limit', '1e99']],
])('%s is no use of the command', async (_, args) => {
  expect(await run({}, ...args)).toMatchObject({ code: 2, error: undefined })
})

test('a file that cannot be written is the environment', async () => {
  const args = ['run', 'billing', '--shadow', '@none/s']
  expect(await run({}, ...args)).toMatchObject({ code: 3, error: 'SLU1116' })
})

test('made-up messages in production have to be asked for', async () => {
  writeFileSync(
    join(root, 'pipelines/fleet.yaml'),
    (TYPED_FILES['pipelines/fleet.yaml'] ?? '').replace(
      'fleet: shop',
      'fleet: shop\nprofile: production',
    ),
  )
  expect(await run({}, 'load', 'billing')).toMatchObject({ code: 2, error: 'SLU1017' })
})

test('a value that is nested without end, in a message that one of them alone tells of, is no crash', async () => {
  const deep = `${'['.repeat(100_000)}1${']'.repeat(100_000)}`
  const told = `{"pipeline":"billing","message":"m","effects":[{"kind":"event","to":"x","value":${deep}}]}`
  writeFileSync(join(root, 'deep.jsonl'), `${told}\n`)
  const args = ['diff', '@deep.jsonl', '@empty.jsonl', '--format', 'json']
  expect(await run({}, ...args)).toMatchObject({ code: 2, error: 'SLU1015' })
})

test('recordings that are the same are 0, others 1, as text and as JSON', async () => {
  const same = await run({}, 'diff', '@half.jsonl', '@half.jsonl')
  expect(same).toMatchObject({ code: 0, said: expect.stringContaining('No difference.') })
  const { code, said } = await run({}, 'diff', '@half.jsonl', '@empty.jsonl', '--format', 'json')
  expect([code, JSON.parse(said)]).toEqual([
    1,
    expect.objectContaining({
      version: 1,
      both: 0,
      onlyA: 1,
      differences: 1,
      a: expect.objectContaining({ messages: 1, torn: 7 }),
      counts: [{ what: 'message missing', count: 1 }],
    }),
  ])
  expect(await run({}, 'diff', '@half.jsonl', '@empty.jsonl', '--common')).toMatchObject({
    code: 0,
  })
})
