// `npm run bench`: the flow of the README against hand-written loops, in one run on one machine, reported as ratios.
// Arguments: [--messages N] [--rounds N] [--memory N].
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { WORKER_OPTIONS } from '../../bin/node-options.js'
import { ensureBrokers } from '../../infra/brokers/index.ts'
import type { Measured } from './contenders/meter.ts'
import { prepare } from './prepare.ts'
import { median, row, verdicts, type Figures } from './report.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '60000' },
    rounds: { type: 'string', default: '3' },
    memory: { type: 'string', default: '1000000' },
  },
})
const messages = Number(values.messages)
const rounds = Number(values.rounds)
const waiting = Number(values.memory)
const run = promisify(execFile)

async function contender(
  name: string,
  args: readonly (string | number)[],
  client = 'kafkajs',
): Promise<Measured> {
  const file = resolve(import.meta.dirname, 'contenders', `${name}.ts`)
  // Ours as `npx sluice` starts it, the loops as `node loop.js` starts them.
  const options = name === 'sluice' || name === 'embedded' ? WORKER_OPTIONS : []
  const { stdout } = await run(process.execPath, [...options, file, ...args.map(String)], {
    maxBuffer: 1 << 26,
    env: { ...process.env, KAFKA_CLIENT: client },
  })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null') as Measured
}

const brokers = await ensureBrokers()
Object.assign(process.env, brokers.env)
try {
  const seen: Record<string, Measured[]> = {}
  for (let round = 0; round < rounds; round++) {
    // Each contender gets topics of its own: nobody reads what another has warmed up. Order turns from round to round.
    const order = ['each-message', 'each-batch', 'sluice', 'platformatic']
    const turn = round % order.length
    for (const name of [...order.slice(turn), ...order.slice(0, turn)]) {
      // The slow loop shows its speed on fewer messages.
      const count = name === 'each-message' ? Math.ceil(messages / 6) : messages
      const prefix = await prepare(count)
      const measured =
        name === 'platformatic'
          ? await contender('sluice', [prefix, count], name)
          : await contender(name, [prefix, count])
      ;(seen[name] ??= []).push(measured)
    }
    ;(seen['embedded'] ??= []).push(await contender('embedded', [messages * 4]))
  }
  const prefix = await prepare(waiting)
  const memory = {
    sluice: (await contender('sluice', [prefix, messages])).peakMiB,
    platformatic: (await contender('sluice', [prefix, messages], 'platformatic')).peakMiB,
    eachBatch: (await contender('each-batch', [prefix, messages])).peakMiB,
  }
  const figures: Figures = {
    eachMessage: summary(seen['each-message'] ?? []),
    eachBatch: summary(seen['each-batch'] ?? []),
    sluice: summary(seen['sluice'] ?? []),
    platformatic: summary(seen['platformatic'] ?? []),
    embedded: summary(seen['embedded'] ?? []),
    memory,
  }
  process.stdout.write(
    `\n${messages} messages of about 500 bytes, 4 partitions, median of ${rounds} rounds\n`,
  )
  for (const name of ['eachMessage', 'eachBatch', 'sluice', 'platformatic', 'embedded'] as const)
    process.stdout.write(row(name, figures[name]))
  const lines = verdicts(figures)
  process.stdout.write(`\n${lines.map(({ text }) => text).join('')}`)
  process.exitCode = lines.every(({ met }) => met) ? 0 : 1
} finally {
  await brokers.stop()
}

function summary(runs: readonly Measured[]): { rate: number; cpu: number } {
  return {
    rate: median(runs.map(({ messages: n, seconds }) => n / seconds)),
    cpu: median(runs.map(({ cpuPerMessage }) => cpuPerMessage)),
  }
}
