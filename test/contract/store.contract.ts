// What every store promises, embedded or real; the same cases for all of them.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store, StoreDriver } from '../../workers/core/contract.ts'
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
      as: 'string',
      schema: 'values/profile',
      address: `${prefix}${names++}:`,
      ...changed,
    })
    const entry = (
      value: unknown,
      changed: { id?: string; key?: string; guardMs?: number } = {},
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
      expect(await driver.put(profiles, entry({ score: 0.5, name: 'grün 🌱' }))).toBe(true)
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
      expect(await one.put(profiles, first)).toBe(true)
      expect(await one.put(profiles, entry('second', { guardMs: MINUTE }))).toBe(true)
      expect(await one.put(profiles, first)).toBe(false)
      expect(await two.put(profiles, first)).toBe(false)
      expect(await server.text(`${profiles.address}u1`)).toBe('"second"')
    })

    it('writes once if a hundred put the same effect at once', async () => {
      const [one, two] = [await connected(), await connected()]
      const profiles = store()
      const same = entry('same', { guardMs: MINUTE })
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? one : two).put(profiles, same)),
      )
      expect(answers.filter(Boolean)).toHaveLength(1)
    })

    it('writes again where nothing guards, and when the guard is over', async () => {
      const driver = await connected()
      const profiles = store()
      const bare = entry('bare')
      expect([await driver.put(profiles, bare), await driver.put(profiles, bare)]).toEqual([
        true,
        true,
      ])
      const short = entry('short', { guardMs: 300 })
      expect(await driver.put(profiles, short)).toBe(true)
      await server.pass(300)
      await eventually('the guard is over', () => driver.put(profiles, short), 5_000)
    })

    it('rejects everything before connect and after close, as an outage', async () => {
      const driver = server.driver(recordedLog())
      expect((await rejectionOf(driver.put(store(), entry(1)))).code).toBe('SLU5401')
      await driver.connect()
      await driver.ping()
      await Promise.all([driver.close(), driver.close()])
      for (const late of [driver.put(store(), entry(1)), driver.ping(), driver.connect()])
        expect(await rejectionOf(late)).toMatchObject({ code: 'SLU5401', outage: true })
    })
  })
}
