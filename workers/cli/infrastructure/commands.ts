// The commands for operators: those that look at brokers, and the rules that others watch them by; what each does is in a file of its own.
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Composition } from '../composition.ts'

export interface InfrastructureParts {
  readonly composition: Composition
  readonly project: () => { project?: string }
  readonly finish: (work: Promise<number>) => Promise<void>
}

type Format = 'text' | 'json'

export function addInfrastructure(
  program: Command,
  { composition, project, finish }: InfrastructureParts,
): void {
  const add = (name: string, about: string, example: string) =>
    program.command(name).description(about).addHelpText('after', `\nExample:\n  ${example}\n`)

  add(
    'ops',
    'serve health, metrics and probes of the fleet over HTTP; with --embedded also run its pipelines',
    'npx sluice ops --port 9300',
  )
    .option('--built <dir>', 'look at what `sluice build` put there; compiles nothing')
    .option('--embedded', 'run the pipelines here, on the embedded drivers', false)
    .option('--port <n>', 'where it listens; 0 takes a free one', portNumber, 9_300)
    .option('--host <address>', 'on which address', '127.0.0.1')
    .addOption(format('events'))
    .action(async (options: OpsFlags) => {
      const { ops } = await import('./ops.ts')
      await finish(ops({ ...project(), ...options }, composition))
    })

  add(
    'health',
    'ask each broker how it is, and hold that against the thresholds of fleet.yaml',
    'npx sluice health --format json',
  )
    .addOption(format())
    .action(async (options: { format: Format }) => {
      const { health } = await import('./health.ts')
      await finish(health({ ...project(), ...options }, composition))
    })

  add(
    'alerts',
    'write the rules that Prometheus alerts by, with the thresholds of fleet.yaml',
    'npx sluice alerts --check',
  )
    .option('--file <file>', 'where, from the folder of the project', 'infra/alerts.yaml')
    .option('--check', 'write nothing; fail when the file is out of date', false)
    .action(async (options: { file: string; check: boolean }) => {
      const { alerts } = await import('./alerts.ts')
      await finish(alerts({ ...project(), ...options }, composition.log))
    })

  add(
    'doctor',
    'examine each connection: DNS, TCP, login, permissions, topology, and what the broker says of itself',
    'npx sluice doctor',
  )
    .addOption(format())
    .action(async (options: { format: Format }) => {
      const { doctor } = await import('./doctor.ts')
      await finish(doctor({ ...project(), ...options }, composition))
    })

  add(
    'lag',
    'what waits: each group on its topic by partition, each queue, each queue of jobs',
    'npx sluice lag --watch',
  )
    .option('--watch', 'again and again, on a terminal', false)
    .addOption(format())
    .action(async (options: { watch: boolean; format: Format }) => {
      const { lag } = await import('./lag.ts')
      await finish(lag({ ...project(), ...options }, composition))
    })
}

interface OpsFlags {
  built?: string
  embedded: boolean
  port: number
  host: string
  format: Format
}

function portNumber(value: string): number {
  if (!/^[0-9]{1,5}$/.test(value) || Number(value) > 65_535)
    throw new InvalidArgumentError('It is a whole number from 0 to 65535.')
  return Number(value)
}

const format = (what = 'results') =>
  new Option('--format <format>', `how ${what} are printed`)
    .choices(['text', 'json'])
    .default('text')
