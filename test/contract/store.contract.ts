// What every store promises, embedded or real; the same cases for all of them.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store, StoreDriver } from '../../workers/core/contract.ts'
import { valueOf } from '../../workers/core/stored.ts'
import { eventually } from '../support/eventually.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { rejectionOf } from './queue.contract.ts'

/** One server, and how time passes for it. */
export interface StoreServer {
  /** A new driver, not connected. */
  driver(log: ReturnType<typeof recordedLog>): StoreDriver
  /** Makes `ms` pass where time is ours; where it is not, callers poll. */
  pass(ms: number): Promise<void>
  /** As any reader sees it: undefined for what is not there. */
  text(key: string): Promise<string | undefined>
  fields(key: string): Promise<Readonly<Record<string, string>> | undefined>
  /** Milliseconds until the key expires. */
  timeToLive(key: string): Promise<number>
  close(prefix: string): Promise<void>
}

const MINUTE = 60_000

export function storeContract(name: string, open: () => Promise<StoreServer>): void {
  describe(`store contract: ${name}`, () => {
    const prefix = `contract-${randomUUID()}:`
    const drivers: StoreDriver[] = []
    let server: StoreServer
    let names = 0
    const store = (changed: Partial<Store> = {}): Store => ({
      name: 'profiles',
      connection: 'hot',
      at: { file: 'pipelines/fleet.yaml', line: 7, column: 3 },
      ttlMs: MINUTE,
      sliding: false,
      as: 'string',
      schema: 'values/profile',
      address: `${prefix}${names++}:`,
      ...changed,
    })
    const entry = (
      value: unknown,
      changed: { id?: string; key?: string; guardMs?: number; version?: number } = {},
    ) => ({
      id: `e${names++}/billing/remember`,
      key: 'u1',
      value: Buffer.from(JSON.stringify(value)),
      guardMs: 0,
      ...changed,
    })
    const connected = async () => {
      const driver = server.driver(recordedLog())
      drivers.push(driver)
      await driver.connect()
      return driver
    }
    beforeAll(async () => {
      server = await open()
    })
    afterAll(async () => {
      await Promise.all(drivers.map((driver) => driver.close()))
      await server.close(prefix)
    })

    it('writes a value as JSON, for as long as the store says', async () => {
      const driver = await connected()
      const profiles = store()
      expect(await driver.put(profiles, entry({ score: 0.5, name: 'grün 🌱' }))).toBe('written')
      expect(await server.text(`${profiles.address}u1`)).toBe('{"score":0.5,"name":"grün 🌱"}')
      expect(await server.timeToLive(`${profiles.address}u1`)).toBeGreaterThan(MINUTE / 2)
    })

    it('writes a hash with a field for each property, and removes those of before', async () => {
      const driver = await connected()
      const profiles = store({ as: 'hash' })
      await driver.put(profiles, entry({ old: true, score: 1 }))
      await driver.put(profiles, entry({ score: 2, tags: ['a'], name: 'x', __proto: null }))
      expect(await server.fields(`${profiles.address}u1`)).toEqual({
        score: '2',
        tags: '["a"]',
        name: '"x"',
        __proto: 'null',
      })
      expect(await server.timeToLive(`${profiles.address}u1`)).toBeGreaterThan(MINUTE / 2)
      await driver.put(profiles, entry({}))
      expect(await server.fields(`${profiles.address}u1`)).toBeUndefined()
    })

    it('takes a hash of thousands of fields', async () => {
      const driver = await connected()
      const profiles = store({ as: 'hash' })
      const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`f${n}`, n]))
      await driver.put(profiles, entry(wide))
      expect(Object.keys((await server.fields(`${profiles.address}u1`)) ?? {})).toHaveLength(10_000)
    })

    it('replaces what stands there, whatever its kind', async () => {
      const driver = await connected()
      const text = store()
      const hash = { ...text, as: 'hash' as const }
      await driver.put(text, entry({ a: 1 }))
      await driver.put(hash, entry({ a: 2 }))
      expect(await server.fields(`${text.address}u1`)).toEqual({ a: '2' })
      await driver.put(text, entry({ a: 3 }))
      expect(await server.text(`${text.address}u1`)).toBe('{"a":3}')
    })

    it('writes braces and percent signs of a key in another way, so that keys stay apart', async () => {
      const driver = await connected()
      const profiles = store()
      for (const key of ['{a}', '%7Ba%7D', 'a:b c'])
        await driver.put(profiles, entry(key, { key, guardMs: MINUTE }))
      expect(await server.text(`${profiles.address}%7Ba%7D`)).toBe('"{a}"')
      expect(await server.text(`${profiles.address}%257Ba%257D`)).toBe('"%7Ba%7D"')
      expect(await server.text(`${profiles.address}a:b c`)).toBe('"a:b c"')
    })

    it('changes nothing by an effect that was there before, from whoever it comes', async () => {
      const [one, two] = [await connected(), await connected()]
      const profiles = store()
      const first = entry('first', { guardMs: MINUTE })
      expect(await one.put(profiles, first)).toBe('written')
      expect(await one.put(profiles, entry('second', { guardMs: MINUTE }))).toBe('written')
      expect(await one.put(profiles, first)).toBe('repeated')
      expect(await two.put(profiles, first)).toBe('repeated')
      expect(await server.text(`${profiles.address}u1`)).toBe('"second"')
    })

    it('writes once if a hundred put the same effect at once', async () => {
      const [one, two] = [await connected(), await connected()]
      const profiles = store()
      const same = entry('same', { guardMs: MINUTE })
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? one : two).put(profiles, same)),
      )
      expect(answers.filter((put) => put === 'written')).toHaveLength(1)
    })

    it('writes again where nothing guards, and when the guard is over', async () => {
      const driver = await connected()
      const profiles = store()
      const bare = entry('bare')
      expect([await driver.put(profiles, bare), await driver.put(profiles, bare)]).toEqual([
        'written',
        'written',
      ])
      const short = entry('short', { guardMs: 300 })
      expect(await driver.put(profiles, short)).toBe('written')
      await server.pass(300)
      await eventually(
        'the guard is over',
        async () => (await driver.put(profiles, short)) === 'written',
        5_000,
      )
    })

    it.each(['string', 'hash'] as const)(
      'lets no older version take the place of a newer one, as a %s',
      async (as) => {
        const [one, two] = [await connected(), await connected()]
        const features = store({ as })
        const put = (version: number | undefined, more = {}) =>
          (version === 2 ? one : two).put(
            features,
            entry({ version }, { ...(version === undefined ? {} : { version }), ...more }),
          )
        const version = async () => valueOf((await one.get(features, 'u1')) ?? 'null')
        expect(await put(7)).toBe('written')
        expect(await put(2)).toBe('outdated')
        expect([await put(10), await put(9)]).toEqual(['written', 'outdated'])
        expect(await put(7)).toBe('outdated')
        expect(await version()).toEqual({ version: 10 })
        // 2^53 - 1 and what is one less are told apart.
        expect(await put(Number.MAX_SAFE_INTEGER)).toBe('written')
        expect(await put(Number.MAX_SAFE_INTEGER - 1)).toBe('outdated')
        expect(await put(Number.MAX_SAFE_INTEGER)).toBe('written')
        const again = { id: 'the same', guardMs: MINUTE }
        expect([await put(2, again), await put(2, again)]).toEqual(['outdated', 'repeated'])
        expect(await put(undefined)).toBe('written')
        expect(await put(0)).toBe('written')
      },
    )

    it('of a hundred versions at once the newest stays', async () => {
      const [one, two] = [await connected(), await connected()]
      const features = store({ as: 'hash' })
      const versions = Array.from({ length: 100 }, (_, n) => (n * 37) % 100)
      await Promise.all(
        versions.map((version) =>
          (version % 2 === 0 ? one : two).put(features, entry({ version }, { version })),
        ),
      )
      expect(valueOf((await two.get(features, 'u1')) ?? '')).toEqual({ version: 99 })
    })

    it('a version is known for as long as its value', async () => {
      const driver = await connected()
      const features = store({ ttlMs: 300 })
      await driver.put(features, entry(9, { version: 9 }))
      expect(await driver.put(features, entry(1, { version: 1 }))).toBe('outdated')
      await server.pass(300)
      await eventually(
        'both are gone',
        async () => (await driver.put(features, entry(1, { version: 1 }))) === 'written',
        5_000,
      )
    })

    it('gives a hash whole or in part, with any name of a field', async () => {
      const driver = await connected()
      const features = store({ as: 'hash' })
      const value = { 'a b': 1, ['__proto__']: [2], '': null, grün: 'ja' }
      expect(await driver.get(features, 'u1')).toBeUndefined()
      expect(await driver.get(features, 'u1', ['a b'])).toBeUndefined()
      await driver.put(features, entry(value))
      expect(valueOf((await driver.get(features, 'u1')) ?? '')).toEqual(value)
      const part = await driver.get(features, 'u1', ['__proto__', '', 'nowhere'])
      expect(part).toEqual(
        new Map([
          ['__proto__', '[2]'],
          ['', 'null'],
        ]),
      )
      expect(await driver.get(features, 'u1', ['nowhere'])).toEqual(new Map())
    })

    it('gives a text as it was put, and refuses to read it as a hash', async () => {
      const driver = await connected()
      const profiles = store()
      await driver.put(profiles, entry({ a: 1 }))
      expect(await driver.get(profiles, 'u1')).toBe('{"a":1}')
      const other = await rejectionOf(driver.get({ ...profiles, as: 'hash' }, 'u1'))
      expect(other.code).toBe('SLU5408')
    })

    it('starts the time of a value anew when it is read of a sliding store, or touched', async () => {
      const driver = await connected()
      const fixed = store({ ttlMs: 2_000, as: 'hash' })
      const sliding = store({ ttlMs: 2_000, as: 'hash', sliding: true })
      const put = { key: 'u1', version: 3 }
      for (const each of [fixed, sliding]) await driver.put(each, entry({ a: 1 }, put))
      const longer = { ...sliding, ttlMs: MINUTE }
      await driver.get(longer, 'u1', ['a'])
      await driver.get({ ...fixed, ttlMs: MINUTE }, 'u1')
      expect(await server.timeToLive(`${sliding.address}u1`)).toBeGreaterThan(MINUTE / 2)
      expect(await server.timeToLive(`${fixed.address}u1`)).toBeLessThanOrEqual(2_000)
      expect(await driver.touch({ ...fixed, ttlMs: MINUTE }, 'u1')).toBe(true)
      expect(await server.timeToLive(`${fixed.address}u1`)).toBeGreaterThan(MINUTE / 2)
      const clock = store({ ttlMs: 2_000 })
      await driver.put(clock, entry('so long'))
      await server.pass(2_000)
      await eventually(
        'the first time is over',
        async () => (await driver.get(clock, 'u1')) === undefined,
        10_000,
      )
      // What is known of its version lives as long.
      for (const each of [fixed, longer])
        expect(await driver.put(each, entry({ a: 0 }, { version: 2 }))).toBe('outdated')
      expect(await driver.touch(sliding, 'nobody')).toBe(false)
    })

    it('destroys a value and its version, and what is not there', async () => {
      const driver = await connected()
      const sessions = store()
      await driver.put(sessions, entry('one', { version: 5 }))
      expect(await driver.destroy(sessions, 'u1')).toBe(true)
      expect(await driver.get(sessions, 'u1')).toBeUndefined()
      expect(await driver.destroy(sessions, 'u1')).toBe(false)
      expect(await driver.put(sessions, entry('two', { version: 1 }))).toBe('written')
    })

    it('rejects everything before connect and after close, as an outage', async () => {
      const driver = server.driver(recordedLog())
      expect((await rejectionOf(driver.put(store(), entry(1)))).code).toBe('SLU5401')
      await driver.connect()
      await driver.ping()
      await Promise.all([driver.close(), driver.close()])
      for (const late of [
        driver.put(store(), entry(1)),
        driver.get(store(), 'u1'),
        driver.touch(store(), 'u1'),
        driver.destroy(store(), 'u1'),
        driver.ping(),
        driver.connect(),
      ])
        expect(await rejectionOf(late)).toMatchObject({ code: 'SLU5401', outage: true })
    })
  })
}
