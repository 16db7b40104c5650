// Quarantine between a source and a pipeline that only notes what it is handed: what it keeps in the store, and what it holds back.
import { describe, expect, it } from 'vitest'
import { systemWorld } from '../../../workers/core/clock.ts'
import type { Intake, Lane, StateDriver } from '../../../workers/core/contract.ts'
import type { SluiceError } from '../../../workers/core/errors.ts'
import type { PlacedMessage } from '../../../workers/core/message.ts'
import { EmbeddedRedis } from '../../../workers/drivers/embedded/redis.ts'
import { createEmbeddedStateDriver } from '../../../workers/drivers/embedded/state-driver.ts'
import { Quarantine, type Patient } from '../../../workers/runtime/quarantine/quarantine.ts'
import { recordOf } from '../../../workers/runtime/quarantine/record.ts'
import { Solo, type Member } from '../../../workers/runtime/quarantine/solo.ts'
import { eventually } from '../../support/eventually.ts'
import { recordedLog } from '../../support/recorded-log.ts'

const FOLDER = 'shop:held:billing'

/** Takes everything; what runs alone stays at work until the test settles it. */
class NotingPatient implements Intake, Patient {
  readonly freely: number[] = []
  readonly alone: (readonly [offset: number, condemned: string | undefined])[] = []
  readonly finished = new Set<number>()
  held = false
  private settle: () => void = () => {}
  granted() {}
  offer(_lane: Lane, messages: readonly PlacedMessage[], from: number) {
    const offered = messages.slice(from).map(({ offset }) => offset)
    this.freely.push(...offered)
    return offered.length
  }
  room = () => Promise.resolve()
  revoke = () => Promise.resolve()
  lost() {}
  hold(on: boolean) {
    this.held = on
  }
  quiet = () => Promise.resolve()
  wasFinished = (_lane: Lane, offset: number) => this.finished.has(offset)
  takeAlone(_lane: Lane, { offset }: PlacedMessage, condemned: SluiceError | undefined) {
    if (!this.finished.has(offset)) this.alone.push([offset, condemned?.code])
    return true
  }
  settled = () => new Promise<void>((resolve) => (this.settle = resolve))
  done() {
    this.settle()
  }
}

const messages = (from: number, to: number): PlacedMessage[] =>
  Array.from({ length: to - from }, (_, n) => ({
    offset: from + n,
    key: null,
    value: null,
    headers: {},
    timestamp: 0,
  }))

/** Processes one after the other, on one store. */
class Host {
  readonly redis = new EmbeddedRedis(systemWorld.clock)
  private processes = 0

  async start(committed: number, others: readonly Member[] = []) {
    const context = { world: systemWorld, log: recordedLog(), origin: 'test', clientId: 'test' }
    const state = createEmbeddedStateDriver(this.redis.state, context)
    // A store that is away at first is tried again by itself.
    await state.connect().catch(() => {})
    const solo = new Solo()
    for (const other of others) solo.join(other)
    const patient = new NotingPatient()
    const quarantine = new Quarantine({
      intake: patient,
      patient,
      solo,
      state,
      pipeline: 'billing',
      folder: FOLDER,
      holder: `process ${++this.processes}`,
      world: systemWorld,
      log: recordedLog(),
    })
    const lane: Lane = { id: 'orders/0', partition: 0, live: () => true }
    quarantine.granted([{ lane, committed, note: '' }])
    return { state, patient, quarantine, lane, feed: feeder(quarantine, lane) }
  }
}

/** Offers as a source does: what was not taken again, after there is room; resolves when all of it was taken. */
function feeder(quarantine: Quarantine, lane: Lane) {
  return async (batch: readonly PlacedMessage[]) => {
    for (let at = 0; at < batch.length;) {
      const took = quarantine.offer(lane, batch, at)
      at += took
      if (took === 0) await quarantine.room(lane)
    }
  }
}

const stored = async (state: StateDriver) => recordOf(await state.read(FOLDER, '0'))

describe('in the ordinary way', () => {
  it('notes what is handed out before it is handed out, once for many', async () => {
    const { state, patient, quarantine, lane, feed } = await new Host().start(10)
    expect(quarantine.offer(lane, messages(10, 13), 0)).toBe(0)
    await quarantine.room(lane)
    expect(quarantine.offer(lane, messages(10, 13), 0)).toBe(0)
    expect(patient.freely).toEqual([])
    await quarantine.room(lane)
    expect(await stored(state)).toMatchObject({ from: 10, upTo: 74, open: true })
    expect(quarantine.offer(lane, messages(10, 13), 0)).toBe(3)
    expect(quarantine.offer(lane, messages(13, 70), 0)).toBe(57)
    await feed(messages(70, 300))
    expect((await stored(state))?.upTo).toBe(300)
  })

  it('leaves nothing behind when the lane is given up in order', async () => {
    const { state, quarantine, lane, feed } = await new Host().start(0)
    await feed(messages(0, 5))
    await quarantine.revoke([lane])
    expect(await stored(state)).toBeUndefined()
  })

  it('a lane that is given up is not asked for room again and again while its record is closed', async () => {
    const { state, quarantine, lane, feed } = await new Host().start(0)
    await feed(messages(0, 5))
    const removed = Promise.withResolvers<void>()
    state.remove = () => removed.promise
    const order: string[] = []
    const given = quarantine.revoke([lane]).then(() => order.push('given up'))
    const asked = quarantine.room(lane).then(() => order.push('room'))
    await eventually('others have had their turn', () => true)
    expect(order).toEqual([])
    removed.resolve()
    await Promise.all([given, asked])
    expect(order).toHaveLength(2)
  })

  it('without a store nothing is held back', async () => {
    const host = new Host()
    host.redis.setAvailable(false)
    const { patient, quarantine, lane, feed } = await host.start(0)
    await feed(messages(0, 5))
    expect(patient.freely).toEqual([0, 1, 2, 3, 4])
    await quarantine.revoke([lane])
  })
})

describe('after two unclean ends', () => {
  async function suspicious() {
    const host = new Host()
    for (let ends = 0; ends < 2; ends++) await (await host.start(0)).feed(messages(0, 64))
    return host
  }

  it('hands suspects out one at a time, in order, each behind its marker, and everything after them freely', async () => {
    const host = await suspicious()
    const other = new NotingPatient()
    const { state, patient, quarantine, feed } = await host.start(61, [other])
    const fed = feed(messages(61, 70))
    for (const offset of [61, 62, 63]) {
      await eventually('the next runs alone', () => patient.alone.length === offset - 60)
      expect(quarantine.lanes).toEqual(['orders/0'])
      expect(patient.alone.at(-1)).toEqual([offset, undefined])
      expect(await stored(state)).toMatchObject({ runs: offset })
      // Nobody else of the process starts anything meanwhile.
      expect([patient.held, other.held]).toEqual([true, true])
      expect(patient.freely).toEqual([])
      patient.done()
    }
    await fed
    expect(patient.freely).toEqual([64, 65, 66, 67, 68, 69])
    expect([patient.held, other.held]).toEqual([false, false])
    expect(quarantine.lanes).toEqual([])
    expect(await stored(state)).toMatchObject({ ends: 0, ended: {} })
    expect((await stored(state))?.runs).toBeUndefined()
  })

  it('a message that is settled has no marker any more: an end before the next one starts is nobody’s', async () => {
    const busy = new NotingPatient()
    const { state, patient, feed } = await (await suspicious()).start(60, [busy])
    void feed(messages(60, 64))
    await eventually('one runs alone', () => patient.alone.length > 0)
    busy.quiet = () => new Promise(() => {})
    patient.done()
    await eventually('its marker is gone', async () => (await stored(state))?.runs === undefined)
    expect(patient.alone).toEqual([[60, undefined]])
  })

  it('what an earlier tenure has finished needs no marker', async () => {
    const { patient, feed } = await (await suspicious()).start(0)
    for (let offset = 0; offset < 62; offset++) patient.finished.add(offset)
    void feed(messages(0, 64))
    await eventually('one runs alone', () => patient.alone.length > 0)
    expect(patient.alone).toEqual([[62, undefined]])
  })

  it('gives a message up after three ends under its own marker; other markers do not count', async () => {
    const host = await suspicious()
    const run = async (upTo: number) => {
      const { patient, feed } = await host.start(60)
      void feed(messages(60, 64))
      for (let offset = 60; offset < upTo; offset++) {
        await eventually('it runs alone', () => patient.alone.at(-1)?.[0] === offset)
        patient.done()
      }
      await eventually('it runs alone', () => patient.alone.at(-1)?.[0] === upTo)
      return patient.alone.at(-1)?.[1]
    }
    // Each process ends with the last message at work.
    expect([await run(62), await run(62), await run(61), await run(62)]).toEqual(
      Array<undefined>(4).fill(undefined),
    )
    expect(await run(62)).toBe('SLU5520')
  })

  it('goes on with the suspects after a lane was given up in order, which is no end', async () => {
    const host = await suspicious()
    const before = await host.start(60)
    void before.feed(messages(60, 64))
    await eventually('one runs alone', () => before.patient.alone.length > 0)
    const leaving = before.quarantine.revoke([before.lane])
    before.patient.done()
    await leaving
    expect(await stored(before.state)).toMatchObject({ open: false, ends: 2, ended: {} })
    const { patient, quarantine, feed } = await host.start(61)
    void feed(messages(61, 64))
    await eventually('one runs alone', () => patient.alone.length > 0)
    expect(patient.alone).toEqual([[61, undefined]])
    expect(quarantine.lanes).toEqual(['orders/0'])
  })

  it('a lane that is lost while its suspect waits for its turn holds nobody', async () => {
    const host = await suspicious()
    const busy = new NotingPatient()
    const free = Promise.withResolvers<void>()
    busy.quiet = () => free.promise
    const { patient, quarantine, lane, feed } = await host.start(60, [busy])
    void feed(messages(60, 64))
    await eventually('its turn is near', () => busy.held)
    quarantine.lost([lane])
    free.resolve()
    await eventually('nobody is held', () => !busy.held)
    expect(patient.alone).toEqual([])
  })
})
