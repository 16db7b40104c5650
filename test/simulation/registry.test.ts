// Simulation of a pipeline whose topics have their schemas in a registry: whoever is asked for them delays no effect beyond its fence.
import { expect, test } from 'vitest'
import { IN_FORMATS } from '../testing/registry.ts'
import { seeds, simulation } from './project.ts'

test.each(Object.entries(IN_FORMATS))(
  '%s keeps every invariant under every fault',
  async (_format, files) => {
    const run = await simulation(files)
    const { failures, faults } = await run({ seeds: seeds(20) })
    expect(failures).toEqual([])
    expect(faults.malformed).toBeGreaterThan(0)
  },
)
