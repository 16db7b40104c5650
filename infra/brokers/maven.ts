// Runs Maven without a word unless it fails; never asks anything.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { SluiceError } from '../../workers/core/errors.ts'

export const MAVEN = { program: 'mvn', packages: ['maven'] } as const

/** `what`: for people, should it fail. */
export async function maven(what: string, cwd: string, goals: readonly string[]): Promise<void> {
  const args = [
    '--batch-mode',
    '--quiet',
    '--strict-checksums',
    '-Dstyle.color=never',
    '-Dmaven.wagon.http.retryHandler.count=3',
    ...goals,
  ]
  const run = spawn(MAVEN.program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const output: Buffer[] = []
  run.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  run.stderr.on('data', (chunk: Buffer) => output.push(chunk))
  const [status] = (await once(run, 'close')) as [number | null]
  if (status === 0) return
  throw new SluiceError('SLU1106', {
    message: `Maven could not bring ${what}: ${Buffer.concat(output).toString('utf8').trim()}`,
  })
}
