// Sending the lines of a file: what it says when the broker takes one of them not, while it still reads.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import { SluiceError } from '../../workers/core/errors.ts'
import { checkFeed, sendFeed } from '../../workers/cli/feed.ts'

let root: string
let file: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-feed-'))
  file = join(root, 'orders.jsonl')
  writeFileSync(file, '{"value":{"total":1}}\n'.repeat(5_000))
})
afterEach(() => rmSync(root, { recursive: true }))

test('a message that is refused ends it with that failure; the others may be confirmed late', async () => {
  let sent = 0
  const sink = {
    send: () => {
      sent++
      if (sent === 3) return Promise.reject(new SluiceError('SLU5201', { message: 'the first' }))
      if (sent === 5) return Promise.reject(new SluiceError('SLU5201', { message: 'another' }))
      return systemWorld.clock.sleep(1)
    },
  }
  const sending = sendFeed({ topic: 'orders', file }, sink, systemWorld)
  await expect(sending).rejects.toThrow(`${file}:3: the first`)
  expect(sent).toBeLessThan(5_000)
})

test('all lines are sent, and confirmed when it resolves', async () => {
  let confirmed = 0
  const sink = {
    send: async () => {
      await systemWorld.clock.sleep(1)
      confirmed++
    },
  }
  expect(await sendFeed({ topic: 'orders', file }, sink, systemWorld)).toBe(5_000)
  expect(confirmed).toBe(5_000)
})

test('a topic that is not there is found before the file is read', async () => {
  const checking = checkFeed({ topic: 'odrers', file: join(root, 'nowhere') }, {})
  await expect(checking).rejects.toMatchObject({ code: 'SLU1001' })
})
