// The embedded registry against the contract of all registries.
import { expect, test } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import { silentLog } from '../../workers/core/log.ts'
import {
  createEmbeddedRegistryDriver,
  EmbeddedRegistry,
} from '../../workers/drivers/embedded/registry.ts'
import { registryContract } from './registry.contract.ts'

const context = {
  world: systemWorld,
  log: silentLog,
  origin: 'connection events (pipelines/fleet.yaml:6)',
  clientId: 'contract',
}

const shared = new EmbeddedRegistry()
registryContract('embedded', () => ({
  driver: () => createEmbeddedRegistryDriver(shared, context),
}))

test('taken away, it answers nobody, and comes back with all it knows', async () => {
  const registry = new EmbeddedRegistry()
  const driver = createEmbeddedRegistryDriver(registry, context)
  await driver.connect()
  const id = await driver.register({ subject: 's', kind: 'JSON', text: '{}' })
  registry.setAvailable(false)
  expect(driver.isUp()).toBe(false)
  await expect(driver.schema(id)).rejects.toMatchObject({ code: 'SLU1158', outage: true })
  const back = driver.whenUp()
  registry.setAvailable(true)
  await back
  expect(await driver.schema(id)).toEqual({ kind: 'JSON', text: '{}', refers: false })
})
