// docs/migration.md, command by command, against real brokers: whoever follows the page gets what it says.
import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { management } from '../support/management.ts'
import { openRedisView, removeKeys } from '../support/redis.ts'
import { committed, consumeAll } from './support/brokers-io.ts'
import { expectLines, openShell, partsOf, type Part, type Shell } from './support/page.ts'
import { until } from './support/worker-process.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const COPIED = [
  'bin',
  'docs/migration',
  'infra/alerts.yaml',
  'package.json',
  'pipelines',
  'schemas',
  'tsconfig.json',
  'workers',
]

const prefix = `migration-${randomUUID().slice(0, 8)}.`
let folder: string
let shell: Shell

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-migration-'))
  for (const path of COPIED) await cp(join(ROOT, path), join(folder, path), { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const port = String(await freePort())
  shell = openShell(folder, { SLUICE_PREFIX: prefix, NO_COLOR: '1', PROBES: port })
})
afterAll(async () => {
  await shell.end()
  await management.removeBelow(prefix)
  const redis = await openRedisView()
  await removeKeys(redis, prefix)
  redis.disconnect()
  await rm(folder, { recursive: true })
})

/** Everything that was sent so far, as a member of the group that the page hands over. */
async function theOldServiceReads(): Promise<void> {
  const [group, topic] = [`${prefix}predictions`, `${prefix}ml_events`]
  await consumeAll(group, topic, 8)
  await until('it has committed', async () => (await committed(group, topic)) === 8)
}

test('the page does what it says', { timeout: 900_000 }, async () => {
  const parts = partsOf(await readFile(join(ROOT, 'docs/migration.md'), 'utf8'))
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
