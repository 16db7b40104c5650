// What every state store promises, embedded or real; the same cases for all of them.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Claim, StateDriver } from '../../workers/core/contract.ts'
import { eventually } from '../support/eventually.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { rejectionOf } from './queue.contract.ts'
import { windowsContract } from './windows.contract.ts'

/** One server, and how time passes for it. */
export interface StateServer {
  /** A new driver, not connected. */
  driver(log: ReturnType<typeof recordedLog>): StateDriver
  /** Makes `ms` pass where time is ours; where it is not, callers poll. */
  pass(ms: number): Promise<void>
  /** The wall clock of the server, near enough. */
  now(): number
  close(prefix: string): Promise<void>
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export function stateContract(name: string, open: () => Promise<StateServer>): void {
  describe(`state contract: ${name}`, () => {
    const prefix = `contract-${randomUUID()}:`
    const drivers: StateDriver[] = []
    let server: StateServer
    let names = 0
    const fresh = () => `${prefix}${names++}`
    const connected = async () => {
      const driver = server.driver(recordedLog())
      drivers.push(driver)
      await driver.connect()
      return driver
    }
    const claimOf = (key: string, changed: Partial<Claim> = {}): Claim => ({
      key,
      place: 'orders/0/1',
      token: 'w1',
      message: 'orders/1',
      again: 0,
      leaseMs: MINUTE,
      keepMs: HOUR,
      ...changed,
    })
    beforeAll(async () => {
      server = await open()
    })
    afterAll(async () => {
      await Promise.all(drivers.map((driver) => driver.close()))
      await server.close(prefix)
    })

    it('gives a record to who claims it, and again to the same, as often as asked', async () => {
      const state = await connected()
      const claim = claimOf(fresh())
      expect(await state.claim(claim)).toEqual({ kind: 'taken' })
      expect(await state.claim(claim)).toEqual({ kind: 'taken' })
    })

    it('lets another delivery wait while the record is held, and says how long at most', async () => {
      const [one, two] = [await connected(), await connected()]
      const key = fresh()
      await one.claim(claimOf(key))
      const other = claimOf(key, { place: 'orders/1/7', token: 'w2' })
      const answer = await two.claim(other)
      expect(answer).toMatchObject({ kind: 'held' })
      const { leftMs } = answer as { leftMs: number }
      expect(leftMs).toBeGreaterThan(MINUTE / 2)
      expect(leftMs).toBeLessThanOrEqual(MINUTE)
    })

    it('gives it at once to the same delivery in new hands, and takes nothing from those any more', async () => {
      const state = await connected()
      const key = fresh()
      const [before, after] = [claimOf(key), claimOf(key, { token: 'w2' })]
      await state.claim(before)
      expect(await state.claim(after)).toEqual({ kind: 'taken' })
      // The former holder lets go too late: it is not its own any more.
      await state.settle(before, 'open')
      const other = claimOf(key, { place: 'orders/1/7', token: 'w3' })
      expect(await state.claim(other)).toMatchObject({ kind: 'held' })
      await state.settle(after, 'open')
      expect(await state.claim(other)).toEqual({ kind: 'taken' })
    })

    it('gives it at once to a delivery that came before, wherever that was', async () => {
      const state = await connected()
      const key = fresh()
      await state.claim(claimOf(key))
      const again = claimOf(key, { place: 'orders/0/2', token: 'w2', again: 1 })
      expect(await state.claim(again)).toEqual({ kind: 'taken' })
      expect(await state.claim(claimOf(key))).toMatchObject({ kind: 'held' })
      // A copy that came as often may be at work right now; one that came more often cannot have been.
      const copy = { ...again, place: 'orders/0/3', token: 'w3' }
      expect(await state.claim(copy)).toMatchObject({ kind: 'held' })
      expect(await state.claim({ ...copy, again: 2 })).toEqual({ kind: 'taken' })
    })

    it('gives it to no other message before its lease is over, however often that came', async () => {
      const state = await connected()
      const key = fresh()
      await state.claim(claimOf(key))
      const other = claimOf(key, { place: 'orders/0/2', message: 'orders/2', again: 3 })
      expect(await state.claim(other)).toMatchObject({ kind: 'held' })
    })

    it('tells two deliveries in the same hands apart', async () => {
      const state = await connected()
      const key = fresh()
      await state.claim(claimOf(key))
      expect(await state.claim(claimOf(key, { place: 'orders/0/2' }))).toMatchObject({
        kind: 'held',
      })
    })

    it('gives it to another delivery when the lease is over, and starts that anew with each claim', async () => {
      const state = await connected()
      const [short, renewed] = [fresh(), fresh()]
      await state.claim(claimOf(short, { leaseMs: 300 }))
      await state.claim(claimOf(renewed, { leaseMs: 300 }))
      await state.claim(claimOf(renewed, { leaseMs: MINUTE }))
      await server.pass(300)
      const other = { place: 'orders/1/7', token: 'w2' }
      await eventually(
        'the lease is over',
        async () => (await state.claim(claimOf(short, other))).kind === 'taken',
        5_000,
      )
      expect(await state.claim(claimOf(renewed, other))).toMatchObject({ kind: 'held' })
    })

    it('starts the lease anew for who holds it still, and for nobody else', async () => {
      const state = await connected()
      const [kept, lost] = [fresh(), fresh()]
      const other = { place: 'orders/1/7', token: 'w2' }
      await state.claim(claimOf(kept, { leaseMs: 300 }))
      await state.settle(claimOf(kept), 'held')
      const before = claimOf(lost)
      await state.claim(before)
      await state.claim(claimOf(lost, { token: 'w2', leaseMs: 300 }))
      await state.settle(before, 'held')
      await server.pass(300)
      await eventually(
        'the lease is over',
        async () => (await state.claim(claimOf(lost, other))).kind === 'taken',
        5_000,
      )
      expect(await state.claim(claimOf(kept, other))).toMatchObject({ kind: 'held' })
      await state.settle(claimOf(kept), 'done')
      await state.settle(claimOf(kept), 'held')
      expect(await state.claim(claimOf(kept, other))).toEqual({ kind: 'done' })
      // What nobody holds is held by nobody.
      const never = fresh()
      await state.settle(claimOf(never), 'held')
      expect(await state.claim(claimOf(never, other))).toEqual({ kind: 'taken' })
    })

    it('tells everybody what is done, whoever held it, and forgets when it need not be kept', async () => {
      const state = await connected()
      const key = fresh()
      const claim = claimOf(key, { keepMs: 400 })
      const other = claimOf(key, { place: 'orders/1/7', token: 'w2' })
      await state.claim(claim)
      await state.settle(claim, 'done')
      await state.settle(claim, 'done')
      expect(await state.claim(claim)).toEqual({ kind: 'done' })
      expect(await state.claim(other)).toEqual({ kind: 'done' })
      await state.settle(claim, 'open')
      expect(await state.claim(other)).toEqual({ kind: 'done' })
      await server.pass(400)
      await eventually(
        'it is forgotten',
        async () => (await state.claim(other)).kind === 'taken',
        5_000,
      )
    })

    it('gives a record to one of a hundred who ask at once', async () => {
      const [one, two] = [await connected(), await connected()]
      const key = fresh()
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, n) =>
          (n % 2 === 0 ? one : two).claim(claimOf(key, { place: `orders/0/${n}` })),
        ),
      )
      expect(answers.filter(({ kind }) => kind === 'taken')).toHaveLength(1)
      expect(answers.filter(({ kind }) => kind === 'held')).toHaveLength(99)
    })

    it('claims 5,000 records at once, each with its own answer', async () => {
      const state = await connected()
      const keys = Array.from({ length: 2_500 }, () => fresh())
      const first = await Promise.all(keys.map((key) => state.claim(claimOf(key))))
      expect(first.every(({ kind }) => kind === 'taken')).toBe(true)
      await Promise.all(
        keys
          .filter((_, n) => n % 2 === 0)
          .map((key) => state.settle(claimOf(key, { keepMs: MINUTE }), 'done')),
      )
      const again = await Promise.all(keys.map((key) => state.claim(claimOf(key))))
      expect(again.map(({ kind }) => kind)).toEqual(
        keys.map((_, n) => (n % 2 === 0 ? 'done' : 'taken')),
      )
    })

    it.each([
      ['plain text', 'value'],
      ['an empty text', ''],
      ['all of Unicode', 'grün 🌱 \u0000 \u2028 "\\ 漢字'],
      ['64 KiB', 'a'.repeat(65_536)],
    ])('gives back %s as it was written, to everybody', async (_, text) => {
      const [one, two] = [await connected(), await connected()]
      const folder = fresh()
      expect(await one.read(folder, 'a')).toBeUndefined()
      expect(await one.write({ folder, name: 'a', text, ttlMs: MINUTE })).toBe(true)
      expect((await two.read(folder, 'a')) === text).toBe(true)
    })

    it('keeps what was written last, for as long as it says', async () => {
      const state = await connected()
      const folder = fresh()
      await state.write({ folder, name: 'a', text: 'first', ttlMs: MINUTE })
      await state.write({ folder, name: 'a', text: 'second', ttlMs: 400 })
      await state.write({ folder, name: 'b', text: 'long', ttlMs: MINUTE })
      expect(await state.read(folder, 'a')).toBe('second')
      await server.pass(400)
      await eventually(
        'it is forgotten',
        async () => (await state.read(folder, 'a')) === undefined,
        5_000,
      )
      expect(await state.list(folder)).toEqual(new Map([['b', 'long']]))
    })

    it('writes where nothing stands, and says no where another text does', async () => {
      const [one, two] = [await connected(), await connected()]
      const first = { folder: fresh(), name: 'a', text: 'w1', ttlMs: 400, ifAbsent: true } as const
      expect(await one.write(first)).toBe(true)
      expect(await one.write(first)).toBe(true)
      const second = { ...first, text: 'w2' }
      expect(await two.write(second)).toBe(false)
      expect(await two.read(first.folder, 'a')).toBe('w1')
      await server.pass(400)
      await eventually('the place is free', () => two.write(second), 5_000)
    })

    it('lists a folder and no other, and removes', async () => {
      const state = await connected()
      const [folder, other] = [fresh(), fresh()]
      for (const name of ['a', 'b', '__proto__', 'with {braces}:and more'])
        await state.write({ folder, name, text: `text of ${name}`, ttlMs: MINUTE })
      await state.write({ folder: other, name: 'c', text: 'c', ttlMs: MINUTE })
      await state.write({ folder: `${folder}0`, name: 'd', text: 'd', ttlMs: MINUTE })
      await state.remove(folder, 'b')
      await state.remove(folder, 'never there')
      expect(await state.read(folder, 'b')).toBeUndefined()
      expect(await state.list(folder)).toEqual(
        new Map(
          ['a', '__proto__', 'with {braces}:and more'].map((name) => [name, `text of ${name}`]),
        ),
      )
      expect(await state.list(fresh())).toEqual(new Map())
    })

    windowsContract({ connected, fresh, server: () => server })

    it('connects once however often it is asked, answers pings and is up', async () => {
      const state = await connected()
      await Promise.all([state.connect(), state.connect()])
      expect(state.isUp()).toBe(true)
      await state.whenUp()
      await state.ping()
    })

    it('rejects everything before connect and after close, as an outage, and closes twice', async () => {
      const state = server.driver(recordedLog())
      expect((await rejectionOf(state.claim(claimOf(fresh())))).code).toBe('SLU5401')
      await state.connect()
      await Promise.all([state.close(), state.close()])
      expect(state.isUp()).toBe(false)
      for (const late of [
        state.claim(claimOf(fresh())),
        state.settle(claimOf(fresh()), 'done'),
        state.settle(claimOf(fresh()), 'open'),
        state.write({ folder: fresh(), name: 'a', text: 'late', ttlMs: MINUTE }),
        state.read(fresh(), 'a'),
        state.list(fresh()),
        state.remove(fresh(), 'a'),
        state.forgetClosed(fresh(), 'a'),
        state.ping(),
        state.connect(),
      ])
        expect(await rejectionOf(late)).toMatchObject({ code: 'SLU5401', outage: true })
    })
  })
}
