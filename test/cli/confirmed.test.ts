// The question before something is done: only a yes is one, and nobody waits for an answer that cannot come.
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { confirmed } from '../../workers/cli/confirmed.ts'

const asked = (said: string) => {
  const input = new PassThrough()
  input.end(said)
  return confirmed('Drop this letter?', { input, output: new PassThrough() })
}

test.each(['y\n', 'yes\n', 'Y\n', ' YES \n'])('%j is a yes', async (said) => {
  expect(await asked(said)).toBe(true)
})

test.each(['n\n', '\n', 'yesterday\n', 'no\ny\n', ''])('%j is none', async (said) => {
  expect(await asked(said)).toBe(false)
})
