// Simulation of pipelines that park: copies outlive crashes, come back in their time, and no message is lost between two places.
import { expect, test } from 'vitest'
import { FILES } from '../testing/project.ts'
import { QUEUED } from '../testing/queued.ts'
import { WORKING } from '../testing/working.ts'
import { simulateShop } from './shop.ts'

const parking = (pipeline: string) =>
  pipeline
    .replace('order: key', 'order: none')
    .replace('jitter: none }', 'jitter: none, park: { after: 1, tiers: [2s, 20s] } }')
    .replace('attempts: 4, first: 30s, max: 30s', 'attempts: 4, first: 1s, max: 1s')

test.each([
  ['a topic', { fleet: FILES['pipelines/fleet.yaml'], pipeline: FILES['pipelines/billing.yaml'] }],
  ['a queue', QUEUED],
  ['jobs', WORKING],
])(
  'every invariant holds under every fault while messages of %s wait elsewhere',
  async (_what, { fleet = '', pipeline = '' }) => {
    const files = {
      'pipelines/fleet.yaml': fleet,
      'pipelines/billing.yaml': parking(pipeline),
    }
    const { failures, faults } = await simulateShop(files, 30)
    expect(failures).toEqual([])
    expect(faults['handler-error']).toBeGreaterThan(50)
    expect(faults['crash']).toBeGreaterThan(20)
  },
)
