// The commands around moving to Sluice: comparing recorded runs, and load; what each does is in a file of its own.
import { DURATION_PATTERN } from '../../compile/units.ts'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Composition } from '../composition.ts'
import type { LoadOptions } from '../load/load.ts'

export interface RecordingCommandParts {
  readonly composition: Composition
  readonly project: () => { project?: string }
  readonly finish: (work: Promise<number>) => Promise<void>
}

type Format = 'text' | 'json'

export function addRecording(
  program: Command,
  { composition, project, finish }: RecordingCommandParts,
): void {
  program
    .command('diff <a> <b>')
    .description('compare two recorded runs message by message: 0 equal, 1 different')
    .addHelpText(
      'after',
      '\nExample:\n  npx sluice diff live.jsonl shadow.jsonl --ignore value.computed_at\n',
    )
    .option('--ignore <path>', 'what may differ in effects; * is any name; repeatable', all, [])
    .addOption(
      new Option(
        '--by <what>',
        'what tells messages apart: where they stand on the source, or their ids',
      )
        .choices(['message', 'id'])
        .default('message'),
    )
    .option('--common', 'pass over messages that only one of them tells of', false)
    .option('--limit <n>', 'how many differences are told in full', wholeNumber, 20)
    .addOption(format())
    .action(async (a: string, b: string, options: DiffFlags) => {
      const { diff } = await import('./diff.ts')
      await finish(Promise.resolve(diff({ a, b, ...options })))
    })

  program
    .command('load <pipeline>')
    .description(
      'send made-up messages to a running pipeline at a rate, and judge what came of them',
    )
    .addHelpText(
      'after',
      '\nExample:\n  npx sluice load predictions --rate 500/s --for 30s --p99 200ms\n',
    )
    .option('--rate <n/s>', 'messages a second, whatever becomes of those before', perSecond, 100)
    .option('--for <duration>', 'how long', duration, '30s')
    .option('--ramp <duration>', 'how long the rate grows before that; not judged', duration, '0s')
    .option('--drain <duration>', 'how long to wait for what was sent to be done', duration, '30s')
    .option('--like <jsonl>', 'a feed of examples (default: made up from the schema)')
    .option('--keys <n>', 'different keys, where messages are made up', wholeNumber, 100)
    .option('--seed <n>', 'what is made up', wholeNumber, 1)
    .option('--p50 <duration>', 'half of the answers come within', duration)
    .option('--p95 <duration>', '95 % of them', duration)
    .option('--p99 <duration>', '99 % of them', duration)
    .option('--max <duration>', 'all of them', duration)
    .option('--lag <n>', 'messages that may be left in the end', wholeNumber, 0)
    .option('--dead-letters <n>', 'dead letters that may come of it', wholeNumber, 0)
    .option('--yes', 'in production, too', false)
    .addOption(format())
    .action(async (pipeline: string, options: LoadFlags) => {
      const { load } = await import('../load/load.ts')
      await finish(load({ ...project(), pipeline, ...options }, composition))
    })
}

type LoadFlags = Omit<LoadOptions, 'project' | 'pipeline'>

interface DiffFlags {
  ignore: string[]
  by: 'message' | 'id'
  common: boolean
  limit: number
  format: Format
}

const all = (value: string, before: string[]): string[] => [...before, value]

function wholeNumber(value: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number) || number < 0)
    throw new InvalidArgumentError('It is a whole number.')
  return number
}

function perSecond(value: string): number {
  const rate = Number(value.replace(/\/s$/, ''))
  if (rate > 0 && rate <= 1_000_000) return rate
  throw new InvalidArgumentError('It is a number of messages a second, 500/s for example.')
}

function duration(value: string): string {
  if (new RegExp(DURATION_PATTERN).test(value)) return value
  throw new InvalidArgumentError('It is a duration: 200ms, 30s, 5m.')
}

const format = () =>
  new Option('--format <format>', 'how results are printed')
    .choices(['text', 'json'])
    .default('text')
