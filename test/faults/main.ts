// `npm run faults`: real processes on real brokers under real faults, and an account of every message.
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { writeGuarantees } from './guarantees.ts'
import { matrix } from './matrix/scenarios.ts'
import { PROFILES } from './profile.ts'
import { runScenario, sideBySide, type Result } from './runner.ts'
import type { Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios/index.ts'
import { pairs } from './scenarios/pairs.ts'
import { startBrokers } from './stage/brokers.ts'

const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'ci' },
    only: { type: 'string' },
    format: { type: 'string', default: 'text' },
    write: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    results: { type: 'string' },
  },
})
if (values.profile !== 'ci' && values.profile !== 'nightly') {
  console.error(`there is no profile ${values.profile}: ci or nightly`)
  process.exit(2)
}
const profile = { ...PROFILES[values.profile], seed: Number(values.seed) }
const only = values.only?.split(',')
/** `F8` is all of a fault, anything else a part of a scenario's title. */
const chosen = [...matrix(profile), ...SCENARIOS, ...pairs(profile)].filter(
  ({ fault, name }) =>
    only === undefined ||
    only.some((word) => (/^F\d+$/.test(word) ? word === fault : `${fault} ${name}`.includes(word))),
)
const from = performance.now()
const say = (line: string) => {
  const seconds = String(Math.round((performance.now() - from) / 1_000)).padStart(4)
  process.stderr.write(`${seconds} s  ${line}\n`)
}

const command = `npm run faults -- ${process.argv.slice(2).join(' ')}`
const date = new Date().toISOString().slice(0, 10)
const seen: Result[] = []
let written = Promise.resolve()
/** Whoever breaks a long run off keeps what it has shown. */
function keep(result: Result): Result {
  seen.push(result)
  if (values.write)
    written = written.then(() => writeGuarantees({ command, date, results: [...seen] }))
  return result
}

const brokers = await startBrokers()
Object.assign(process.env, brokers.env)
say('the brokers are up')
let results: Result[]
try {
  const parts = { profile, brokers, say }
  const run = async (scenario: Scenario) => keep(await runScenario(scenario, parts))
  const of = (harms: string) => chosen.filter((scenario) => scenario.harms === harms)
  results = [
    ...(await sideBySide(of('workers'), 3, run)),
    ...(await sideBySide(of('brokers'), 1, run)),
  ]
} finally {
  await brokers.stop()
  await written
}
const failed = results.filter(({ failures }) => failures.length > 0)
if (values.format === 'json')
  console.log(JSON.stringify({ version: 1, profile: profile.name, results }))
say(`${results.length - failed.length} passed, ${failed.length} failed`)
if (values.results !== undefined)
  await writeFile(
    values.results,
    JSON.stringify({
      numPassedTests: results.length - failed.length,
      numFailedTests: failed.length,
    }),
  )
process.exit(failed.length > 0 ? 1 : 0)
