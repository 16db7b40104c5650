// What the typed client promises of jobs, embedded and on a real Redis: one by its id, and followed to its end by whoever knows that.
import { beforeEach, describe, expect, test } from 'vitest'
import type { FleetClient } from '../../workers/client/shape.ts'
import { clientDesk } from './client-desk.ts'
import { rejectionOf } from './queue.contract.ts'
import type { Fleet } from './client-fleet/workers/generated/fleet.ts'

describe.each(['embedded', 'real'])('jobs of a client: %s', (kind) => {
  const desk = clientDesk(kind)
  const { opened, notes } = desk
  let fleet: FleetClient<Fleet>
  beforeEach(() => {
    fleet = desk.now().fleet
  })

  test('a job is one by its id', async () => {
    const chores = fleet.jobs('chores')
    expect(await chores.add({ text: 'sweep' }, { id: 'c1' })).toEqual({ id: 'c1' })
    await chores.add({ text: 'sweep again' }, { id: 'c1' })
    await chores.add({ text: 'wash' }, { id: 'c2', priority: 5 })
    const seen = await notes(2)
    expect(seen.map(({ id, text }) => `${id} ${text}`).toSorted()).toEqual(['c1 sweep', 'c2 wash'])
  })

  test('a job is followed to its end, good or bad, by whoever knows its id', async () => {
    const chores = fleet.jobs('chores')
    await chores.add({ text: 'sweep' }, { id: 'good' })
    await chores.add({ text: 'break' }, { id: 'bad' })
    await chores.add({ text: 'later' }, { id: 'later', delayMs: 3_600_000 })
    const common = { progress: undefined, attempt: 1 }
    expect(await chores.wait('good', { withinMs: 30_000 })).toEqual({
      ...common,
      id: 'good',
      state: 'completed',
      outcome: 'acked',
    })
    const bad = await opened().jobs('chores').wait('bad')
    expect(bad).toEqual({
      ...common,
      id: 'bad',
      state: 'failed',
      failure: {
        code: expect.stringMatching(/^SLU/) as string,
        reason: expect.stringContaining('it breaks') as string,
        step: 'whole',
      },
    })
    expect(await chores.get('bad')).toEqual(bad)
    expect(await chores.get('later')).toMatchObject({ state: 'delayed', attempt: 0 })
    const late = await rejectionOf(chores.wait('later', { withinMs: 100 }))
    expect(late).toMatchObject({ code: 'SLU5803' })
    expect(await chores.get('nobody')).toBeUndefined()
    expect(await rejectionOf(chores.wait('nobody'))).toMatchObject({ code: 'SLU5802' })
    const given = new AbortController()
    const waiting = chores.wait('later', { signal: given.signal })
    given.abort(new Error('given up'))
    await expect(waiting).rejects.toThrow('given up')
  })
})
