// A step that sends: what has to be waited for is waited for before the fence, and nothing is between the fence and the effect.
import { expect, test } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import type { OutMessage } from '../../workers/core/contract.ts'
import { silentLog } from '../../workers/core/log.ts'
import { SluiceError } from '../../workers/core/errors.ts'
import type { EventStepPlan } from '../../workers/core/plan.ts'
import type { StepContext } from '../../workers/steps/context.ts'
import { createSend } from '../../workers/steps/send.ts'
import { createTracer } from '../../workers/telemetry/tracer.ts'

const at = { file: 'pipelines/p.yaml', line: 1, column: 1 }
const plan: EventStepPlan = {
  kind: 'event',
  id: 'tell',
  index: 0,
  at,
  when: undefined,
  topic: 'told',
  key: undefined,
  body: { text: '{}', at },
}
const { tracer } = createTracer(systemWorld, {}, silentLog)

/** A lane that can be lost at any moment. */
function contextOf(isLive: () => boolean): StepContext {
  const operation = { pipeline: 'p', destination: 'told', partition: 0, offset: 0 }
  return {
    envelope: { id: 'e1', type: 't', source: '/s', time: '', key: null, data: {} },
    span: tracer.process({ system: 'kafka', ...operation }, {}),
    attempt: 1,
    item: undefined,
    signal: new AbortController().signal,
    progress: () => {},
    assertLive() {
      if (!isLive()) throw new SluiceError('SLU5501')
    },
  }
}

test('a lane that is lost while its event is encoded has no effect any more', async () => {
  let live = true
  const sent: OutMessage[] = []
  const asked = Promise.withResolvers<Uint8Array>()
  const send = createSend({
    plan,
    pipeline: 'p',
    source: '/f/p',
    destination: 'told',
    system: 'kafka',
    sink: { send: (message) => Promise.resolve(void sent.push(message)) },
    check: () => undefined,
    encode: () => asked.promise,
    tracer,
    world: systemWorld,
    sent: {},
  })
  const context = contextOf(() => live)
  const late = send(context, undefined, () => ({}))
  live = false
  asked.resolve(Buffer.from('wire'))
  await expect(late).rejects.toMatchObject({ code: 'SLU5501' })
  expect(sent).toEqual([])
  live = true
  await send(context, undefined, () => ({}))
  expect(sent.map(({ value }) => String(value))).toEqual(['wire'])
})
