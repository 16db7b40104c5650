// The call of a handler: its deadline, whatever kind of promise it answers with, and what its signal says.
import { beforeEach, expect, it } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import { retryAfter, type Handler } from '../../workers/core/handler.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { createCall } from '../../workers/steps/call.ts'
import type { StepContext } from '../../workers/steps/context.ts'
import { createTracer } from '../../workers/telemetry/tracer.ts'
import { recordedLog } from '../support/recorded-log.ts'

const at = { file: 'pipelines/billing.yaml', line: 7, column: 3 }
let clock: ReturnType<typeof createVirtualClock>

beforeEach(() => {
  clock = createVirtualClock(0)
})

function call(handler: Handler<unknown, unknown>): Promise<unknown> {
  const log = recordedLog()
  const run = createCall({
    plan: {
      handler: 'quote',
      input: { text: 'event.data', at },
      caches: [],
      timeoutMs: 1_000,
      breaker: undefined,
      at,
    },
    step: 'price',
    handler,
    caches: {},
    shadow: false,
    world: { ...systemWorld, clock },
    log,
    tracer: createTracer(systemWorld, {}, log).tracer,
  })
  const ctx = {
    envelope: { id: '1', type: 'order', key: null },
    attempt: 1,
    span: { context: {} },
    signal: new AbortController().signal,
    assertLive: () => {},
  } as unknown as StepContext
  return run(ctx, () => ({}))
}

/** As query builders answer: no Promise, and nothing happens before somebody waits for it. */
const query = (settle: (resolve: (rows: unknown) => void, reject: (e: Error) => void) => void) => ({
  // oxlint-disable-next-line unicorn/no-thenable -- that is what they are
  then(resolve: (rows: unknown) => void, reject: (error: Error) => void) {
    settle(resolve, reject)
  },
})

it('waits for whatever can be waited for', async () => {
  expect(await call(() => query((resolve) => resolve([1, 2])))).toEqual([1, 2])
})

it('what such an answer fails with is the failure of the handler', async () => {
  const answer = call(() => query((_, reject) => reject(new Error('no such table'))))
  await expect(answer).rejects.toMatchObject({
    code: 'SLU5101',
    message: expect.stringContaining('handler quote: no such table') as string,
  })
})

it('the deadline holds for it, too', async () => {
  const answer = call(() => query(() => {}))
  await Promise.all([
    expect(answer).rejects.toMatchObject({ code: 'SLU5103' }),
    clock.advance(1_000),
  ])
})

it('a handler that asks for its signal after the deadline finds it aborted', async () => {
  const late = Promise.withResolvers<void>()
  const seen = Promise.withResolvers<AbortSignal>()
  const answer = call(async (_, ctx) => {
    await late.promise
    seen.resolve(ctx.signal)
  })
  await Promise.all([
    expect(answer).rejects.toMatchObject({ code: 'SLU5103' }),
    clock.advance(1_000),
  ])
  late.resolve()
  const signal = await seen.promise
  expect(signal.aborted).toBe(true)
  expect(signal.reason).toMatchObject({ code: 'SLU5103' })
})

it.each([
  [1_500, 1_500],
  [0, 0],
  [90_000_000, 3_600_000],
  [Number.POSITIVE_INFINITY, 3_600_000],
])('a handler that asks for a pause of %d ms gets %d', async (asked, given) => {
  const answer = call(() => {
    throw retryAfter(asked, 'too many requests')
  })
  await expect(answer).rejects.toMatchObject({ code: 'SLU5101', retryAfterMs: given })
})

it.each([-1, Number.NaN])('a pause of %d ms is a mistake of the handler', async (asked) => {
  const answer = call(() => {
    throw retryAfter(asked, 'too many requests')
  })
  await expect(answer).rejects.toMatchObject({
    code: 'SLU5101',
    retryAfterMs: undefined,
    message: `handler quote: retryAfter: ${asked} ms is no pause`,
  })
})
