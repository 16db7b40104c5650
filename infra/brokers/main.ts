// `npm run brokers -- up|down|status`: stdout carries the answer and nothing else.
import { parseArgs } from 'node:util'
import { asError, SluiceError } from '../../workers/core/errors.ts'
import { down, status, up } from './set.ts'
import type { Env } from './set.ts'

const USAGE = `npm run brokers -- up|down|status [--format json]

  up      start Kafka, RabbitMQ and Redis on this machine, or find them running; print their variables
  down    stop them and remove their data
  status  print what runs

  eval "$(npm run --silent brokers -- up)"`

process.exitCode = await main(process.argv.slice(2)).catch((thrown: unknown) => {
  const error = asError(thrown)
  if (error instanceof SluiceError) {
    say(`${error.code}: ${error.message}\n${error.fix}`)
    return 3
  }
  say(error.stack ?? error.message)
  return 1
})

async function main(args: readonly string[]): Promise<number> {
  const parsed = parse(args)
  if (parsed === undefined) {
    say(USAGE)
    return 2
  }
  const { command, json } = parsed
  switch (command) {
    case 'up':
      print(shown((await up({ pin: true, say })).env, json))
      return 0
    case 'down': {
      const ended = (await down()).map(({ name }) => name)
      print(json ? JSON.stringify({ ended }) : `ended: ${ended.join(', ') || 'nothing ran'}`)
      return 0
    }
    case 'status': {
      const brokers = await status()
      const lines = brokers.map((b) => `${b.name}  ${b.status}  port ${b.port}  pid ${b.pid}`)
      print(json ? JSON.stringify({ brokers }) : lines.join('\n') || 'nothing runs')
      return 0
    }
    case 'help':
      print(USAGE)
      return 0
  }
}

type Command = 'up' | 'down' | 'status' | 'help'

function parse(args: readonly string[]): { command: Command; json: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { format: { type: 'string' }, help: { type: 'boolean' } },
    })
    if (values.help === true) return { command: 'help', json: false }
    const [command, ...rest] = positionals
    if (command !== 'up' && command !== 'down' && command !== 'status') return undefined
    if (rest.length > 0 || (values.format !== undefined && values.format !== 'json')) {
      return undefined
    }
    return { command, json: values.format === 'json' }
  } catch {
    return undefined
  }
}

function shown(env: Env, json: boolean): string {
  if (json) return JSON.stringify(env)
  return Object.entries(env)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`)
    .join('\n')
}

function print(text: string): void {
  process.stdout.write(text + '\n')
}

function say(line: string): void {
  process.stderr.write(line + '\n')
}
