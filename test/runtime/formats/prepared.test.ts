// A worker settles under which ids it writes before its first message, whoever registers them.
import { expect, onTestFinished, test } from 'vitest'
import { checkerOf } from '../../../workers/compile/schemas.ts'
import { createComposition } from '../../../workers/composition.ts'
import { systemWorld } from '../../../workers/core/clock.ts'
import { makeConnections, registryUse } from '../../../workers/runtime/connections.ts'
import { Worker } from '../../../workers/runtime/worker.ts'
import { createTracer } from '../../../workers/telemetry/tracer.ts'
import { recordedLog } from '../../support/recorded-log.ts'
import { HANDLERS } from '../../testing/project.ts'
import { IN_FORMATS } from '../../testing/registry.ts'
import { compiled } from './shop.ts'

const REGISTRY = registryUse('events')

const filesWith = (registers: string) => {
  const files = IN_FORMATS['json-registry'] ?? {}
  const fleet = files['pipelines/fleet.yaml'] ?? ''
  const topic = 'billed: { in: events, schema: events/bill'
  return { ...files, 'pipelines/fleet.yaml': fleet.replace(topic, topic + registers) }
}

test.each([
  ['this fleet', ''],
  ['others', ', registers: false'],
])(
  'what is registered by %s, and is another version than is written, starts no worker',
  async (_who, registers) => {
    const { plan, module } = await compiled(filesWith(registers))
    const { factories } = createComposition({}).embedded(systemWorld)
    const world = systemWorld
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
    const connections = makeConnections(parts, [REGISTRY])
    onTestFinished(async () => {
      await worker.stop()
      await Promise.all([...connections.all.values()].map((driver) => driver.close()))
    })
    await Promise.all([...connections.all.values()].map((driver) => driver.connect()))
    const theirs = { subject: 'billed-value', kind: 'JSON', text: '{"title":"theirs"}' } as const
    await connections.registry('events').register(theirs)
    await expect(worker.start()).rejects.toMatchObject({ code: 'SLU1162' })
  },
)
