// Decides where brokers keep their data; never uses a folder that somebody else could have prepared.
import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { SluiceError } from '../../workers/core/errors.ts'

const PROJECT = resolve(import.meta.dirname, '../..')

/** The same text for the same project and user, so that two checkouts never share brokers. */
export function setName(): string {
  const project = createHash('sha256').update(PROJECT).digest('hex').slice(0, 8)
  return `sluice-brokers-${process.getuid?.() ?? 0}-${project}`
}

/** The folder of the shared set, made if missing. */
export function setFolder(): string {
  const folder = join(dataRoot(), setName())
  mkdirSync(folder, { recursive: true })
  const found = lstatSync(folder)
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new SluiceError('SLU1106', { message: `${folder} belongs to somebody else` })
  }
  chmodSync(folder, 0o755)
  return folder
}

/** A new folder for one isolated broker. */
export function freshFolder(name: string): string {
  return mkdtempSync(join(dataRoot(), `sluice-${name}-`))
}

/** The temp folder; for root the first one that RabbitMQ's own user can reach as well. */
function dataRoot(): string {
  if (process.getuid?.() !== 0) return tmpdir()
  return [tmpdir(), '/tmp', '/var/tmp'].find(reachable) ?? tmpdir()
}

function reachable(folder: string): boolean {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined || (found.mode & 0o001) === 0) return false
    if (path === dirname(path)) return true
  }
}
