// Simulation of a pipeline whose topics have their schemas in a registry: whoever is asked for them delays no effect beyond its fence.
import { expect, test } from 'vitest'
import { FLEET_WITH_REGISTRY } from '../testing/registry.ts'
import { seeds, simulation } from './project.ts'

test('keeps every invariant under every fault', async () => {
  const run = await simulation({ 'pipelines/fleet.yaml': FLEET_WITH_REGISTRY })
  const { failures, faults } = await run({ seeds: seeds(30) })
  expect(failures).toEqual([])
  expect(faults.malformed).toBeGreaterThan(0)
})
