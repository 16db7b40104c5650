// The commands of `sluice` and their options; what each does is in a file of its own.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { VERSION } from '../core/version.ts'
import type { Composition } from './composition.ts'
import { FLAGS, type Flag } from '../ops/changes.ts'
import { addDlq } from './dlq/commands.ts'
import { EXIT } from './exit.ts'
import { parseFeed, type Feed } from './feed.ts'
import { addInfrastructure } from './infrastructure/commands.ts'
import { addWarm } from './warm/commands.ts'
import { addRecording } from './recording/commands.ts'
import type { RecordingOptions } from './recording/recording.ts'

export interface Program {
  /** Returns the exit code; rejects with a SluiceError. */
  run(argv: readonly string[]): Promise<number>
}

export function createProgram(composition: Composition): Program {
  let code: number = EXIT.ok
  const finish = async (work: Promise<number>) => {
    code = await work
  }
  const program = new Command('sluice')
    .description('Runs an event-driven worker fleet from YAML.')
    .version(VERSION)
    .configureHelp({ showGlobalOptions: true })
    .option('--project <dir>', 'folder that holds pipelines/fleet.yaml (default: the nearest one)')
    .exitOverride()
    .showSuggestionAfterError()
  const add = (name: string, about: string, example: string) =>
    program.command(name).description(about).addHelpText('after', `\nExample:\n  ${example}\n`)
  const project = () => {
    const { project: dir } = program.opts<{ project?: string }>()
    return dir === undefined ? {} : { project: dir }
  }

  add(
    'check',
    'find every mistake before anything starts',
    'npx sluice check --against origin/main',
  )
    .option('--against <git ref>', 'also report what breaks the contracts of that commit')
    .addOption(format())
    .action(async (options: { format: Format; against?: string }) => {
      const { check } = await import('./check.ts')
      await finish(check({ ...project(), ...options }))
    })

  add(
    'run [pipelines...]',
    'run pipelines in this process',
    'npx sluice run predictions --embedded --feed ml_events=events.jsonl --until-idle',
  )
    .option('--embedded', 'use the embedded drivers instead of Kafka, RabbitMQ and Redis', false)
    .option('--built <dir>', 'run what `sluice build` put there; compiles nothing')
    .option(
      '--feed <topic=file>',
      'send the lines of a JSONL file to a topic',
      collectFeeds,
      [] as Feed[],
    )
    .option('--until-idle', 'stop when the sources are empty and everything is settled', false)
    .option('--shadow <file>', 'send nothing: write what would be sent to a file, in a group apart')
    .option('--record <file>', 'write what is sent to a file as well')
    .option('--group <name>', "of a shadow: its consumer group (default: the pipeline's, .shadow)")
    .addOption(
      new Option('--start <where>', 'of a shadow whose group is new: where it begins').choices([
        'earliest',
        'latest',
      ]),
    )
    .option('--ask', 'of a shadow: ask questions for real', false)
    .option(
      '--stores',
      'of a shadow: write to stores for real, which makes a projection anew',
      false,
    )
    .option(
      '--probes <[host:]port>',
      'serve /livez, /readyz and /metrics there (default: a free port on loopback)',
    )
    .addOption(format())
    .action(async (pipelines: string[], options: RunFlags) => {
      const { run } = await import('./run.ts')
      const { feed, ...rest } = options
      await finish(run({ ...project(), ...rest, pipelines, feeds: feed }, composition))
    })

  add(
    'build',
    'put the compiled fleet and its runtime into a folder, for an image',
    'npx sluice build && npx sluice run --built dist',
  )
    .option('--out <dir>', 'the folder, within the project', 'dist')
    .addOption(format())
    .action(async (options: { out: string; format: Format }) => {
      const { build } = await import('./build/build.ts')
      await finish(build({ ...project(), ...options }, composition))
    })

  add(
    'up [workers...]',
    'run the workers of fleet.yaml as processes: started again when they end, rolled to a new plan on SIGHUP',
    'npx sluice up --probes 9400',
  )
    .option('--watch', 'roll to a new plan after each change of the project', false)
    .option(
      '--probes <[host:]port>',
      'serve /livez, /readyz, /readyz/<worker> and /metrics there (default: a free port on loopback)',
    )
    .addOption(new Option('--embedded', 'refused: embedded drivers live in one process').hideHelp())
    .addOption(format('events'))
    .action(async (workers: string[], options: UpFlags) => {
      const { up } = await import('./up/up.ts')
      const { embedded = false, ...rest } = options
      await finish(up({ ...project(), ...rest, embedded, workers }, composition))
    })

  add(
    'top',
    'show every worker process of the fleet, on whatever machine it runs; needs a state store',
    'npx sluice top',
  )
    .addOption(format())
    .action(async (options: { format: Format }) => {
      const { top } = await import('./top/top.ts')
      await finish(top({ ...project(), ...options }, composition))
    })

  // Started by `up` alone.
  program
    .command('work <worker>', { hidden: true })
    .requiredOption('--plan <file>')
    .requiredOption('--host <host>')
    .requiredOption('--replica <n>', 'from 1', wholeNumber)
    .action(async (worker: string, options: { plan: string; host: string; replica: number }) => {
      const { work } = await import('./up/work.ts')
      await finish(work({ ...options, worker }, composition))
    })

  add(
    'dev [pipelines...]',
    'run pipelines and put each change of YAML, schemas and handlers in their place',
    'npx sluice dev predictions --embedded --feed ml_events=events.jsonl',
  )
    .option('--embedded', 'use the embedded drivers instead of Kafka, RabbitMQ and Redis', false)
    .option(
      '--feed <topic=file>',
      'send the lines of a JSONL file to a topic, anew after each change',
      collectFeeds,
      [] as Feed[],
    )
    .action(async (pipelines: string[], options: { embedded: boolean; feed: Feed[] }) => {
      const { dev } = await import('./dev.ts')
      const { feed, embedded } = options
      await finish(dev({ ...project(), embedded, pipelines, feeds: feed }, composition))
    })

  add(
    'test [pipelines-or-files...]',
    'run the cases of pipelines/*.test.yaml, in virtual time and without brokers',
    'npx sluice test predictions --name cache',
  )
    .option(
      '--real',
      'run them on the brokers of the environment, under a prefix of their own',
      false,
    )
    .option('--watch', 'run them again whenever a file of the project changes', false)
    .option('--name <pattern>', 'only cases whose names match a regular expression')
    .option('--junit <file>', 'write the results as JUnit XML to a file as well')
    .addOption(format())
    .action(async (asked: string[], { watch, ...options }: TestFlags) => {
      if (watch) {
        const { watchTests } = await import('./test-watch.ts')
        return finish(watchTests({ ...project(), ...options, asked }, composition))
      }
      const { test } = await import('./test.ts')
      return finish(test({ ...project(), ...options, asked }, composition))
    })

  add(
    'simulate [pipelines...]',
    'run pipelines through crashes, rebalances and outages, and judge what they did',
    'npx sluice simulate predictions --seeds 200',
  )
    .option('--seeds <n>', 'how many schedules', wholeNumber, 100)
    .option('--seed <n>', 'the first seed', wholeNumber, 1)
    .option('--messages <n>', 'messages of a schedule', wholeNumber, 100)
    .option('--faults <kinds>', 'only these, separated by commas (default: all)')
    .option(
      '--keep <names>',
      'of the schedule only these messages and faults, as a failure names them',
    )
    .option('--steps', 'print what happens, line by line')
    .addOption(format())
    .action(async (pipelines: string[], options: SimulateFlags) => {
      const { simulatePipelines } = await import('./simulate.ts')
      await finish(simulatePipelines({ ...project(), ...options, pipelines }, composition))
    })

  add(
    'send <topic> [value]',
    'send one message to a topic, or the lines of a file',
    `npx sluice send ml_events --key user-1 '{"event_id":"e1", …}'`,
  )
    .option('--key <key>', 'the key of the message')
    .option('--header <name=value>', 'a header of the message', collect, [] as string[])
    .option('--file <jsonl>', 'send the lines of a feed file instead of a value')
    .addOption(format())
    .action(async (topic: string, value: string | undefined, options: SendFlags) => {
      const { send } = await import('./send.ts')
      await finish(
        send(
          { ...project(), ...options, topic, ...(value === undefined ? {} : { value }) },
          composition,
        ),
      )
    })

  add(
    'plan',
    'show how topics, exchanges, queues and bindings differ from fleet.yaml',
    'npx sluice plan --out fleet.plan',
  )
    .addOption(allow())
    .option('--out <file>', 'save the plan for `sluice apply --plan`')
    .option('--check', 'exit 1 when there is anything to change', false)
    .addOption(format())
    .action(async (options: PlanFlags) => {
      const { plan } = await import('./plan.ts')
      await finish(plan({ ...project(), ...options }, composition))
    })

  add(
    'apply',
    'make the brokers what fleet.yaml declares; what would lose messages or their order is refused',
    'npx sluice apply --yes',
  )
    .option('--plan <file>', 'do what this saved plan says, and nothing if the brokers differ now')
    .addOption(allow())
    .option('--yes', 'do not ask', false)
    .addOption(format())
    .action(async (options: ApplyFlags) => {
      const { apply } = await import('./apply.ts')
      await finish(apply({ ...project(), ...options }, composition))
    })

  add(
    'explain [pipeline-or-code]',
    'say what holds for a pipeline, or in the whole configuration, and where each value comes from; or what a code means',
    'npx sluice explain predictions; npx sluice explain --config; npx sluice explain SLU0330',
  )
    .option('--config', 'everything of fleet.yaml and the environment, with what is wrong', false)
    .addOption(format())
    .action(async (what: string | undefined, options: { config: boolean; format: Format }) => {
      const { explain } = await import('./explain.ts')
      await finish(explain({ ...project(), ...options, what }, composition))
    })

  add(
    'graph [pipelines...]',
    'print what flows where, as a Mermaid flowchart or as JSON',
    'npx sluice graph > fleet.mmd',
  )
    .addOption(
      new Option('--format <format>', 'how it is printed')
        .choices(['mermaid', 'json'])
        .default('mermaid'),
    )
    .action(async (pipelines: string[], options: { format: 'mermaid' | 'json' }) => {
      const { graph } = await import('./graph.ts')
      await finish(graph({ ...project(), ...options, pipelines }, composition.log))
    })

  add('types', 'write the types of schemas into workers/generated/', 'npx sluice types --check')
    .option('--check', 'write nothing; fail when a file is out of date', false)
    .action(async (options: { check: boolean }) => {
      const { types } = await import('./types.ts')
      await finish(types({ ...project(), ...options }))
    })

  addInfrastructure(program, { composition, project, finish })
  addWarm(program, { composition, project, finish })
  addRecording(program, { composition, project, finish })
  addDlq(program, { composition, project, finish })

  add('demo', 'run every pipeline on the embedded drivers with made-up traffic', 'npm start')
    .option('--rate <messages>', 'messages a second', Number, 250)
    .option('--seconds <n>', 'stop by itself after so long', Number)
    .action(async (options: { rate: number; seconds?: number }) => {
      const { demo } = await import('./demo.ts')
      await finish(demo({ ...project(), ...options }, composition))
    })

  return {
    async run(argv) {
      try {
        await program.parseAsync([...argv])
        return code
      } catch (error) {
        // Commander has said what is wrong; help and version are not failures.
        if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
        throw error
      }
    },
  }
}

type Format = 'text' | 'json'

interface RunFlags extends RecordingOptions {
  embedded: boolean
  built?: string
  feed: Feed[]
  untilIdle: boolean
  probes?: string
  format: Format
}

interface UpFlags {
  watch: boolean
  probes?: string
  embedded?: boolean
  format: Format
}

interface TestFlags {
  real: boolean
  watch: boolean
  name?: string
  junit?: string
  format: Format
}

interface SimulateFlags {
  seeds: number
  seed: number
  messages: number
  faults?: string
  keep?: string
  steps?: true
  format: Format
}

interface PlanFlags {
  allow: Flag[]
  out?: string
  check: boolean
  format: Format
}

interface ApplyFlags {
  allow: Flag[]
  plan?: string
  yes: boolean
  format: Format
}

interface SendFlags {
  key?: string
  header: string[]
  file?: string
  format: Format
}

const format = (what = 'results') =>
  new Option('--format <format>', `how ${what} are printed`)
    .choices(['text', 'json'])
    .default('text')

const allow = () =>
  new Option(
    '--allow <risk>',
    'do also what is refused otherwise: more partitions, less retention, delete and make anew, unbind, unschedule; repeatable',
  )
    .choices(FLAGS)
    .argParser((value: string, before: Flag[]) => [...before, flagOf(value)])
    .default([])

function flagOf(value: string): Flag {
  const known = FLAGS.find((flag) => flag === value)
  if (known === undefined) throw new InvalidArgumentError(`It is one of: ${FLAGS.join(', ')}.`)
  return known
}

function wholeNumber(value: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('It is a whole number above zero.')
  return number
}

const collect = (value: string, before: string[]) => [...before, value]
const collectFeeds = (value: string, before: Feed[]) => [...before, parseFeed(value)]
