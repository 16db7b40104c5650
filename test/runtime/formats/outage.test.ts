// A registry that goes away while a pipeline runs: what is known goes on, what is not waits at no cost, with all that comes after it in its order.
import { expect, onTestFinished, test } from 'vitest'
import { checkerOf } from '../../../workers/compile/schemas.ts'
import { createComposition } from '../../../workers/composition.ts'
import { topicAt } from '../../../workers/core/address.ts'
import { systemWorld, type World } from '../../../workers/core/clock.ts'
import type { DriverContext } from '../../../workers/core/contract.ts'
import {
  makeConnections,
  registryUse,
  type DriverFactories,
} from '../../../workers/runtime/connections.ts'
import { framed } from '../../../workers/runtime/formats/wire-format.ts'
import { Worker } from '../../../workers/runtime/worker.ts'
import { createTracer } from '../../../workers/telemetry/tracer.ts'
import { eventually } from '../../support/eventually.ts'
import { recordedLog } from '../../support/recorded-log.ts'
import { HANDLERS } from '../../testing/project.ts'
import { IN_FORMATS } from '../../testing/registry.ts'
import { compiled } from './shop.ts'

const REGISTRY = registryUse('events')

/** A world in which pauses can be made endless. */
function stoppable(): { world: World; standStill: () => () => void } {
  let still = Promise.resolve()
  const { clock } = systemWorld
  return {
    world: {
      ...systemWorld,
      clock: {
        ...clock,
        async sleep(ms, signal) {
          await Promise.race([still, new Promise((end) => signal?.addEventListener('abort', end))])
          await clock.sleep(ms, signal)
        },
      },
    },
    standStill() {
      const { promise, resolve } = Promise.withResolvers<void>()
      still = promise
      return resolve
    },
  }
}

/** Brokers that go on whatever stands still in the process. */
const inRealTime = (factories: DriverFactories): DriverFactories =>
  Object.fromEntries(
    Object.entries(factories).map(([name, make]) => [
      name,
      (plan: never, context: DriverContext) =>
        (make as (plan: never, context: DriverContext) => unknown)(plan, {
          ...context,
          world: systemWorld,
        }),
    ]),
  ) as unknown as DriverFactories

test('known ids go on, another one waits with those behind it, and all of it is done when the registry is back', async () => {
  const { plan, module } = await compiled(IN_FORMATS['json-registry'] ?? {})
  const brokers = createComposition({}).embedded(systemWorld)
  const factories = inRealTime(brokers.factories)
  const { world, standStill } = stoppable()
  const log = recordedLog()
  const parts = { plan, factories, world, log }
  const { tracer } = createTracer(world, {}, log)
  const worker = new Worker({
    ...parts,
    prefix: '',
    pipelines: ['billing'],
    modules: { billing: module },
    handlers: HANDLERS,
    checkOf: checkerOf(plan),
    tracer,
    meter: { processed: () => {} },
  })
  const connections = makeConnections(parts, ['events', REGISTRY])
  onTestFinished(async () => {
    await worker.stop()
    await Promise.all([...connections.all.values()].map((driver) => driver.close()))
  })
  await Promise.all([...connections.all.values()].map((driver) => driver.connect()))
  await worker.start()
  const registry = connections.registry('events')
  const register = (text: string) => registry.register({ subject: 'theirs', kind: 'JSON', text })
  const [known, late] = [await register('{"title":"known"}'), await register('{"title":"late"}')]
  const events = connections.log('events')
  const orders = events.sink(topicAt('', plan.topics['orders']!))
  const send = (id: number, key: string, order: string) =>
    orders.send({
      id: order,
      key: Buffer.from(key),
      value: framed(id, Buffer.from(JSON.stringify({ id: order, sku: order }))),
      headers: {},
      timestamp: 0,
      contentType: 'application/json',
    })
  const counts = () => worker.counts.pipelines['billing']
  const acked = (count: number) => eventually(`${count} are done`, () => counts()?.acked === count)

  await send(known, 'a', 'first')
  await acked(1)
  // Whoever waits for a while waits for good: what goes on must not have waited.
  const goOn = standStill()
  brokers.setAvailable(REGISTRY, false)
  await send(late, 'z', 'late')
  await send(known, 'z', 'behind late')
  await eventually('it waits', () => log.lines.some(({ fields }) => fields['code'] === 'SLU1158'))
  for (let n = 0; n < 30; n++) await send(known, `k${n % 7}`, `known ${n}`)
  await acked(31)
  expect(counts()).toMatchObject({ inFlight: 2, deadLettered: 0, retried: 0 })
  // What it cannot do yet is no reason to take it out of service.
  expect(worker.checks().filter(({ status }) => status === 'fail')).toEqual([])

  goOn()
  brokers.setAvailable(REGISTRY, true)
  await acked(33)
  expect(counts()).toMatchObject({ inFlight: 0, deadLettered: 0, retried: 0 })
})
