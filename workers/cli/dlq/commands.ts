// `sluice dlq` and its commands; what each does is in a file of its own.
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Composition } from '../composition.ts'

export interface DlqParts {
  readonly composition: Composition
  readonly project: () => { project?: string }
  readonly finish: (work: Promise<number>) => Promise<void>
}

type Format = 'text' | 'json'

interface ListFlags {
  where?: string
  status?: 'open' | 'replayed' | 'dropped'
  letters: boolean
  limit: number
  format: Format
}

export function addDlq(program: Command, { composition, project, finish }: DlqParts): void {
  const dlq = program
    .command('dlq')
    .description('look at dead letters, replay them, drop them')
    .addHelpText('after', '\nExample:\n  npx sluice dlq list\n')
  const add = (name: string, about: string, example: string) =>
    dlq.command(name).description(about).addHelpText('after', `\nExample:\n  ${example}\n`)

  add(
    'list [destinations...]',
    'dead letters by their reason: how many, the first and the last; looking changes nothing',
    'npx sluice dlq list ml_events.dlq',
  )
    .addOption(where('only letters for which it is true'))
    .addOption(new Option('--status <status>', 'only these').choices(STATUS))
    .option('--letters', 'each letter with its place, instead of groups', false)
    .option('--limit <n>', 'letters at most', atLeastOne, 100)
    .addOption(format())
    .action(async (destinations: string[], options: ListFlags) => {
      const { list } = await import('./list.ts')
      await finish(list({ ...project(), ...options, destinations }, composition))
    })

  add(
    'show <destination> <place-or-event-id>',
    'one dead letter in full: why, where, when, its headers and its value',
    'npx sluice dlq show ml_events.dlq 0/17',
  )
    .option('--reveal', 'show fields and headers that are called like secrets', false)
    .addOption(format())
    .action(
      async (destination: string, what: string, options: { reveal: boolean; format: Format }) => {
        const { show } = await import('./show.ts')
        await finish(show({ ...project(), ...options, destination, what }, composition))
      },
    )
}

const STATUS = ['open', 'replayed', 'dropped']

const where = (about: string) =>
  new Option(
    '--where <expression>',
    `${about}: over code, failure, reason, pipeline, step, attempts, failedAt, destination, fingerprint and event`,
  )

const format = () =>
  new Option('--format <format>', 'how results are printed')
    .choices(['text', 'json'])
    .default('text')

function atLeastOne(value: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('It is a whole number above zero.')
  return number
}
