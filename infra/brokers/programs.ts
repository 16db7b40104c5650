// Finds the programs the brokers need and, as root on Debian or Ubuntu, installs the missing ones; never leaves a service running.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SluiceError } from '../../workers/core/errors.ts'
import { searchPath } from './environment.ts'

export interface Program {
  readonly program: string
  /** Where to look first. */
  readonly at?: string
  /** Debian packages that bring it; the first one that the machine's release knows is taken. */
  readonly packages: readonly [string, ...string[]]
}

/** The absolute path of a program, or undefined when it is not on this machine. */
export function find(program: Program, path = searchPath()): string | undefined {
  const places = path.split(':').map((folder) => join(folder, program.program))
  return [...(program.at === undefined ? [] : [program.at]), ...places].find(isExecutable)
}

/** Makes sure that all programs are there. Throws one error that names everything that is missing and the command that brings it. */
export function ensurePrograms(programs: readonly Program[], say: (line: string) => void): void {
  const missing = programs.filter((program) => find(program) === undefined)
  if (missing.length === 0) return
  if (mayInstall()) install(missing, say)
  const still = missing.filter((program) => find(program) === undefined)
  if (still.length > 0) throw missingError(still)
}

/** The first of the packages that the release knows, where anything can be installed. Whoever wants it looks whether it is there now. */
export function tryToInstall(packages: Program['packages'], say: (line: string) => void): void {
  if (!mayInstall()) return
  try {
    install([{ program: '', packages }], say)
  } catch (error) {
    say((error as Error).message)
  }
}

const mayInstall = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

function install(missing: readonly Program[], say: (line: string) => void): void {
  say(`installing ${packageNames(missing).join(', ')} with apt-get`)
  withoutServices(() => {
    apt('update')
    const chosen = new Set(missing.map(knownPackage))
    apt('install', '--yes', '--no-install-recommends', ...chosen)
  })
}

export function missingError(missing: readonly Program[]): SluiceError {
  const packages = packageNames(missing).join(' ')
  const names = missing.map((program) => program.program).join(', ')
  return new SluiceError('SLU1105', {
    message: `missing programs: ${names}. Install them: sudo apt-get install ${packages}`,
  })
}

function packageNames(programs: readonly Program[]): string[] {
  return [...new Set(programs.map((program) => program.packages[0]))]
}

function knownPackage(program: Program): string {
  const known = program.packages.find(
    (name) => spawnSync('apt-cache', ['show', '--quiet', name], { stdio: 'ignore' }).status === 0,
  )
  return known ?? program.packages[0]
}

function apt(...args: readonly string[]): void {
  // apt's own chatter goes to stderr: stdout belongs to the answer.
  const result = spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (result.status !== 0) {
    throw new SluiceError('SLU1105', {
      message: `apt-get ${args.join(' ')} failed`,
      cause: result.error,
    })
  }
}

/** Debian starts a server when it is installed unless this policy forbids it. */
function withoutServices(work: () => void): void {
  const policy = '/usr/sbin/policy-rc.d'
  const ours = !existsSync(policy)
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    work()
  } finally {
    if (ours) rmSync(policy, { force: true })
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
