// The main job on real brokers: every event ends in exactly one place, each effect once, each key in order.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { committed, produce } from './support/brokers-io.ts'
import { startFleet, type FleetRun } from './support/fleet-run.ts'
import { makeLoad, type LoadEvent } from './support/load.ts'
import { judge } from './support/verdict.ts'
import type { RunReport } from '../../workers/cli/summary.ts'

let fleet: FleetRun
beforeEach(async () => {
  fleet = await startFleet()
})
afterEach(() => fleet.end())

const count = (load: readonly LoadEvent[], fate: LoadEvent['fate']) =>
  load.filter((event) => event.fate === fate).length

describe('the main job', () => {
  test('50,000 events with failures of every class: produced = acked + filtered + deadLettered, each effect once, in order', async () => {
    const load = makeLoad({
      events: 50_000,
      keys: 500,
      malformed: 0.01,
      transient: 0.01,
      permanent: 0.002,
      filtered: 0.05,
    })
    await produce(`${fleet.prefix}requests`, load)
    const worker = fleet.worker(['--until-idle', '--format', 'json'])
    const { code, stdout, stderr } = await worker.finished
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    const report = JSON.parse(stdout) as RunReport
    const dead = count(load, 'malformed') + count(load, 'permanent')
    const acked = load.filter(({ fate }) => fate === 'scored')
    expect(report.pipelines['scoring']).toMatchObject({
      accepted: load.length,
      acked: acked.length,
      filtered: count(load, 'filtered'),
      deadLettered: dead,
      duplicates: 0,
      parked: 0,
    })
    expect(report.pipelines['scoring']?.retried).toBeGreaterThan(0)
    expect(report.sent).toEqual({
      alerts: acked.filter(({ score }) => score > 0.9).length,
      results: acked.length,
      'requests.dlq': dead,
    })
    expect(report.caches['scores']?.loads).toBe(new Set(acked.map(({ cacheKey }) => cacheKey)).size)
    expect(await committed(`${fleet.prefix}scoring`, `${fleet.prefix}requests`)).toBe(load.length)
    expect(await judge(fleet.prefix, load)).toEqual({
      lost: [],
      invented: [],
      repeats: { results: 0, alerts: 0, letters: 0 },
      disordered: [],
    })
  })
})
