// A process that ends by itself: started again at growing pauses, unless its configuration is what is wrong; loops and silence are said aloud.
import { expect, it } from 'vitest'
import { SILENT_MS } from '../../../workers/runtime/fleet/occupant.ts'
import { STEADY_MS } from '../../../workers/runtime/fleet/restarts.ts'
import { GRACE_MS, kinds, supervised } from './support.ts'

const ONE = { billing: 1 }

it('is started again after pauses that double up to a cap, and start small again after a steady life', async () => {
  const { fleet, version, processes, last, clock } = supervised()
  fleet.start(version('v1', ONE))
  const pauses: number[] = []
  const endAfter = async (livedMs: number) => {
    last().says('pass')
    await clock.advance(livedMs)
    const { length } = processes
    const endedAt = clock.monotonic()
    last().ends(1)
    await clock.advance(0)
    await clock.advance(clock.untilNext() ?? 0)
    expect(processes).toHaveLength(length + 1)
    pauses.push(last().startedAt - endedAt)
  }
  for (let times = 0; times < 8; times++) await endAfter(10)
  await endAfter(STEADY_MS)
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 500])
})

it('comes back earlier by chance, at most by half', async () => {
  const { fleet, version, processes, last, clock } = supervised(0)
  fleet.start(version('v1', ONE))
  last().ends(null, 'SIGSEGV')
  await clock.advance(249)
  expect(processes).toHaveLength(1)
  await clock.advance(1)
  expect(processes).toHaveLength(2)
})

it('says a crash loop once, and is not ready until one has lived', async () => {
  const { fleet, version, events, last, clock } = supervised()
  fleet.start(version('v1', ONE))
  for (let times = 0; times < 7; times++) {
    last().ends(134)
    await clock.advance(30_001)
  }
  expect(events.filter(({ kind }) => kind === 'crash-loop')).toEqual([
    { kind: 'crash-loop', worker: 'billing', replica: 1, pid: 104, failures: 5 },
  ])
  expect(fleet.checks()).toMatchObject([{ status: 'fail', detail: 'keeps ending (SLU1171)' }])
  last().says('pass')
  await clock.advance(STEADY_MS)
  expect(fleet.checks()).toMatchObject([{ status: 'pass' }])
})

it('is not started again when it refuses its configuration; the others go on', async () => {
  const { fleet, version, events, processes, clock, alive } = supervised()
  let over = false
  void fleet.refused.then(() => (over = true))
  fleet.start(version('v1', { billing: 1, shipping: 1 }))
  processes[0]?.ends(2)
  processes[1]?.says('pass')
  await clock.advance(600_000)
  expect(alive()).toEqual(['shipping/1 v1'])
  expect(kinds(events)).toContain('refused')
  expect(over).toBe(false)
  expect(fleet.checks('billing')).toMatchObject([{ status: 'fail' }])
  expect(fleet.checks('nobody')).toBeUndefined()
})

it('says that nothing is left when each process refused', async () => {
  const { fleet, version, processes } = supervised()
  fleet.start(version('v1'))
  for (const process of processes) process.ends(2)
  await fleet.refused
  expect(fleet.checks()).toMatchObject([{ status: 'fail' }, { status: 'fail' }])
})

it('is killed when it says nothing for a minute, and started again', async () => {
  const { fleet, version, events, last, processes, clock } = supervised()
  fleet.start(version('v1', ONE))
  await clock.advance(SILENT_MS - 1)
  last().says('pass')
  last().silent()
  await clock.advance(SILENT_MS - 1)
  expect(processes[0]?.told).toBeUndefined()
  await clock.advance(1)
  expect(processes[0]?.told).toBe('kill')
  await clock.advance(1_000)
  expect(kinds(events)).toEqual(['started', 'ready', 'stuck', 'ended', 'started'])
})

it('drains all at once, and kills what takes longer than it may', async () => {
  const { fleet, version, events, processes, clock, alive } = supervised()
  fleet.start(version('v1'))
  const [slow] = processes
  if (slow !== undefined) slow.obedient = false
  const stopped = fleet.stop()
  await clock.advance(GRACE_MS - 1)
  expect(alive()).toEqual(['billing/1 v1'])
  await clock.advance(1)
  expect(await stopped).toBe(false)
  expect(kinds(events).slice(2)).toEqual(['stopping', 'drained', 'overdue', 'stopped'])
  await clock.advance(600_000)
  expect(processes).toHaveLength(2)
})

it('starts nothing any more once it was told to stop, not even what waited for its restart', async () => {
  const { fleet, version, processes, clock } = supervised()
  fleet.start(version('v1', ONE))
  processes[0]?.ends(1)
  await clock.advance(10)
  expect(await fleet.stop()).toBe(true)
  await clock.advance(60_000)
  expect(processes).toHaveLength(1)
})
