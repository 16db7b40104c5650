// `npm run bench:language`: how long `sluice check` takes on a fleet of 50 pipelines and 500 expressions, and how fast a compiled `when` is.
// Arguments: [--pipelines N] [--rounds N].
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { buildModules } from '../../workers/compile/build.ts'
import { compileFleet } from '../../workers/compile/compile.ts'
import { checkTypes } from '../../workers/compile/types/check.ts'
import type { FleetPlan } from '../../workers/core/plan.ts'
import { pipeline, writeLargeFleet } from '../support/large-fleet.ts'
import { aim, median } from './report.ts'

const { values } = parseArgs({
  options: {
    pipelines: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '5' },
  },
})
const pipelines = Number(values.pipelines)
const rounds = Number(values.rounds)
const sluice = fileURLToPath(new URL('../../bin/sluice.js', import.meta.url))

const root = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
try {
  writeLargeFleet(root, pipelines)
  const times = { cold: [] as number[], again: [] as number[], changed: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    rmSync(join(root, '.sluice'), { recursive: true, force: true })
    times.cold.push(run('check', '--project', root))
    times.again.push(run('check', '--project', root))
  }
  // As `dev` does: in a process that has looked at the project before.
  await rebuild()
  for (let round = 0; round < rounds; round++) {
    writeFileSync(join(root, 'pipelines/billing-0.yaml'), pipeline(1_000 + round, 0))
    times.changed.push(await rebuild())
  }
  process.stdout.write(
    `${pipelines} pipelines, ${pipelines * 10} expressions, median of ${rounds} rounds\n\n`,
  )
  const lines = [
    aim('check, cold, s', median(times.cold) / 1_000, '<=', 2.5),
    aim('check, nothing changed, s', median(times.again) / 1_000, '<=', 2.5),
    aim('one pipeline changed, in dev, s', median(times.changed) / 1_000, '<=', 0.5),
    aim('compiled when, million evaluations/s', await evaluations(), '>=', 20),
  ]
  process.stdout.write(lines.map(({ text }) => text).join(''))
  process.exitCode = lines.every(({ met }) => met) ? 0 : 1
} finally {
  rmSync(root, { recursive: true })
}

/** Milliseconds; the whole process, as it is typed. */
function run(...args: string[]): number {
  const before = performance.now()
  const { status, stdout } = spawnSync(process.execPath, [sluice, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stdout}`)
  return performance.now() - before
}

/** Milliseconds. */
async function rebuild(): Promise<number> {
  const before = performance.now()
  const checked = await checkTypes(compileFleet(root))
  if (checked?.plan === undefined) throw new Error('the fleet has a mistake')
  return performance.now() - before
}

/** Million evaluations a second of `event.data.kind === 'placed' && event.data.total > 0`, over events that differ. */
async function evaluations(): Promise<number> {
  const { plan, modules } = compileFleet(root)
  const name = 'billing-1'
  const file = buildModules({ plan: plan as FleetPlan, modules }, [name])[name] as string
  const { accepts } = (await import(pathToFileURL(file).href)) as {
    accepts: (event: unknown) => boolean
  }
  const events = Array.from({ length: 1_024 }, (_, n) => ({
    id: `e${n}`,
    key: `k${n}`,
    data: { kind: n % 3 === 0 ? 'placed' : 'returned', total: n % 5 },
  }))
  const rates: number[] = []
  let accepted = 0
  for (let round = 0; round < rounds; round++) {
    const before = performance.now()
    for (let n = 0; n < 20_000_000; n++) if (accepts(events[n & 1_023])) accepted++
    rates.push(20_000 / (performance.now() - before))
  }
  if (accepted === 0) throw new Error('nothing was accepted: the loop measures nothing')
  return median(rates)
}
