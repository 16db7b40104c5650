// `sluice up` on real brokers: a worker killed and the fleet rolled while effects flow; nothing lost, keys in order, and what does not become ready takes no place.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { committed, produce, topicSize } from './support/brokers-io.ts'
import { startFleet, type FleetRun } from './support/fleet-run.ts'
import { makeLoad } from './support/load.ts'
import { judge } from './support/verdict.ts'
import { FLEET, sluice, until, type Running } from './support/worker-process.ts'

let fleet: FleetRun
let project: string
let running: Running
beforeEach(async () => {
  fleet = await startFleet()
  // Beside the fleet: handlers name the product by relative paths.
  project = await mkdtemp(join(import.meta.dirname, 'tmp-'))
  await cp(FLEET, project, { recursive: true })
  await edit('pipelines/fleet.yaml', 'replicas: 1', 'replicas: 2')
  running = sluice(['up', '--project', project], { SLUICE_PREFIX: fleet.prefix, NO_COLOR: '1' })
})
afterEach(async () => {
  running.child.kill('SIGTERM')
  await running.finished
  await fleet.end()
  await rm(project, { recursive: true })
})

async function edit(file: string, from: string, to: string): Promise<void> {
  const path = join(project, file)
  const text = await readFile(path, 'utf8')
  expect(text).toContain(from)
  await writeFile(path, text.replace(from, to))
}

/** Of the latest process in a seat. */
const pidOf = (seat: string) =>
  Number(
    [...running.stderr().matchAll(new RegExp(`"worker":"${seat}","process":(\\d+)`, 'g'))].at(
      -1,
    )?.[1],
  )

const ready = async (times: number) => {
  for (let n = 0; n < times; n++) await running.said(/A worker is ready/)
}

test('a kill and a roll under load', async () => {
  const load = makeLoad({
    events: 30_000,
    keys: 500,
    malformed: 0.01,
    transient: 0.01,
    permanent: 0,
    filtered: 0.05,
  })
  await ready(2)
  await produce(`${fleet.prefix}requests`, load)
  const results = () => topicSize(`${fleet.prefix}results`)
  await until('effects flow', async () => (await results()) > 3_000)
  const killed = pidOf('proof/2')
  process.kill(killed, 'SIGKILL')
  await running.said(/SLU1170/)
  await ready(1)
  expect(pidOf('proof/2')).not.toBe(killed)

  await edit('pipelines/scoring.yaml', 'concurrency: 256', 'concurrency: 128')
  running.child.kill('SIGHUP')
  await running.said(/The fleet has rolled/)
  const done = () => committed(`${fleet.prefix}scoring`, `${fleet.prefix}requests`)
  await until('everything is settled', async () => (await done()) === load.length)
  running.child.kill('SIGTERM')
  const { code, stderr } = await running.finished
  expect({ code, warnings: stderr.match(/SLU117[1-5]/g) }).toEqual({ code: 0, warnings: null })
  const verdict = await judge(fleet.prefix, load)
  expect(verdict).toMatchObject({ lost: [], invented: [], disordered: [] })
  expect(verdict.repeats.results).toBeLessThanOrEqual(2 * 256)
})

test('a plan whose processes do not run stops the roll: the old ones stay, until it is mended', async () => {
  await ready(2)
  const before = [pidOf('proof/1'), pidOf('proof/2')]
  await edit(
    'workers/handlers/settle.ts',
    'export default',
    `throw new Error('no model')\nexport default`,
  )
  running.child.kill('SIGHUP')
  await running.said(/SLU1005[^]*SLU1174/)
  for (const pid of before) expect(process.kill(pid, 0)).toBe(true)

  await edit('workers/handlers/settle.ts', `throw new Error('no model')`, '// a model')
  running.child.kill('SIGHUP')
  await running.said(/The fleet has rolled/)
  for (const pid of before) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})
