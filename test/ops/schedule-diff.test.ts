// Schedules of pipelines that are gone: shown as removals, and refused unless they are allowed.
import { expect, test } from 'vitest'
import { diffSchedules } from '../../workers/ops/schedule-diff.ts'
import { allowing } from './support.ts'

const DECLARED = {
  connection: 'hot',
  where: 'pipelines/fleet.yaml:4',
  addresses: new Set(['p.shop~nightly']),
}
const FOUND = [
  { address: 'p.shop~nightly', says: '0 3 * * * UTC' },
  { address: 'p.shop~weekly', says: 'every 604800000 ms' },
]

test('only what nobody declares is removed, and only when that is allowed', () => {
  const of = (...allow: 'unschedule'[]) => diffSchedules(DECLARED, FOUND, allowing(...allow))
  expect(of()).toEqual([
    {
      symbol: '-',
      kind: 'schedule',
      connection: 'hot',
      name: 'p.shop~weekly',
      field: null,
      from: 'every 604800000 ms',
      to: null,
      risk: 'refused',
      flag: 'unschedule',
      code: 'SLU0563',
      reason: expect.stringContaining('every 604800000 ms') as string,
      where: 'pipelines/fleet.yaml:4',
      action: { do: 'remove-schedule', address: 'p.shop~weekly' },
    },
  ])
  expect(of('unschedule').map(({ risk }) => risk)).toEqual(['allowed'])
})
