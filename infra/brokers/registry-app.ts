// Brings the schema registry from Maven coordinates into the user's cache, unpacked; never leaves a half-filled folder behind.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheFolder } from './cache-folder.ts'
import { maven } from './maven.ts'

const VERSION = '3.3.3'
const ARTIFACT = 'apicurio-registry-app'

const appFolder = () => join(cacheFolder(), `apicurio-${VERSION}`)

export const registryCached = (): boolean => existsSync(appFolder())

/** The folder that holds quarkus-run.jar, filled first if this machine has not seen it. */
export async function ensureRegistryApp(): Promise<string> {
  const target = appFolder()
  if (registryCached()) return target
  await mkdir(dirname(target), { recursive: true })
  const work = await mkdtemp(`${target}-`)
  try {
    await maven(`the schema registry ${VERSION}`, work, [
      'dependency:copy',
      `-Dartifact=io.apicurio:${ARTIFACT}:${VERSION}:tar.gz:all`,
      `-DoutputDirectory=${work}`,
    ])
    const app = join(work, 'app')
    await mkdir(app)
    execFileSync('tar', ['-xzf', join(work, `${ARTIFACT}-${VERSION}-all.tar.gz`), '-C', app])
    await rename(app, target).catch((error: unknown) => {
      // Somebody else was faster: what they made is the same.
      if (!registryCached()) throw error
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return target
}
