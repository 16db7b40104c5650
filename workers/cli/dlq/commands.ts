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
    .option('--where <expression>', WHERE('only letters for which it is true'))
    .addOption(new Option('--status <status>', 'only these').choices(STATUS))
    .option('--letters', 'each letter with its place, instead of groups', false)
    .option('--limit <n>', 'with --letters: so many at most', atLeastOne, 100)
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
    .option(
      '--reveal',
      'show fields and headers that are called like secrets; the audit log says who did',
      false,
    )
    .addOption(format())
    .action(
      async (destination: string, what: string, options: { reveal: boolean; format: Format }) => {
        const { show } = await import('./show.ts')
        await finish(show({ ...project(), ...options, destination, what }, composition))
      },
    )

  const acting = (command: Command) =>
    command
      .option('--where <expression>', WHERE('letters for which it is true'))
      .option('--group <fingerprint>', 'letters of one group of `dlq list`')
      .option('--all', 'every open letter', false)
      .option('--dry-run', 'say what would be done, and do nothing', false)
      .option('--yes', 'do not ask', false)
      .option('--rate <n/s>', 'letters a second at most', perSecond)
      .addOption(format())

  acting(
    add(
      'replay <destination> [places-or-event-ids...]',
      'send dead letters back to where they came from, each once; go on where a killed replay stopped',
      'npx sluice dlq replay ml_events.dlq --where "code === \'SLU5102\'" --rate 50/s',
    ),
  )
    .option(
      '--edit <expression-or-@file>',
      'the new value of the message, which gets a new id: an expression over the letter, or a file',
    )
    .option('--max-replays <n>', 'how often a message may be replayed in all', atLeastOne, 3)
    .option(
      '--resend',
      'send once more what a killed replay may have sent to a queue, which shows nothing',
      false,
    )
    .action(async (destination: string, whats: string[], options: ReplayFlags) => {
      const { replay } = await import('./replay.ts')
      await finish(replay({ ...project(), ...options, destination, whats }, composition))
    })

  acting(
    add(
      'drop <destination> [places-or-event-ids...]',
      'mark dead letters as dealt with, and say why',
      'npx sluice dlq drop ml_events.dlq 0/17 --reason "a test of ours"',
    ),
  )
    .requiredOption('--reason <text>', 'why; shown by `dlq show`, and in the audit log')
    .action(async (destination: string, whats: string[], options: DropFlags) => {
      const { drop } = await import('./drop.ts')
      await finish(drop({ ...project(), ...options, destination, whats }, composition))
    })
}

interface ActingFlags {
  where?: string
  group?: string
  all: boolean
  dryRun: boolean
  yes: boolean
  rate?: number
  format: Format
}
interface ReplayFlags extends ActingFlags {
  edit?: string
  maxReplays: number
  resend: boolean
}
interface DropFlags extends ActingFlags {
  reason: string
}

const STATUS = ['open', 'replayed', 'dropped']

const WHERE = (about: string) =>
  `${about}; over code, failure, reason, pipeline, step, attempts, failedAt, destination, fingerprint and event`

const format = () =>
  new Option('--format <format>', 'how results are printed')
    .choices(['text', 'json'])
    .default('text')

/** `50/s` or `50`. */
function perSecond(value: string): number {
  const rate = Number(value.replace(/\/s$/, ''))
  if (!(rate > 0 && rate <= 100_000))
    throw new InvalidArgumentError('It is a number of letters a second, 50/s for example.')
  return rate
}

function atLeastOne(value: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('It is a whole number above zero.')
  return number
}
