// The platform in a folder of its own, to be edited: all that its command line needs, and nothing that it has built.
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PLATFORM } from './platform.ts'

const NEEDED = [
  'bin',
  'docs/migration',
  'infra/alerts.yaml',
  'package.json',
  'pipelines',
  'schemas',
  'tsconfig.json',
  'workers',
]

export interface PlatformCopy {
  readonly path: string
  remove(): Promise<void>
}

export async function copyPlatform(): Promise<PlatformCopy> {
  const path = await mkdtemp(join(tmpdir(), 'sluice-platform-'))
  for (const part of NEEDED) await cp(join(PLATFORM, part), join(path, part), { recursive: true })
  await symlink(join(PLATFORM, 'node_modules'), join(path, 'node_modules'))
  return { path, remove: () => rm(path, { recursive: true }) }
}
