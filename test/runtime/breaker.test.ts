// The breaker as a state machine: its window, its probes, and what is an attempt; each rule against a count by hand.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SluiceError } from '../../workers/core/errors.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { Breaker, quietBreaker } from '../../workers/runtime/breaker.ts'
import { BreakerWindow } from '../../workers/runtime/breaker-window.ts'
import type { BreakerPlan } from '../../workers/core/plan-policies.ts'
import { recordedLog } from '../support/recorded-log.ts'

const PLAN: BreakerPlan = {
  name: 'model_server',
  window: 10,
  minimum: 4,
  failureRate: 50,
  openMs: 1_000,
  probes: 2,
  patienceMs: 5_000,
}

function breakerOf(changes: Partial<BreakerPlan> = {}) {
  const clock = createVirtualClock(0)
  const counts = quietBreaker()
  const log = recordedLog()
  const breaker = new Breaker({ plan: { ...PLAN, ...changes }, counts, clock, log })
  return { breaker, clock, counts, log }
}

const failure = (code: 'SLU5101' | 'SLU5102' | 'SLU5201' | 'SLU5501' = 'SLU5101') =>
  new SluiceError(code)
const works = () => Promise.resolve('done')
const fails = () => Promise.reject(failure())
/** What a call came to: its value, or the code of its error. */
const outcome = (call: Promise<unknown>) =>
  call.catch((error: unknown) => (error instanceof SluiceError ? error.code : 'not ours'))

async function opened(changes: Partial<BreakerPlan> = {}) {
  const made = breakerOf(changes)
  for (let n = 0; n < (changes.minimum ?? PLAN.minimum); n++)
    await outcome(made.breaker.run({}, fails))
  expect(made.breaker.state).toBe('open')
  return made
}

describe('closed', () => {
  test('lets everything through, and opens when enough of enough messages failed', async () => {
    const { breaker, counts } = breakerOf()
    expect(await outcome(breaker.run({}, fails))).toBe('SLU5101')
    expect(await outcome(breaker.run({}, works))).toBe('done')
    expect(await outcome(breaker.run({}, works))).toBe('done')
    expect(breaker.state).toBe('closed')
    // The one that opens it is no attempt any more.
    expect(await outcome(breaker.run({}, fails))).toBe('SLU5504')
    expect(breaker.state).toBe('open')
    expect(counts).toMatchObject({ opened: 1, refused: 0 })
  })

  test('forgets what has left the window', async () => {
    const { breaker } = breakerOf({ window: 4, failureRate: 75 })
    for (const call of [fails, fails, works, works, works, fails, fails])
      expect(await outcome(breaker.run({}, call))).toMatch(/^(done|SLU5101)$/)
    expect(await outcome(breaker.run({}, fails))).toBe('SLU5504')
  })

  test.each(['SLU5102', 'SLU5201', 'SLU5501'] as const)(
    '%s says nothing about it',
    async (code) => {
      const { breaker } = breakerOf()
      const call = () => breaker.run({}, () => Promise.reject(failure(code)))
      for (let n = 0; n < 20; n++) expect(await outcome(call())).toBe(code)
      expect(breaker.state).toBe('closed')
    },
  )
})

describe('open', () => {
  test('lets nobody through, and calls that were under way fail without an attempt', async () => {
    const late = Promise.withResolvers<never>()
    const { breaker, counts } = breakerOf()
    const underWay = outcome(breaker.run({}, () => late.promise))
    for (let n = 0; n < 4; n++) await outcome(breaker.run({}, fails))
    expect(breaker.ready).toBe(false)
    expect(await outcome(breaker.run({}, works))).toBe('SLU5504')
    late.reject(failure())
    expect(await underWay).toBe('SLU5504')
    expect(counts).toMatchObject({ refused: 1, opened: 1 })
  })

  test('wakes those who wait for a probe, in their order', async () => {
    const { breaker, clock } = await opened()
    const woken: string[] = []
    const waiting = ['a', 'b'].map(async (name) => {
      await breaker.turn()
      woken.push(name)
    })
    breaker.onReady(() => woken.push('listener'))
    await clock.advance(999)
    expect(woken).toEqual([])
    await clock.advance(1)
    await Promise.all(waiting)
    expect(woken).toEqual(['a', 'b', 'listener'])
    expect(breaker.state).toBe('half-open')
  })

  test('each change of state is logged once, however many wait', async () => {
    const { breaker, clock, log } = await opened()
    for (let n = 0; n < 100; n++) await outcome(breaker.run({}, works))
    await clock.advance(1_000)
    await outcome(breaker.run({}, fails))
    await clock.advance(1_000)
    await breaker.run({}, works)
    await breaker.run({}, works)
    const said = log.lines.map((line) => JSON.stringify(line))
    expect(said.filter((line) => line.includes('breaker opened'))).toHaveLength(1)
    expect(said.filter((line) => line.includes('closed again'))).toHaveLength(1)
  })
})

describe('half open', () => {
  async function halfOpen(changes: Partial<BreakerPlan> = {}) {
    const made = await opened(changes)
    await made.clock.advance(PLAN.openMs)
    expect(made.breaker.state).toBe('half-open')
    return made
  }

  test('lets one call through at a time, and closes after enough of them in a row', async () => {
    const { breaker, counts } = await halfOpen()
    const first = Promise.withResolvers<string>()
    const probe = breaker.run({}, () => first.promise)
    expect(breaker.ready).toBe(false)
    expect(await outcome(breaker.run({}, works))).toBe('SLU5504')
    first.resolve('well')
    expect(await probe).toBe('well')
    expect(breaker.state).toBe('half-open')
    await breaker.run({}, works)
    expect(breaker.state).toBe('closed')
    expect(counts).toMatchObject({ failedProbes: 0, refused: 1 })
  })

  test('a probe that fails opens it again, and is no attempt', async () => {
    const { breaker, counts, clock } = await halfOpen()
    await breaker.run({}, works)
    expect(await outcome(breaker.run({}, fails))).toBe('SLU5504')
    expect(breaker.state).toBe('open')
    expect(counts).toMatchObject({ opened: 1, failedProbes: 1 })
    await clock.advance(1_000)
    await breaker.run({}, works)
    expect(breaker.state).toBe('half-open')
  })

  test('a message that is refused for good neither opens nor closes it', async () => {
    const { breaker } = await halfOpen()
    const refused = breaker.run({}, () => Promise.reject(failure('SLU5102')))
    expect(await outcome(refused)).toBe('SLU5102')
    expect([breaker.state, breaker.ready]).toEqual(['half-open', true])
  })

  test('starts with a clean window when it closes', async () => {
    const { breaker } = await halfOpen()
    await breaker.run({}, works)
    await breaker.run({}, works)
    for (let n = 0; n < 3; n++) expect(await outcome(breaker.run({}, fails))).toBe('SLU5101')
    expect(breaker.state).toBe('closed')
  })

  test('a call from before says nothing about the state that came after', async () => {
    const late = Promise.withResolvers<string>()
    const { breaker, clock } = breakerOf()
    const old = breaker.run({}, () => late.promise)
    for (let n = 0; n < 4; n++) await outcome(breaker.run({}, fails))
    await clock.advance(1_000)
    late.resolve('late')
    await old
    await breaker.run({}, works)
    expect(breaker.state).toBe('half-open')
  })

  test('one poison message alone does not keep it open for ever: after a while its probes are attempts', async () => {
    const { breaker, clock } = await halfOpen()
    const poison = {}
    const outcomes: unknown[] = []
    for (let n = 0; n < 7; n++) {
      outcomes.push(await outcome(breaker.run(poison, fails)))
      await clock.advance(1_000)
    }
    expect(outcomes.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'SLU5504'))
    expect(outcomes.slice(5)).toEqual(['SLU5101', 'SLU5101'])
    // Another one is still given its time.
    expect(await outcome(breaker.run({}, fails))).toBe('SLU5504')
  })
})

test('the window agrees with counting by hand', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { maxLength: 200 }),
      fc.integer({ min: 1, max: 15 }),
      (failed, size) => {
        const window = new BreakerWindow(size)
        for (const [at, one] of failed.entries()) {
          window.record(one ? 1 : 0)
          const seen = failed.slice(Math.max(0, at + 1 - size), at + 1)
          expect(window.size).toBe(seen.length)
          expect(window.failures).toBe(seen.filter(Boolean).length)
        }
      },
    ),
  )
})

test('whatever happens: nothing is called while it is open, one at a time while half open, and it closes in the end', async () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('begin' as const), who: fc.integer({ min: 0, max: 6 }) }),
      fc.record({ kind: fc.constant('end' as const), fails: fc.boolean() }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 1_500 }) }),
    ),
    { maxLength: 80 },
  )
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 4 }), async (made, probes) => {
      const { breaker, clock, counts } = breakerOf({ probes })
      const people = Array.from({ length: 7 }, () => ({}))
      const underWay: PromiseWithResolvers<string>[] = []
      let probesNow = 0
      const begin = (who: number) => {
        const state = breaker.state
        let called = false
        const call = Promise.withResolvers<string>()
        const ended = outcome(
          breaker.run(people[who], () => {
            called = true
            if (state === 'half-open') expect(++probesNow).toBe(1)
            underWay.push(call)
            return call.promise
          }),
        )
        if (state === 'half-open' && called)
          void call.promise.finally(() => probesNow--).catch(() => {})
        if (state === 'open') expect(called).toBe(false)
        if (state === 'closed') expect(called).toBe(true)
        return ended
      }
      const all: Promise<unknown>[] = []
      for (const step of made) {
        if (step.kind === 'begin') all.push(begin(step.who))
        else if (step.kind === 'wait') await clock.advance(step.ms)
        else {
          const [call] = underWay.splice(0, 1)
          if (step.fails) call?.reject(failure())
          else call?.resolve('done')
          await clock.advance(0)
        }
      }
      for (const call of underWay) call.resolve('done')
      await Promise.all(all)
      await clock.advance(PLAN.openMs)
      for (let n = 0; n < probes; n++) await breaker.run({}, works)
      expect([breaker.state, counts.state, breaker.ready]).toEqual(['closed', 'closed', true])
    }),
  )
})
