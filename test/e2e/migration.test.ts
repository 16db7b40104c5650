// docs/migration.md, command by command, against real brokers: whoever follows the page gets what it says.
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { management } from '../support/management.ts'
import { openRedisView, removeKeys } from '../support/redis.ts'
import { committed, consumeAll } from './support/brokers-io.ts'
import { expectLines, openShell, partsOf, type Part, type Shell } from './support/page.ts'
import { copyPlatform, type PlatformCopy } from './support/platform/copy.ts'
import { PLATFORM } from './support/platform/platform.ts'
import { until } from './support/worker-process.ts'

const prefix = `migration-${randomUUID().slice(0, 8)}.`
let copy: PlatformCopy
let shell: Shell

beforeAll(async () => {
  copy = await copyPlatform()
  const port = String(await freePort())
  shell = openShell(copy.path, { SLUICE_PREFIX: prefix, NO_COLOR: '1', PROBES: port })
})
afterAll(async () => {
  await shell.end()
  await management.removeBelow(prefix)
  const redis = await openRedisView()
  await removeKeys(redis, prefix)
  redis.disconnect()
  await copy.remove()
})

/** Everything that was sent so far, as a member of the group that the page hands over. */
async function theOldServiceReads(): Promise<void> {
  const [group, topic] = [`${prefix}predictions`, `${prefix}ml_events`]
  await consumeAll(group, topic, 8)
  await until('it has committed', async () => (await committed(group, topic)) === 8)
}

test('the page does what it says', { timeout: 900_000 }, async () => {
  const parts = partsOf(await readFile(join(PLATFORM, 'docs/migration.md'), 'utf8'))
  expect(parts.filter(({ kind }) => kind === 'note')).toHaveLength(1)
  for (const part of parts) await perform(part)
})

async function perform(part: Part): Promise<void> {
  if (part.kind === 'note') return theOldServiceReads()
  let printed = ''
  for (const command of part.commands) printed += await shell.run(command)
  expectLines(printed, part.expected)
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
}
