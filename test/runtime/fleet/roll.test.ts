// Rolling to another version: one process after the other, the next only when the new one is ready; what is not ready never takes a place.
import { expect, it } from 'vitest'
import { GRACE_MS, kinds, READY_WITHIN_MS, supervised, type Supervised } from './support.ts'

async function running(workers?: Record<string, number>): Promise<Supervised> {
  const one = supervised()
  one.fleet.start(one.version('v1', workers))
  for (const process of one.processes) process.says('pass')
  await one.clock.advance(1)
  return one
}

const stops = ({ events }: Supervised) => events.filter(({ kind }) => kind === 'roll-stopped')

it('starts one beside the old one and drains that when the new one is ready, one after the other', async () => {
  const one = await running()
  const { fleet, version, alive, last, clock } = one
  const rolled = fleet.roll(version('v2'))
  await clock.advance(1_000)
  expect(alive()).toEqual(['billing/1 v1', 'billing/2 v1', 'billing/1 v2'])
  last().says('fail')
  await clock.advance(1_000)
  expect(alive()).toHaveLength(3)
  last().says('pass')
  await clock.advance(1_000)
  expect(alive()).toEqual(['billing/2 v1', 'billing/1 v2', 'billing/2 v2'])
  last().says('pass')
  await rolled
  expect(alive()).toEqual(['billing/1 v2', 'billing/2 v2'])
  expect(one.events.at(-1)).toEqual({ kind: 'rolled', plan: 'v2' })
  expect(fleet.standsOn(version('v2'))).toBe(true)
})

it.each([
  ['is not ready in time', () => {}, /not ready within 60 s: pipeline billing: as it is/],
  ['ends', (one: Supervised) => one.last().ends(2), /exit code 2 before it was ready/],
  ['crashes', (one: Supervised) => one.last().ends(null, 'SIGABRT'), /SIGABRT before/],
])('stops when the new one %s: the old ones stay', async (_, happens, reason) => {
  const one = await running()
  const { fleet, version, alive, clock } = one
  const rolled = fleet.roll(version('v2'))
  await clock.advance(1_000)
  one.last().says('fail')
  happens(one)
  await clock.advance(READY_WITHIN_MS - 1_000)
  await rolled
  expect(alive()).toEqual(['billing/1 v1', 'billing/2 v1'])
  expect(stops(one)).toMatchObject([
    { worker: 'billing', replica: 1, reason: expect.stringMatching(reason) },
  ])
  expect(fleet.checks()?.map(({ status }) => status)).toEqual(['pass', 'pass'])
  // What is started again is what was good.
  one.processes[0]?.ends(1)
  await clock.advance(1_000)
  expect(one.last()).toMatchObject({ name: 'billing/1', version: 'v1' })
})

it('goes on where it stopped, when it is asked again', async () => {
  const one = await running()
  const { fleet, version, alive, last, processes, clock } = one
  const first = fleet.roll(version('v2'))
  await clock.advance(1)
  last().says('pass')
  await clock.advance(1)
  last().ends(1)
  await first
  expect(alive()).toEqual(['billing/2 v1', 'billing/1 v2'])
  expect(fleet.standsOn(version('v2'))).toBe(false)
  const { length } = processes
  const second = fleet.roll(version('v2'))
  await clock.advance(1)
  expect(processes.slice(length).map(({ name }) => name)).toEqual(['billing/2'])
  last().says('pass')
  await second
  expect(alive()).toEqual(['billing/1 v2', 'billing/2 v2'])
})

it('an old one that crashes meanwhile comes back as it was, until its turn', async () => {
  const one = await running({ billing: 1 })
  const { fleet, version, alive, processes, last, clock } = one
  const rolled = fleet.roll(version('v2', { billing: 1 }))
  await clock.advance(1)
  processes[0]?.ends(1)
  await clock.advance(1_000)
  expect(alive()).toEqual(['billing/1 v2', 'billing/1 v1'])
  expect(last().version).toBe('v1')
  processes[1]?.says('pass')
  await rolled
  expect(alive()).toEqual(['billing/1 v2'])
  await clock.advance(50_000)
  expect(processes).toHaveLength(3)
})

it('one that waits for its restart is replaced at once and never comes back', async () => {
  const one = await running({ billing: 1 })
  const { fleet, version, alive, processes, last, clock } = one
  processes[0]?.ends(1)
  await clock.advance(1)
  const rolled = fleet.roll(version('v2', { billing: 1 }))
  await clock.advance(1)
  last().says('pass')
  await rolled
  await clock.advance(50_000)
  expect(alive()).toEqual(['billing/1 v2'])
  expect(processes).toHaveLength(2)
})

it('starts what is new and drains what is gone from the plan', async () => {
  const one = await running({ billing: 2, mailing: 1 })
  const { fleet, version, alive, last, clock } = one
  const rolled = fleet.roll(version('v2', { billing: 1, shipping: 1 }))
  await clock.advance(1)
  last().says('pass')
  await clock.advance(1)
  last().says('pass')
  await rolled
  expect(alive()).toEqual(['billing/1 v2', 'shipping/1 v2'])
  expect(fleet.seats.map(({ name }) => name)).toEqual(['billing/1', 'shipping/1'])
})

it('a refused process is tried again by the next roll, also to the same version', async () => {
  const one = await running({ billing: 1 })
  const { fleet, version, alive, processes, last, clock } = one
  processes[0]?.ends(2)
  await clock.advance(1)
  expect(fleet.standsOn(version('v1', { billing: 1 }))).toBe(false)
  const rolled = fleet.roll(version('v1', { billing: 1 }))
  await clock.advance(1)
  last().says('pass')
  await rolled
  expect(alive()).toEqual(['billing/1 v1'])
})

it('a fleet that is told to stop while it rolls drains old and new, and starts nothing more', async () => {
  const one = await running()
  const { fleet, version, alive, processes, clock } = one
  const rolled = fleet.roll(version('v2'))
  await clock.advance(1)
  expect(await fleet.stop()).toBe(true)
  await rolled
  expect(alive()).toEqual([])
  await clock.advance(600_000)
  expect(processes).toHaveLength(3)
})

it('a fleet that is told to stop waits for an old one that still drains, and ends it when it is forced', async () => {
  const one = await running({ billing: 1 })
  const { fleet, version, alive, processes, last, clock } = one
  const [old] = processes
  Object.assign(old ?? {}, { obedient: false })
  const rolled = fleet.roll(version('v2', { billing: 1 }))
  await clock.advance(1)
  last().says('pass')
  await clock.advance(1)
  let isOver = false
  const stopped = fleet.stop().finally(() => (isOver = true))
  await clock.advance(1_000)
  expect(alive()).toEqual(['billing/1 v1'])
  expect(isOver).toBe(false)
  fleet.kill()
  expect(alive()).toEqual([])
  expect(await stopped).toBe(false)
  await rolled
})

it('one that had to be killed while it rolled says nothing about how the fleet ended', async () => {
  const one = await running({ billing: 1 })
  const { fleet, version, processes, last, clock, events } = one
  Object.assign(processes[0] ?? {}, { obedient: false })
  const rolled = fleet.roll(version('v2', { billing: 1 }))
  await clock.advance(1)
  last().says('pass')
  await clock.advance(GRACE_MS)
  await rolled
  expect(kinds(events)).toContain('overdue')
  expect(await fleet.stop()).toBe(true)
})

it('one that fails while it drains has not drained', async () => {
  const one = await running({ billing: 2 })
  const { fleet, processes, events } = one
  Object.assign(processes[0] ?? {}, { obedient: false })
  const stopped = fleet.stop()
  processes[0]?.ends(1)
  expect(await stopped).toBe(false)
  expect(kinds(events).filter((kind) => kind === 'drained')).toHaveLength(1)
})
