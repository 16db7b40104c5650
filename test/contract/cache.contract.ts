// What every cache driver promises, embedded or real; the same cases for all of them.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CacheDriver } from '../../workers/core/contract.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { eventually } from '../support/eventually.ts'
import { rejectionOf } from './queue.contract.ts'

/** One server, and how time passes for it. */
export interface CacheServer {
  /** A new driver, not connected. */
  driver(log: ReturnType<typeof recordedLog>): CacheDriver
  /** Makes `ms` pass where time is ours; where it is not, callers poll. */
  pass(ms: number): Promise<void>
  /** Milliseconds until the key expires. */
  timeToLive(key: string): Promise<number>
  close(prefix: string): Promise<void>
}

const MINUTE = 60_000

export function cacheContract(name: string, open: () => Promise<CacheServer>): void {
  describe(`cache contract: ${name}`, () => {
    const prefix = `contract-${randomUUID()}:`
    const drivers: CacheDriver[] = []
    let server: CacheServer
    let keys = 0
    const fresh = () => `${prefix}${keys++}`
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

    it('has nothing under a key that was never set', async () => {
      const cache = await connected()
      expect(await cache.get(fresh())).toBeUndefined()
    })

    it.each([
      ['plain text', 'value'],
      ['an empty text', ''],
      ['all of Unicode', 'grün 🌱 \u0000 \u2028 "\\ 漢字'],
      ['1 MB', 'ä'.repeat(524_288)],
    ])('gives back %s as it was set', async (_, value) => {
      const cache = await connected()
      const key = fresh() + value.slice(0, 8)
      await cache.set(key, value, MINUTE)
      expect((await cache.get(key)) === value).toBe(true)
    })

    it('keeps what was set last', async () => {
      const cache = await connected()
      const key = fresh()
      await cache.set(key, 'first', MINUTE)
      await cache.set(key, 'second', MINUTE)
      expect(await cache.get(key)).toBe('second')
    })

    it('lets every driver see what one has set', async () => {
      const [one, two] = [await connected(), await connected()]
      const key = fresh()
      await one.set(key, 'shared', MINUTE)
      expect(await two.get(key)).toBe('shared')
    })

    it('forgets after the time to live, and not before', async () => {
      const cache = await connected()
      const [short, long] = [fresh(), fresh()]
      await cache.set(short, 'short', 400)
      await cache.set(long, 'long', MINUTE)
      expect(await cache.get(short)).toBe('short')
      expect(await server.timeToLive(short)).toBeLessThanOrEqual(400)
      expect(await server.timeToLive(long)).toBeGreaterThan(MINUTE - 10_000)
      await server.pass(400)
      await eventually('it has expired', async () => (await cache.get(short)) === undefined, 5_000)
      expect(await cache.get(long)).toBe('long')
    })

    it('starts the time to live again when the key is set again', async () => {
      const cache = await connected()
      const key = fresh()
      await cache.set(key, 'a', 300)
      await cache.set(key, 'b', MINUTE)
      await server.pass(300)
      expect(await server.timeToLive(key)).toBeGreaterThan(MINUTE / 2)
      expect(await cache.get(key)).toBe('b')
    })

    it('takes a time to live that is no whole number of milliseconds', async () => {
      const cache = await connected()
      const key = fresh()
      await cache.set(key, 'odd', 1_500.7)
      expect(await cache.get(key)).toBe('odd')
      await cache.set(key, 'tiny', 0.2)
      await server.pass(1)
      await eventually('it has expired', async () => (await cache.get(key)) === undefined, 5_000)
    })

    it('deletes, and deletes what is not there', async () => {
      const cache = await connected()
      const key = fresh()
      await cache.set(key, 'gone', MINUTE)
      await cache.delete(key)
      expect(await cache.get(key)).toBeUndefined()
      await cache.delete(key)
    })

    it('gives back a hash as it was set: any name of a field, any text', async () => {
      const cache = await connected()
      const key = fresh()
      const fields = new Map([
        ['user', '"ä🌱"'],
        ['__proto__', '1'],
        ['', 'empty name'],
        ['empty', ''],
      ])
      expect(await cache.getHash(key)).toBeUndefined()
      await cache.setHash(key, fields, MINUTE)
      expect(new Map(await cache.getHash(key))).toEqual(fields)
      expect(await server.timeToLive(key)).toBeGreaterThan(MINUTE - 10_000)
    })

    it('replaces a hash as a whole, and starts its time to live again', async () => {
      const cache = await connected()
      const key = fresh()
      await cache.setHash(
        key,
        new Map([
          ['a', '1'],
          ['b', '2'],
        ]),
        300,
      )
      await cache.setHash(key, new Map([['b', '3']]), MINUTE)
      await server.pass(300)
      expect([...((await cache.getHash(key)) ?? [])]).toEqual([['b', '3']])
      expect(await server.timeToLive(key)).toBeGreaterThan(MINUTE / 2)
    })

    it('writes either kind over the other, and refuses to read one as the other', async () => {
      const cache = await connected()
      const key = fresh()
      await cache.set(key, 'text', MINUTE)
      expect((await rejectionOf(cache.getHash(key))).code).toBe('SLU5403')
      await cache.setHash(key, new Map([['a', '1']]), MINUTE)
      expect((await rejectionOf(cache.get(key))).code).toBe('SLU5403')
      await cache.set(key, 'text', MINUTE)
      expect(await cache.get(key)).toBe('text')
    })

    it('leases a key to one of all who ask, until it is given back or its time is over', async () => {
      const [one, two] = [await connected(), await connected()]
      const key = fresh()
      const taken = await Promise.all(
        Array.from({ length: 100 }, (_, n) =>
          (n % 2 === 0 ? one : two).lease(key, `t${n}`, MINUTE),
        ),
      )
      expect(taken.filter(Boolean)).toHaveLength(1)
      expect(await server.timeToLive(key)).toBeGreaterThan(MINUTE - 10_000)
      await two.release(key, 'another')
      expect(await two.lease(key, 'another', MINUTE)).toBe(false)
      await two.release(key, `t${taken.indexOf(true)}`)
      expect(await two.lease(key, 'short', 300)).toBe(true)
      await server.pass(300)
      await eventually('the lease is over', () => one.lease(key, 'next', MINUTE), 5_000)
      await two.release(key, 'short')
      expect(await two.lease(key, 'short', MINUTE)).toBe(false)
      await one.release(fresh(), 'nobody')
    })

    it('agrees with all who ask on what stands there first, and keeps it as long as the last one asks', async () => {
      const [one, two] = [await connected(), await connected()]
      const key = fresh()
      const agreed = await Promise.all(
        Array.from({ length: 100 }, (_, n) =>
          (n % 2 === 0 ? one : two).agree(key, `g${n}`, n === 50 ? MINUTE : 5_000),
        ),
      )
      expect(new Set(agreed).size).toBe(1)
      expect(await one.get(key)).toBe(agreed[0])
      expect(await server.timeToLive(key)).toBeGreaterThan(MINUTE - 10_000)
      await two.delete(key)
      expect(await one.agree(key, 'another', 300)).toBe('another')
      await server.pass(300)
      await eventually('it has expired', async () => (await two.get(key)) === undefined, 5_000)
      expect(await two.agree(key, 'third', MINUTE)).toBe('third')
    })

    it('answers 5,000 concurrent gets, each with its own value', async () => {
      const cache = await connected()
      const all = Array.from({ length: 500 }, () => fresh())
      await Promise.all(all.map((key) => cache.set(key, `value of ${key}`, MINUTE)))
      const asked = Array.from({ length: 5_000 }, (_, n) => all[(n * 7) % 500] ?? '')
      const answers = await Promise.all(asked.map((key) => cache.get(key)))
      expect(answers).toEqual(asked.map((key) => `value of ${key}`))
    })

    it('connects once however often it is asked, answers pings and is up', async () => {
      const cache = await connected()
      await Promise.all([cache.connect(), cache.connect()])
      expect(cache.isUp()).toBe(true)
      await cache.whenUp()
      await cache.ping()
    })

    it('rejects everything before connect and after close, as an outage, and closes twice', async () => {
      const cache = server.driver(recordedLog())
      expect((await rejectionOf(cache.get(fresh()))).code).toBe('SLU5401')
      await cache.connect()
      await Promise.all([cache.close(), cache.close()])
      expect(cache.isUp()).toBe(false)
      for (const late of [
        cache.get(fresh()),
        cache.set(fresh(), 'late', MINUTE),
        cache.getHash(fresh()),
        cache.setHash(fresh(), new Map([['a', '1']]), MINUTE),
        cache.delete(fresh()),
        cache.lease(fresh(), 'late', MINUTE),
        cache.release(fresh(), 'late'),
        cache.agree(fresh(), 'late', MINUTE),
        cache.ping(),
        cache.connect(),
      ])
        expect(await rejectionOf(late)).toMatchObject({ code: 'SLU5401', outage: true })
    })
  })
}
