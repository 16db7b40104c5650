// Identity records, texts and stored values on a real Redis beside the embedded ones: whatever is claimed, settled, written, left to expire,
// both answer the same, and hold the same in the end. A short lease is over before the next call, so that no answer hangs on speed.
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock, systemWorld } from '../../workers/core/clock.ts'
import type { Claim, StateDriver, Store, StoreDriver } from '../../workers/core/contract.ts'
import { silentLog } from '../../workers/core/log.ts'
import { storeKey } from '../../workers/core/stored.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { EmbeddedRedis } from '../../workers/drivers/embedded/redis.ts'
import { createEmbeddedStateDriver } from '../../workers/drivers/embedded/state-driver.ts'
import { createEmbeddedStoreDriver } from '../../workers/drivers/embedded/store-driver.ts'
import { createRedisStateDriver } from '../../workers/drivers/redis/state.ts'
import { createRedisStoreDriver } from '../../workers/drivers/redis/store.ts'
import { runs } from '../support/fuzz.ts'
import { written } from '../support/hostile.ts'
import { openRedisView, redisSettings, removeKeys } from '../support/redis.ts'

const prefix = `model-${randomUUID()}:`
const LONG_MS = 600_000
/** Longer than what is short, by any clock. */
const PASSES_MS = 15

const clock = createVirtualClock(1_700_000_000_000)
const contextOn = (world: typeof systemWorld) => ({
  world,
  log: silentLog,
  origin: 'connection hot (pipelines/fleet.yaml:6)',
  clientId: 'model',
})
const embedded = new EmbeddedRedis(clock)
const both = <T>(inMemory: T, onRedis: T) => ({ inMemory, onRedis })
const states = both<StateDriver>(
  createEmbeddedStateDriver(embedded.state, contextOn({ ...systemWorld, clock })),
  createRedisStateDriver(redisSettings(), contextOn(systemWorld)),
)
const stores = both<StoreDriver>(
  createEmbeddedStoreDriver(embedded.stores, contextOn({ ...systemWorld, clock })),
  createRedisStoreDriver(redisSettings(), contextOn(systemWorld)),
)
let view: Awaited<ReturnType<typeof openRedisView>>

beforeAll(async () => {
  view = await openRedisView()
  const all = [states.inMemory, states.onRedis, stores.inMemory, stores.onRedis]
  await Promise.all(all.map((driver) => driver.connect()))
})
afterAll(async () => {
  const all = [states.inMemory, states.onRedis, stores.inMemory, stores.onRedis]
  await Promise.all(all.map((driver) => driver.close()))
  await removeKeys(view, prefix)
  await removeKeys(view, `{${prefix}`)
  view.disconnect()
})

/** For both, whatever was short is over. */
const pass = async () => {
  await Promise.all([clock.advance(PASSES_MS), systemClock.sleep(PASSES_MS)])
}

/** The answer of both, if it is one. */
async function same<Driver, Answer>(
  { inMemory, onRedis }: { inMemory: Driver; onRedis: Driver },
  ask: (driver: Driver) => Promise<Answer>,
  plain: (answer: Answer) => unknown = (answer) => answer,
): Promise<Answer> {
  const [expected, answer] = [await ask(inMemory), await ask(onRedis)]
  expect(plain(answer)).toEqual(plain(expected))
  return answer
}

let worlds = 0
const kinds = fc.constantFrom('long' as const, 'long' as const, 'long' as const, 'short' as const)
const ms = (kind: 'long' | 'short') => (kind === 'long' ? LONG_MS : 1)

describe('records of identity', () => {
  const who = { key: fc.nat(1), place: fc.nat(2), token: fc.nat(1), keep: kinds }
  const steps = fc.array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          ...who,
          what: fc.constant('claim' as const),
          message: fc.nat(1),
          again: fc.nat(2),
          lease: kinds,
        }),
      },
      { weight: 1, arbitrary: fc.record({ ...who, what: fc.constant('done' as const) }) },
      { weight: 2, arbitrary: fc.record({ ...who, what: fc.constant('open' as const) }) },
    ),
    { minLength: 5, maxLength: 30 },
  )

  /** What must be of each key. `leased`: nobody else may have it. */
  type Kept =
    | 'done'
    | {
        readonly place: number
        readonly message: number
        readonly again: number
        readonly token: number
        readonly leased: boolean
      }

  test('are claimed, held, done and open again alike, by whoever asks', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (course) => {
        const world = worlds++
        const kept = new Map<number, Kept>()
        for (const step of course) {
          const { key, place, token, keep, what } = step
          const lease = what === 'claim' && keep === 'long' ? step.lease : keep
          const { message, again } = what === 'claim' ? step : { message: 0, again: 0 }
          const claim: Claim = {
            key: `${prefix}${world}:${key}`,
            place: `p/${place}`,
            message: `m/${message}`,
            token: `t${token}`,
            again,
            leaseMs: ms(lease),
            keepMs: ms(keep),
          }
          const before = kept.get(key)
          if (what === 'claim') {
            const claimed = await same(
              states,
              (state) => state.claim(claim),
              ({ kind }) => kind,
            )
            if (claimed.kind === 'held') expect(claimed.leftMs).toBeGreaterThan(LONG_MS / 2)
            const isHeld =
              before !== undefined &&
              before !== 'done' &&
              before.leased &&
              before.place !== place &&
              !(before.message === message && again > before.again)
            const expected = before === 'done' ? 'done' : isHeld ? 'held' : 'taken'
            expect(claimed.kind).toBe(expected)
            if (expected === 'taken') {
              if (keep === 'short') kept.delete(key)
              else kept.set(key, { place, message, again, token, leased: lease === 'long' })
            }
          } else {
            await same(states, (state) => state.settle(claim, what))
            if (what === 'done') {
              if (keep === 'short') kept.delete(key)
              else kept.set(key, 'done')
            } else if (before !== 'done' && before?.place === place && before.token === token)
              kept.delete(key)
          }
          if (lease === 'short' || keep === 'short') await pass()
        }
      }),
      { numRuns: runs(30) },
    )
  })
})

describe('texts of a folder', () => {
  const names = fc.oneof(fc.constantFrom('a', 'b'), written(12))
  const steps = fc.array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          what: fc.constant('write' as const),
          name: names,
          text: written(40),
          keep: kinds,
          ifAbsent: fc.boolean(),
        }),
      },
      { weight: 1, arbitrary: fc.record({ what: fc.constant('read' as const), name: names }) },
      { weight: 1, arbitrary: fc.record({ what: fc.constant('remove' as const), name: names }) },
      { weight: 1, arbitrary: fc.record({ what: fc.constant('list' as const), name: names }) },
    ),
    { maxLength: 20 },
  )

  test('are written, read, listed and removed alike', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (course) => {
        const folder = `${prefix}folder-${worlds++}`
        for (const step of course) {
          const { name, what } = step
          if (what === 'write') {
            const { text, keep, ifAbsent } = step
            const absent = ifAbsent ? { ifAbsent: true as const } : {}
            await same(states, (state) =>
              state.write({ folder, name, text, ttlMs: ms(keep), ...absent }),
            )
            if (keep === 'short') await pass()
          } else if (what === 'read') await same(states, (state) => state.read(folder, name))
          else if (what === 'remove') await same(states, (state) => state.remove(folder, name))
          else await same(states, (state) => state.list(folder))
        }
        await same(states, (state) => state.list(folder))
      }),
      { numRuns: runs(30) },
    )
  })
})

describe('stored values', () => {
  const puts = fc.array(
    fc.record({
      id: fc.constantFrom('e1/billing/remember', 'e2/billing/remember', 'e2'),
      key: fc.oneof(fc.constantFrom('a', 'b'), written(12)),
      value: fc.dictionary(written(10), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
      guard: fc.constantFrom('none', 'long', 'short'),
      ttl: kinds,
      version: fc.option(fc.nat(3), { nil: undefined }),
    }),
    { maxLength: 12 },
  )

  test.each(['string', 'hash'] as const)('are put once for each effect, as a %s', async (as) => {
    await fc.assert(
      fc.asyncProperty(puts, async (course) => {
        const store = (ttlMs: number): Store => ({
          name: 'totals',
          connection: 'hot',
          at: { file: 'pipelines/fleet.yaml', line: 7, column: 3 },
          ttlMs,
          sliding: false,
          as,
          schema: 'values/total',
          address: `${prefix}${world}:`,
        })
        const world = worlds++
        for (const { id, key, value, guard, ttl, version } of course) {
          const guardMs = guard === 'none' ? 0 : ms(guard as 'long' | 'short')
          const entry = {
            id,
            key,
            value: Buffer.from(JSON.stringify(value)),
            guardMs,
            ...(version === undefined ? {} : { version }),
          }
          await same(stores, (driver) => driver.put(store(ms(ttl)), entry))
          if (guard === 'short' || ttl === 'short') await pass()
        }
        for (const key of new Set(course.map((put) => storeKey(store(1), put.key)))) {
          const held = embedded.stores.get(key)
          const onRedis =
            as === 'hash' ? await view.hgetall(key) : ((await view.get(key)) ?? undefined)
          if (as === 'string') expect(onRedis).toBe(held)
          else expect(new Map(Object.entries(onRedis as object))).toEqual(held ?? new Map())
        }
      }),
      { numRuns: runs(30) },
    )
  })
})

describe('windows', () => {
  const T = Date.UTC(2023, 4, 1)
  const everyMs = 1_000
  const lateMs = 500
  const adds = fc.array(
    fc.record({
      id: fc.nat(60),
      place: fc.nat(2),
      group: fc.constantFrom('"a"', '"b"'),
      at: fc.nat(8_000),
      number: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 })),
      forget: fc.boolean(),
      inLine: fc.boolean(),
    }),
    { minLength: 5, maxLength: 80 },
  )

  /** What a row says of the messages in it. */
  const rowOf = (numbers: readonly (number | undefined)[]) => {
    const measured = numbers.filter((one) => one !== undefined)
    const sum = measured.reduce((total, one) => total + one, 0)
    return {
      count: numbers.length,
      measured: [
        measured.length === 0
          ? { count: 0, sum: 0, min: 0, max: 0 }
          : { count: measured.length, sum, min: Math.min(...measured), max: Math.max(...measured) },
      ],
    }
  }

  test('hold each message once or count it as late, and each row is what a plain list says', async () => {
    await fc.assert(
      fc.asyncProperty(adds, async (course) => {
        const scope = `${prefix}windows-${worlds++}`
        const open = new Map<string, (number | undefined)[]>()
        const highest = new Map<number, number>()
        const inside = new Map<string, number>()
        const add = async (
          one: { id: string; group: string } & Omit<(typeof course)[number], 'id' | 'group'>,
        ) => {
          const { id, place, group, at, number, forget, inLine } = one
          const entry = {
            scope,
            id,
            delivery: '',
            place: String(place),
            group,
            at: T + at,
            reached: inLine ? T + at : undefined,
            everyMs,
            lateMs,
            idleMs: 3_600_000,
            limit: 1_000,
            numbers: [number ?? undefined],
          }
          const { kind, closed } = await same(states, (state) => state.addToWindow(entry))
          const start = Math.floor(at / everyMs) * everyMs
          const mine = highest.get(place) ?? -Infinity
          const wasIn = inside.get(`${place} ${id}`)
          if (kind === 'late') expect(start + everyMs + lateMs).toBeLessThanOrEqual(mine)
          else if (kind === 'repeated') expect(wasIn).toBeDefined()
          else {
            expect(kind).toBe('counted')
            // It was never in one, or in one that it could not be in any more.
            if (wasIn !== undefined) expect(wasIn + everyMs + lateMs).toBeLessThanOrEqual(mine)
            inside.set(`${place} ${id}`, start)
            highest.set(place, inLine ? Math.max(mine, at) : mine)
            const name = `${start} ${group}`
            open.set(name, [...(open.get(name) ?? []), number ?? undefined])
            const reached = Math.min(...highest.values())
            for (const row of closed) {
              const closes = `${row.start - T} ${row.group}`
              expect(row.start - T + everyMs + lateMs).toBeLessThanOrEqual(reached)
              expect({ count: row.count, measured: row.measured }).toEqual(
                rowOf(open.get(closes) ?? []),
              )
              open.delete(closes)
            }
          }
          if (forget) await same(states, (state) => state.forgetClosed(scope, id))
        }
        for (const one of course) await add({ ...one, id: `e${one.id}` })
        // All that is not over yet is closed by who comes after it.
        for (const place of [0, 1, 2, 0])
          await add({
            id: `end${place}-${open.size}`,
            place,
            group: '"end"',
            at: 100_000 + place,
            number: 1,
            forget: false,
            inLine: true,
          })
        expect([...open.keys()].filter((name) => !name.endsWith('"end"'))).toEqual([])
      }),
      { numRuns: runs(30) },
    )
  })
})
