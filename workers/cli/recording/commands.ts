// The commands around moving to Sluice: comparing recorded runs, and load; what each does is in a file of its own.
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Composition } from '../composition.ts'

export interface RecordingCommandParts {
  readonly composition: Composition
  readonly project: () => { project?: string }
  readonly finish: (work: Promise<number>) => Promise<void>
}

type Format = 'text' | 'json'

export function addRecording(program: Command, { finish }: RecordingCommandParts): void {
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
}

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

const format = () =>
  new Option('--format <format>', 'how results are printed')
    .choices(['text', 'json'])
    .default('text')
