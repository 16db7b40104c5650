// Which queues somebody of the fleet reads, so that messages without a reader are noticed, and those that wait by intent are not.
import { expect, test } from 'vitest'
import { compileFleet } from '../../../workers/compile/compile.ts'
import type { FleetPlan } from '../../../workers/core/plan.ts'
import { queuesRead } from '../../../workers/ops/health/wanted.ts'
import { inProject } from '../../testing/project.ts'
import { QUEUED } from '../../testing/queued.ts'

const readBy = (pipeline: string) =>
  inProject({ 'pipelines/fleet.yaml': QUEUED.fleet, 'pipelines/billing.yaml': pipeline }, (root) =>
    Promise.resolve(queuesRead(compileFleet(root).plan as FleetPlan)),
  )

test('what was parked comes to a queue that is read, and waits in one that is not', async () => {
  expect([...(await readBy(QUEUED.pipeline))]).toEqual(['orders_in'])
  const parking = QUEUED.pipeline.replace(
    'jitter: none }',
    'jitter: none, park: { after: 2, tiers: [10m] } }',
  )
  expect([...(await readBy(parking))]).toEqual(['orders_in', 'billing.retry'])
})
