// `sluice check --against` as people and CI call it: what is printed, and how it ends.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sluice } from '../e2e/support/worker-process.ts'
import { TYPED_FILES } from '../compile/project.ts'
import { writeFiles } from '../compile/evolution/project-states.ts'

const ORDER = 'schemas/events/order.json'
const open = (total: string) =>
  JSON.stringify({ type: 'object', properties: { total }, required: ['total'] })
const typed = (type: string) => open('@').replace('"@"', `{"type":"${type}"}`)

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-check-'))
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root })
  writeFiles(root, TYPED_FILES)
  git('init', '--quiet')
  git('add', '--all')
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false']
  git(...who, 'commit', '--quiet', '--message', 'before')
})
afterEach(() => rmSync(root, { recursive: true }))

const check = (...args: string[]) => sluice(['check', '--project', root, ...args]).finished

test('a breaking change is an error with its place, and exit 2', async () => {
  writeFiles(root, { [ORDER]: typed('integer') })
  const { code, stdout } = await check('--against', 'HEAD')
  expect(code).toBe(2)
  expect(stdout).toContain(
    `${ORDER}:1:41  error SLU0378  topic "orders" is not backward compatible: a fraction is no longer taken, at #/properties/total/type; read by billing`,
  )
  expect(stdout).toContain('3 errors in 1 file')
  expect((await check()).code).toBe(0)
})

test('the same as JSON, sorted among the mistakes of the project', async () => {
  const fleet = TYPED_FILES['pipelines/fleet.yaml'] as string
  writeFiles(root, {
    [ORDER]: typed('integer'),
    'pipelines/fleet.yaml': fleet.replace('ttl: 5m', 'ttl: 5y'),
  })
  const { code, stdout } = await check('--against', 'HEAD', '--format', 'json')
  expect(code).toBe(2)
  const { version, diagnostics } = JSON.parse(stdout) as {
    version: number
    diagnostics: Record<string, unknown>[]
  }
  expect(version).toBe(1)
  expect(diagnostics.map(({ code: of }) => of)).toEqual([
    'SLU0378',
    'SLU0378',
    'SLU0378',
    'SLU0206',
  ])
  expect(Object.keys(diagnostics[0] ?? {}).toSorted()).toEqual(
    ['code', 'column', 'file', 'hint', 'line', 'message', 'severity'].toSorted(),
  )
})

test('what cannot be proven is a warning, and no failure', async () => {
  writeFiles(root, {
    [ORDER]: typed('number').replace('"total"', '"sku":{"type":"string"},"total"'),
  })
  const { code, stdout } = await check('--against', 'HEAD')
  expect(code).toBe(0)
  expect(stdout).toContain('warning SLU0375  topic "orders" cannot be proven backward compatible')
})

test('no change, and how much was compared', async () => {
  const { code, stdout } = await check('--against', 'HEAD')
  expect(stdout).toBe('1 pipeline, no mistakes found; 4 contracts compatible with HEAD\n')
  expect(code).toBe(0)
})

test('an option in the place of a commit is a commit that is not there', async () => {
  const { code, stdout, stderr } = await check('--against=--output=x', '--format', 'json')
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('SLU0371 git has no commit "--output=x"')
})
