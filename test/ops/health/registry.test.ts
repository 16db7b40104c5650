// What health makes of a schema registry: away is a warning, since what is known goes on; none where one is needed is a failure.
import { expect, test } from 'vitest'
import { systemWorld } from '../../../workers/core/clock.ts'
import { silentLog } from '../../../workers/core/log.ts'
import {
  createEmbeddedRegistryInspector,
  EmbeddedRegistry,
} from '../../../workers/drivers/embedded/registry.ts'
import { lookAtRegistry, registryChecks } from '../../../workers/ops/health/registry.ts'

const subject = { subject: 'orders-value', kind: 'JSON', text: '{}' } as const
const wanted = new Map([['orders', subject]])
const context = { world: systemWorld, log: silentLog, origin: 'connection events', clientId: 't' }

async function checks(prepare: (registry: EmbeddedRegistry) => void) {
  const registry = new EmbeddedRegistry()
  prepare(registry)
  const inspector = createEmbeddedRegistryInspector(registry, context)
  return registryChecks(await lookAtRegistry(inspector, wanted, 1_000))
}

test('one that knows the schemas is fine', async () => {
  expect(await checks((registry) => registry.register(subject))).toMatchObject([
    { name: 'registry', status: 'pass', detail: expect.stringContaining('1 of 1 schemas') },
  ])
})

test('one that lacks a schema says which, and what to do', async () => {
  expect(await checks(() => {})).toMatchObject([
    { name: 'registry', status: 'pass' },
    {
      name: 'schema of orders',
      status: 'warn',
      code: 'SLU1203',
      next: expect.stringContaining('apply'),
    },
  ])
})

test('one that is away is a warning', async () => {
  expect(await checks((registry) => registry.setAvailable(false))).toMatchObject([
    { name: 'registry', status: 'warn', code: 'SLU1158' },
  ])
})

test('none is nothing to speak of, unless topics need one', async () => {
  const look = (schemas: typeof wanted) => lookAtRegistry(undefined, schemas, 1_000)
  expect(registryChecks(await look(new Map()))).toEqual([])
  expect(registryChecks(await look(wanted))).toMatchObject([
    { name: 'registry', status: 'fail', code: 'SLU1161' },
  ])
})
