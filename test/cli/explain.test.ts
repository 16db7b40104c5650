// `sluice explain SLU…`: what a code means, in a terminal and as JSON.
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { sluice } from '../e2e/support/worker-process.ts'

const explain = (...args: string[]) => sluice(['explain', ...args]).finished

test('prints title, reason, fix and an example', async () => {
  const { code, stdout } = await explain('slu0502')
  expect(code).toBe(0)
  expect(stdout).toBe(`SLU0502  a window smaller than concurrency

The window is all that is taken and unsettled, what is at work included. A smaller one would keep some of the slots empty for ever.

Fix: Make the window at least as large.

Wrong:
    concurrency: 64
    window: 10

Right:
    concurrency: 64
    window: 1000
`)
})

test('an example of several lines keeps its shape', async () => {
  const { code, stdout } = await explain('SLU0505')
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^SLU0505 {2}dead letters that would not fit\n\nA dead letter is the message and /,
  )
  expect(stdout).toContain(
    '\n\nFix: Raise maxBytes of the dead-letter topic, or leave it out.\n\nWrong:\n',
  )
  const [, wrong = '', right = ''] = stdout.split(/(?:Wrong|Right):\n/)
  expect(parse(wrong)).toMatchObject({ topics: { 'orders.dlq': { maxBytes: '512KiB' } } })
  expect(parse(right)).toMatchObject({ topics: { 'orders.dlq': { deadLetters: true } } })
})

test('a code without an example has none, as JSON too', async () => {
  const { stdout } = await explain('SLU5204', '--format', 'json')
  const entry = JSON.parse(stdout) as Record<string, unknown>
  expect(entry).toMatchObject({
    version: 1,
    code: 'SLU5204',
    failure: expect.any(String) as string,
  })
  expect(Object.keys(entry).toSorted()).toEqual([
    'code',
    'failure',
    'fix',
    'title',
    'version',
    'why',
  ])
})

test('a code that is none is a usage error that names the nearest one', async () => {
  const { code, stderr } = await explain('SLU0599')
  expect(code).toBe(2)
  expect(stderr).toContain('there is no code SLU0599')
})
