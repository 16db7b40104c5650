// A message that ends its process, on real brokers: found while it is the only one at work, given up, and everybody else gets through in order.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { produce, readTopic } from './support/brokers-io.ts'
import { startFleet, type FleetRun } from './support/fleet-run.ts'
import { makeLoad } from './support/load.ts'
import { judge } from './support/verdict.ts'
import { FLEET, sluice, type Running } from './support/worker-process.ts'

let fleet: FleetRun
let project: string
const started: Running[] = []
beforeEach(async () => {
  fleet = await startFleet()
  // Beside the fleet: handlers name the product by relative paths.
  project = await mkdtemp(join(import.meta.dirname, 'tmp-'))
  await cp(FLEET, project, { recursive: true })
  await edit(
    'workers/handlers/settle.ts',
    '  await',
    `  if (fault === 'deadly') process.abort()\n  await`,
  )
  await edit('schemas/events/request.json', '"permanent"', '"permanent", "deadly"')
})
afterEach(async () => {
  for (const { child } of started) child.kill('SIGTERM')
  await Promise.all(started.splice(0).map(({ finished }) => finished))
  await fleet.end()
  await rm(project, { recursive: true })
})

async function edit(file: string, from: string | RegExp, to: string): Promise<void> {
  const path = join(project, file)
  const text = await readFile(path, 'utf8')
  const edited = text.replace(from, to)
  expect(edited).not.toBe(text)
  await writeFile(path, edited)
}

test('run again and again by whoever restarts it: three ends under its own marker, and the others get through', async () => {
  const load = makeLoad({
    events: 3_000,
    keys: 50,
    malformed: 0.01,
    transient: 0.01,
    permanent: 0,
    filtered: 0.05,
  })
  // It sends nothing before it dies.
  const at = load.findIndex(({ fate, score }, n) => n > 1_000 && fate === 'scored' && score < 0.9)
  const deadly = load[at] as (typeof load)[number]
  const value = { ...(JSON.parse(String(deadly.value)) as object), fault: 'deadly' }
  load[at] = { ...deadly, fate: 'permanent', value: Buffer.from(JSON.stringify(value)) }
  await produce(`${fleet.prefix}requests`, load)

  let deaths = 0
  for (let over = false; !over;) {
    const worker = sluice(['run', 'scoring', '--project', project, '--until-idle'], {
      SLUICE_PREFIX: fleet.prefix,
      NO_COLOR: '1',
    })
    started.push(worker)
    const { code, signal, stderr } = await worker.finished
    over = code === 0
    if (!over) expect({ signal, stderr }).toMatchObject({ signal: 'SIGABRT' })
    deaths += over ? 0 : 1
  }
  const letters = await readTopic(`${fleet.prefix}requests.dlq`)
  const own = letters.filter(({ headers }) => String(headers['sluice-dlq-code']) === 'SLU5520')
  expect(own.map(({ value: bytes }) => String(bytes))).toEqual([JSON.stringify(value)])
  expect(String(own[0]?.headers['sluice-dlq-class'])).toBe('defect')
  // Two that nobody could tell apart from a kill, three under its marker.
  expect(deaths).toBe(5)
  const verdict = await judge(fleet.prefix, load)
  expect(verdict).toMatchObject({ lost: [], invented: [], disordered: [] })
  expect(verdict.repeats.results).toBeLessThanOrEqual(deaths * 2 * 256)
})
