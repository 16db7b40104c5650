// The command that fills caches before anybody asks; what it does is in a file of its own.
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Composition } from '../composition.ts'
import type { WarmOptions } from './warm.ts'

export interface WarmCommandParts {
  readonly composition: Composition
  readonly project: () => { project?: string }
  readonly finish: (work: Promise<number>) => Promise<void>
}

export function addWarm(
  program: Command,
  { composition, project, finish }: WarmCommandParts,
): void {
  program
    .command('warm <pipeline>')
    .description(
      'fill the caches of a pipeline by what its topic holds, or by a file; nothing is taken, nothing sent',
    )
    .addHelpText('after', '\nExample:\n  npx sluice warm predictions --last 5000\n')
    .option('--feed <file>', 'messages of a JSONL file instead of those of the topic')
    .option('--last <count>', 'of each partition, the newest so many', whole, 1_000)
    .option('--at-once <count>', 'messages at work', whole, 32)
    .addOption(new Option('--format <format>').choices(['text', 'json']).default('text'))
    .action(async (pipeline: string, options: Omit<WarmOptions, 'pipeline' | 'project'>) => {
      const { warm } = await import('./warm.ts')
      await finish(warm({ ...project(), ...options, pipeline }, composition))
    })
}

function whole(text: string): number {
  const number = Number(text)
  if (!/^\d{1,7}$/.test(text) || number < 1)
    throw new InvalidArgumentError('It must be a whole number from 1 to 9999999.')
  return number
}
