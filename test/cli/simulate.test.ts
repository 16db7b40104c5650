// `sluice simulate` as its user meets it: what it prints, how it exits, and how a failure is seen again.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { TYPED_FILES } from '../compile/project.ts'
import { sluice } from '../e2e/support/worker-process.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-simulate-'))
  for (const [file, text] of Object.entries(TYPED_FILES)) write(file, text)
})
afterEach(() => rmSync(root, { recursive: true }))

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

const simulate = (...args: string[]) => sluice(['--project', root, 'simulate', ...args]).finished

test('says how much was simulated, and ends with 0', async () => {
  const { code, stdout } = await simulate('billing', '--seeds', '3')
  expect(stdout).toMatch(/^✓ billing: 3 schedules, 312 messages, 0 failed\n {2}faults {6}\d/)
  expect(code).toBe(0)
})

test('JSON is one object, the same for the same seeds', async () => {
  const args = ['--seeds', '2', '--seed', '5', '--format', 'json']
  const [once, again] = await Promise.all([simulate(...args), simulate(...args)])
  expect(again.stdout).toBe(once.stdout)
  const result = JSON.parse(once.stdout) as Record<string, unknown>
  expect(result).toMatchObject({ version: 1, seeds: 2, messages: 208, failures: [] })
  expect(Object.keys(result)).toEqual([
    'version',
    'seeds',
    'messages',
    'faults',
    'invariants',
    'failures',
    'history',
  ])
  expect(result['history']).toMatch(/^[0-9a-f]{64}$/)
})

test(
  'a failure names its seed, what broke, and the command that shows it again',
  { timeout: 120_000 },
  async () => {
    write(
      'workers/handlers/quote.ts',
      'let calls = 0\nexport default () => ({ total: 11 + calls++ })',
    )
    const { code, stdout } = await simulate('billing', '--seeds', '1', '--seed', '9')
    expect(code).toBe(1)
    expect(stdout).toMatch(/^✗ billing, seed 9\n {2}settled +message \d+ \(partition/)
    expect(stdout).toContain(
      'again: npx sluice simulate billing --seed 9 --seeds 1 --messages 100\n',
    )
    expect(stdout).toContain('✗ billing: 1 schedules, 104 messages, 1 failed')
    const [, command = ''] = /step by step: npx sluice simulate (.*)\n/.exec(stdout) ?? []
    expect(command).toMatch(
      /^billing --seed 9 --seeds 1 --messages 100 --faults none --keep \d+ --steps$/,
    )
    const again = await simulate(...command.split(' '))
    expect(again.code).toBe(1)
    expect(again.stdout).toMatch(
      / s {2}w1 {3}begins [a-z]+ of message 0 .*\n.*✗ {4}settled: message 0/s,
    )
  },
)

test('a failure in JSON has the least that breaks, what happened then, and the command', async () => {
  write(
    'workers/handlers/quote.ts',
    'let calls = 0\nexport default () => ({ total: 11 + calls++ })',
  )
  const { code, stdout } = await simulate('billing', '--seeds', '1', '--format', 'json')
  expect(code).toBe(1)
  const { failures } = JSON.parse(stdout) as { failures: Record<string, unknown>[] }
  expect(failures[0]).toMatchObject({
    pipeline: 'billing',
    seed: 1,
    invariant: 'settled',
    shortest: {
      messages: [expect.any(Number)],
      faults: [],
      history: expect.arrayContaining([expect.stringContaining('✗    settled:')]),
      replay: expect.stringMatching(/^npx sluice simulate billing --seed 1 .* --keep \d+ --steps$/),
    },
  })
})

test('a handler that asks the real clock is named, with its place', async () => {
  write('workers/handlers/quote.ts', 'export default () => ({ total: 11 + (Date.now() % 7) })')
  const { code, stderr } = await simulate('billing', '--seeds', '1')
  expect(stderr).toContain('SLU0362')
  expect(stderr).toMatch(/handler quote calls Date\.now\(\) at .*workers\/handlers\/quote\.ts:1:/)
  expect(code).toBe(2)
})

test.each([
  [['--faults', 'crash,earthquake'], 'there is no fault "earthquake"'],
  [['shipping'], 'shipping'],
  [['--seeds', '0'], 'a whole number above zero'],
])('%j is a usage error', async (args, words) => {
  const { code, stderr } = await simulate(...args)
  expect(stderr).toContain(words)
  expect(code).toBe(2)
})
