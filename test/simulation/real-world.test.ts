// Handlers that reach for the real clock or real chance: each call is named with its handler and its place, and everything is as it was afterwards.
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import type { Handler } from '../../workers/core/handler.ts'
import { HANDLERS, simulation } from './project.ts'

let run: Awaited<ReturnType<typeof simulation>>
beforeAll(async () => void (run = await simulation({})))

const simulated = (charge: Handler<unknown, unknown>) =>
  run({ seeds: [1], messages: 5, faults: [], handlers: { ...HANDLERS, charge } })

test.each<[string, () => unknown]>([
  ['Date.now()', () => Date.now()],
  ['new Date()', () => new Date()],
  ['Date()', () => Date()],
  ['Math.random()', () => Math.random()],
  ['performance.now()', () => performance.now()],
  ['process.hrtime.bigint()', () => process.hrtime.bigint()],
  ['crypto.randomUUID()', () => crypto.randomUUID()],
  ['randomUUID()', () => randomUUID()],
  ['setTimeout()', () => clearTimeout(setTimeout(() => {}, 1))],
  ['setTimeout()', () => wait(1)],
  ['AbortSignal.timeout()', () => AbortSignal.timeout(1)],
])('%s is noticed', async (written, call) => {
  const handler: Handler<unknown, unknown> = () => {
    void call()
    return {}
  }
  await expect(simulated(handler)).rejects.toMatchObject({
    code: 'SLU0362',
    message: expect.stringContaining(
      `handler charge calls ${written} at test/simulation/real-world.test.ts:`,
    ),
  })
})

test('behind an await, and all of them at once', async () => {
  const handler: Handler<unknown, unknown> = async (_input, ctx) => {
    await ctx.clock.sleep(5)
    return { at: Date.now(), luck: Math.random() }
  }
  await expect(simulated(handler)).rejects.toThrow(
    /calls Date\.now\(\).*; handler charge calls Math\.random\(\)/,
  )
})

test('the context, and a date that is made of something, are what they are for', async () => {
  const handler: Handler<unknown, unknown> = (_input, ctx) => ({
    at: new Date(ctx.clock.now()).toISOString(),
    luck: ctx.random.next(),
    is: new Date(0) instanceof Date,
  })
  await expect(simulated(handler)).resolves.toMatchObject({ failures: [] })
})

test('afterwards everything is as it was', async () => {
  const before = [Date, Date.now, Math.random, setTimeout, crypto.randomUUID, performance.now]
  await expect(simulated(() => ({ now: Date.now() }))).rejects.toThrow('charge calls')
  expect([Date, Date.now, Math.random, setTimeout, crypto.randomUUID, performance.now]).toEqual(
    before,
  )
})
