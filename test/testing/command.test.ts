// `sluice test` as a user runs it: what is chosen, what is printed and written, and how it ends.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { select } from '../../workers/testing/files.ts'
import { sluice, until } from '../e2e/support/worker-process.ts'
import { inProject, oneCase, order } from './project.ts'

// Each is a process or two.
vi.setConfig({ testTimeout: 90_000 })

const PASSING = oneCase(
  `events: [${order('a1')}]`,
  'events: { billed: [{ value: { total: 5 } }] }',
  'a <good> "case"',
)
const FAILING = PASSING.replace('total: 5', 'total: 6').replace('good', 'bad')
const BOTH = `${PASSING}${FAILING.split('cases:\n')[1] ?? ''}`

interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  file(name: string): string | undefined
}

/** In a project with these tests; ends with what the command said and wrote. */
const command = (tests: string | undefined, ...args: string[]): Promise<Run> =>
  inProject(tests === undefined ? {} : { 'pipelines/billing.test.yaml': tests }, async (root) => {
    const line = args.map((arg) => arg.replace('ROOT', root))
    const { finished } = sluice(['test', '--project', root, ...line], { NO_COLOR: '1' })
    const { code, stdout, stderr } = await finished
    const files = new Map(
      ['out/junit.xml'].flatMap((name) =>
        existsSync(join(root, name)) ? [[name, readFileSync(join(root, name), 'utf8')]] : [],
      ),
    )
    return { code, stdout, stderr, file: (name) => files.get(name) }
  })

test('ends with 0 when all cases pass, and with 1 when one does not', async () => {
  const good = await command(PASSING)
  expect([good.code, good.stderr]).toEqual([0, ''])
  expect(good.stdout).toMatch(/^1 passed in 1 file, on embedded drivers, [\d.]+ m?s$/m)
  const bad = await command(BOTH)
  expect(bad.code).toBe(1)
  expect(bad.stdout).toContain(
    '✗ pipelines/billing.test.yaml:8:11  a <bad> "case"\n1 passed, 1 failed',
  )
})

test('a mistake in a file ends with 2, before anything runs', async () => {
  const { code, stdout, stderr } = await command(PASSING.replace('billed', 'bill'))
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain('pipelines/billing.test.yaml:7:17  error SLU0355')
  const json = await command(PASSING.replace('billed', 'bill'), '--format', 'json')
  expect(json.code).toBe(2)
  expect((JSON.parse(json.stdout) as { diagnostics: object[] }).diagnostics).toMatchObject([
    { code: 'SLU0355', line: 7, column: 17 },
  ])
})

test.each([
  [undefined, [], 'SLU0360 there is no pipelines/*.test.yaml'],
  [PASSING, ['--name', 'nothing like it'], 'SLU0360 no case has a name that matches'],
  [PASSING, ['biling'], 'SLU1001 there is no pipeline "biling"; there is: billing'],
])('nothing to test ends with 2: %#', async (tests, args, says) => {
  const { code, stderr } = await command(tests, ...args)
  expect(code).toBe(2)
  expect(stderr).toContain(says)
})

test('a file that is not there, or is no test, is refused', () =>
  inProject({ 'pipelines/billing.test.yaml': PASSING }, (root) => {
    expect(() => select(root, ['pipelines/none.test.yaml'], root)).toThrow('there is no file')
    expect(() => select(root, ['pipelines/billing.yaml'], root)).toThrow('is no test file')
    expect(select(root, ['./billing.test.yaml'], join(root, 'pipelines')).files).toEqual([
      'pipelines/billing.test.yaml',
    ])
  }))

test('runs the pipelines, files and names that are asked for', async () => {
  const { code, stdout } = await command(BOTH, 'billing', '--name', 'GOOD')
  expect(code).toBe(0)
  expect(stdout).toContain('1 passed in 1 file')
})

test('JSON holds verdicts, differences as values, and the course of each message', async () => {
  const { stdout } = await command(FAILING, '--format', 'json')
  const at = (line: number, column: number) => ({
    file: 'pipelines/billing.test.yaml',
    line,
    column,
  })
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    brokers: 'embedded',
    passed: 0,
    failed: 1,
    notRun: 0,
    durationMs: expect.any(Number) as number,
    cases: [
      {
        pipeline: 'billing',
        name: 'a <bad> "case"',
        status: 'failed',
        ...at(3, 11),
        durationMs: expect.any(Number) as number,
        virtualMs: expect.any(Number) as number,
        failures: [
          {
            message: 'topic billed: an event is not as expected',
            ...at(7, 44),
            differences: [{ field: 'value.total', expected: 6, actual: 5 }],
          },
        ],
        given: [
          {
            ...at(5, 16),
            settlement: 'acked',
            attempts: 1,
            faults: [],
            steps: [
              { step: 'price', outcome: 'done', cache: 'miss', value: { total: 5 } },
              { step: 'alert', outcome: 'skipped' },
              { step: 'settle', outcome: 'done', value: {} },
              { step: 'announce', outcome: 'done', value: { total: 5 } },
            ],
          },
        ],
      },
    ],
  })
})

test('JUnit goes to a file beside the text, in a folder that is made for it', async () => {
  const { stdout, file } = await command(BOTH, '--junit', 'ROOT/out/junit.xml')
  expect(stdout).toContain('1 passed, 1 failed')
  const xml = (file('out/junit.xml') ?? '').replaceAll(/time="[\d.]+"/g, 'time=""')
  expect(xml.split('\n').slice(0, 6)).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="sluice test" tests="2" failures="1" errors="0" skipped="0" time="">',
    '  <testsuite name="pipelines/billing.test.yaml" tests="2" failures="1" errors="0" skipped="0" time="">',
    '    <testcase classname="billing" name="a &lt;good&gt; &quot;case&quot;" file="pipelines/billing.test.yaml" line="3" time=""/>',
    '    <testcase classname="billing" name="a &lt;bad&gt; &quot;case&quot;" file="pipelines/billing.test.yaml" line="8" time="">',
    '      <failure message="topic billed: an event is not as expected">pipelines/billing.test.yaml',
  ])
  expect(xml).toContain('  expected  6\n')
  expect(xml.trimEnd().endsWith('</testsuites>')).toBe(true)
})

test('watching runs again after a change, handlers included, until it is told to stop', () =>
  inProject({ 'pipelines/billing.test.yaml': PASSING }, async (root) => {
    const running = sluice(['test', '--watch', '--project', root], { NO_COLOR: '1' })
    const waits = (times: number) =>
      until(`${times} runs`, () => running.stderr().split('Waiting for changes').length > times)
    await waits(1)
    writeFileSync(join(root, 'pipelines/.#billing.yaml.swp'), 'of an editor')
    writeFileSync(join(root, 'workers/handlers/quote.ts'), 'export default () => ({ total: 6 })')
    await waits(2)
    const replaced = (text: string) => {
      writeFileSync(join(root, 'pipelines/new'), text)
      renameSync(join(root, 'pipelines/new'), join(root, 'pipelines/billing.test.yaml'))
    }
    replaced(FAILING)
    await waits(3)
    replaced(PASSING)
    await waits(4)
    running.child.kill('SIGINT')
    const { code, stdout, stderr } = await running.finished
    expect(code).toBe(0)
    expect(stdout.match(/[✓✗] a <\w+>/g)).toEqual([
      '✓ a <good>',
      '✗ a <good>',
      '✓ a <bad>',
      '✗ a <good>',
    ])
    expect(stderr.match(/^.* changed$/gm)).toEqual([
      'workers/handlers/quote.ts changed',
      'pipelines/billing.test.yaml changed',
      'pipelines/billing.test.yaml changed',
    ])
  }))
