// Measures `sluice check` as a process on a fleet of 50 pipelines and 500 expressions: cold, unchanged, and with one pipeline changed.
// node test/bench/check.ts [--pipelines N] [--rounds N]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { pipeline, writeLargeFleet } from '../support/large-fleet.ts'

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
  const figures = { cold: [] as number[], unchanged: [] as number[], changed: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    rmSync(join(root, '.sluice'), { recursive: true, force: true })
    figures.cold.push(check())
    figures.unchanged.push(check())
    writeFileSync(join(root, 'pipelines/billing-0.yaml'), pipeline(1_000 + round, 0))
    figures.changed.push(check())
  }
  process.stdout.write(`${pipelines} pipelines, ${pipelines * 10} expressions, ${rounds} rounds\n`)
  for (const [what, times] of Object.entries(figures)) {
    const [least = 0] = times.toSorted((a, b) => a - b)
    const middle = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
    process.stdout.write(
      `${what.padEnd(10)} median ${middle.toFixed(0)} ms, least ${least.toFixed(0)} ms\n`,
    )
  }
} finally {
  rmSync(root, { recursive: true })
}

/** Milliseconds; the whole process, as it is typed. */
function check(): number {
  const before = performance.now()
  const { status, stdout } = spawnSync(process.execPath, [sluice, 'check', '--project', root], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`check ended with ${status}:\n${stdout}`)
  return performance.now() - before
}
