// Prometheus and its tool as Debian has them, installed where they are missing; a test without them fails.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ensurePrograms, find, type Program } from '../../infra/brokers/programs.ts'

const PROMETHEUS: Program = { program: 'prometheus', packages: ['prometheus'] }
const PROMTOOL: Program = { program: 'promtool', packages: ['prometheus'] }

function pathOf(program: Program): string {
  ensurePrograms([PROMETHEUS, PROMTOOL], (line) => process.stderr.write(`${line}\n`))
  return find(program) as string
}

export const prometheusPath = (): string => pathOf(PROMETHEUS)

/** What it says, of both streams, and whether it is content. */
export async function promtool(
  ...args: readonly string[]
): Promise<{ readonly fine: boolean; readonly said: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(pathOf(PROMTOOL), args)
    return { fine: true, said: stdout + stderr }
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    if (stdout === undefined || stderr === undefined) throw error
    return { fine: false, said: stdout + stderr }
  }
}
