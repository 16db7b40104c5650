// Quarantine between a source and a pipeline that only notes what it is handed: what it keeps in the store, and what it holds back.
import { describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { cases, Host, messages, NotingPatient, stored, type Started } from './host.ts'

describe('in the ordinary way', () => {
  it('notes what is handed out before it is handed out, once for many', async () => {
    const { state, patient, quarantine, lane, feed } = await new Host().start({ committed: 10 })
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
    expect(await cases(state)).toEqual([])
  })

  it('leaves nothing behind when the lane is given up in order', async () => {
    const { state, quarantine, lane, feed } = await new Host().start()
    await feed(messages(0, 5))
    await quarantine.revoke([lane])
    expect(await stored(state)).toBeUndefined()
  })

  it('a lane that is given up is not asked for room again and again while its record is closed', async () => {
    const { state, quarantine, lane, feed } = await new Host().start()
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

  it('a partition of a tier is not that of its topic', async () => {
    const { state, quarantine, lane, feed } = await new Host().start({ committed: 10 })
    const tier = { ...lane, id: 'orders.retry.1m/0' }
    quarantine.granted([{ lane: tier, committed: 3, note: '' }])
    await feed(messages(10, 12))
    await quarantine.revoke([tier])
    expect(await stored(state)).toMatchObject({ from: 10, upTo: 74 })
  })

  it('without a store nothing is held back', async () => {
    const host = new Host()
    host.redis.setAvailable(false)
    const { patient, quarantine, lane, feed } = await host.start()
    await feed(messages(0, 5))
    expect(patient.freely).toEqual([0, 1, 2, 3, 4])
    await quarantine.revoke([lane])
  })
})

describe('after an unclean end', () => {
  /** Messages below 64 were handed out. */
  async function ended() {
    const host = new Host()
    await (await host.start()).feed(messages(0, 5))
    return host
  }

  it('hands out what was delivered and not settled by a case, no more of it at once than can be at work, and holds nobody', async () => {
    const other = new NotingPatient()
    const { state, patient, quarantine, feed } = await (
      await ended()
    ).start({ committed: 60, others: [other] })
    // Those above were not delivered before.
    await feed(messages(60, 66))
    expect(await cases(state)).toEqual([[4, '60 61 62 63']])
    expect(patient.freely).toEqual([60, 61, 62, 63, 64, 65])
    expect([patient.held, other.held, quarantine.lanes]).toEqual([false, false, []])
  })

  it('goes on with the next as soon as one of them is settled, each in its case before it is handed out', async () => {
    const { state, patient, feed } = await (await ended()).start({ committed: 50 })
    void feed(messages(50, 64))
    await eventually('it is handed out', () => patient.freely.length === 4)
    patient.finish(51)
    await eventually('the next is handed out', () => patient.freely.length === 5)
    expect(await cases(state)).toEqual([[4, '50 52 53 54']])
    expect(patient.freely.at(-1)).toBe(54)
  })

  it('forgets all of it when they have passed', async () => {
    const { state, patient, feed } = await (await ended()).start({ committed: 62 })
    await feed(messages(62, 64))
    patient.finish(62, 63)
    await feed(messages(64, 66))
    expect(await cases(state)).toEqual([])
    expect(await stored(state)).toMatchObject({ from: 62, to: 62 })
  })

  it('what an earlier tenure has finished is in no case', async () => {
    const { state, patient, feed } = await (await ended()).start()
    for (let offset = 0; offset < 62; offset++) patient.finished.add(offset)
    await feed(messages(0, 64))
    expect(await cases(state)).toEqual([[4, '62 63']])
  })

  it('a case of messages that are handed back in order, or whose session is lost, is no end of theirs', async () => {
    for (const leave of ['revoke', 'lost'] as const) {
      const { state, quarantine, lane, feed } = await (await ended()).start({ committed: 60 })
      await feed(messages(60, 64))
      await quarantine[leave]([lane])
      await eventually('its case is closed', async () => (await cases(state)).length === 0)
      expect(await stored(state)).toMatchObject({ to: 64 })
    }
  })
})

/** Ends with those of the case at work. */
async function endUnder(started: Started, from: number) {
  void started.feed(messages(from, 64))
  await eventually('it is handed out', () => started.patient.freely.length > 0)
}

describe('after an end with suspects at work', () => {
  async function suspicious() {
    const host = new Host()
    await (await host.start()).feed(messages(0, 5))
    await endUnder(await host.start({ committed: 60 }), 60)
    return host
  }

  it('of many, few are at work at once', async () => {
    const host = new Host()
    await (await host.start({ concurrency: 40 })).feed(messages(0, 64))
    await endUnder(await host.start({ concurrency: 40 }), 0)
    const { state, patient, feed } = await host.start({ concurrency: 40 })
    void feed(messages(0, 64))
    await eventually('it is handed out', () => patient.freely.length === 16)
    const of = async (atOnce: number) => (await cases(state)).filter(([one]) => one === atOnce)
    expect(await of(16)).toHaveLength(1)
    patient.finish(...patient.open)
    await eventually('the others of them', () => patient.freely.length === 32)
    patient.finish(...patient.open)
    await eventually('all of them', () => patient.freely.length === 40)
    // Who was not among them waits for nobody longer than that.
    patient.finish(...patient.open)
    await eventually('those that were not at work', () => patient.freely.length === 64)
    // What is settled leaves the case of the process that ended.
    patient.finish(...patient.open)
    await feed(messages(64, 65))
    expect(await cases(state)).toEqual([])
  })

  it('hands few out one at a time, in order, each behind its marker, and everything after them freely', async () => {
    const host = await suspicious()
    const other = new NotingPatient()
    const { state, patient, quarantine, feed } = await host.start({
      committed: 61,
      others: [other],
    })
    const fed = feed(messages(61, 70))
    for (const offset of [61, 62, 63]) {
      await eventually('the next runs alone', () => patient.alone.length === offset - 60)
      expect(quarantine.lanes).toEqual(['orders/0'])
      expect(patient.alone.at(-1)).toEqual([offset, undefined])
      expect(await cases(state)).toContainEqual([1, `${offset}`])
      // Nobody else of the process starts anything meanwhile.
      expect([patient.held, other.held]).toEqual([true, true])
      expect(patient.freely).toEqual([])
      patient.finish(offset)
    }
    await fed
    expect(patient.freely).toEqual([64, 65, 66, 67, 68, 69])
    expect([patient.held, other.held]).toEqual([false, false])
    expect(quarantine.lanes).toEqual([])
    // Of the first one, which was committed, nobody will ask again.
    expect(await cases(state)).toEqual([[4, '60']])
  })

  it('a message that is settled has no marker any more: an end before the next one starts is nobody’s', async () => {
    const busy = new NotingPatient()
    const { state, patient, feed } = await (
      await suspicious()
    ).start({ committed: 60, others: [busy] })
    void feed(messages(60, 64))
    await eventually('one runs alone', () => patient.alone.length > 0)
    busy.quiet = () => new Promise(() => {})
    patient.finish(60)
    const markers = async () => (await cases(state)).filter(([atOnce]) => atOnce === 1)
    await eventually('its marker is gone', async () => (await markers()).length === 0)
    expect(patient.alone).toEqual([[60, undefined]])
  })

  it('while something is away no message starts, and nobody is held for it', async () => {
    const { state, patient, feed } = await (await suspicious()).start({ committed: 60 })
    patient.away = true
    void feed(messages(60, 64))
    const markers = async () => (await cases(state)).filter(([atOnce]) => atOnce === 1)
    await eventually('its turn came, and is over', () => patient.turns > 0 && !patient.held)
    expect(await markers()).toEqual([])
    expect([patient.alone, patient.held]).toEqual([[], false])
    patient.away = false
    patient.changed()
    await eventually('it runs alone', () => patient.alone.length === 1)
    expect(await markers()).toEqual([[1, '60']])
  })

  it('a message that waits for another attempt has no marker and holds nobody, and gets it again before it starts', async () => {
    const { state, patient, feed } = await (await suspicious()).start({ committed: 60 })
    void feed(messages(60, 64))
    await eventually('one runs alone', () => patient.alone.length > 0)
    const markers = async () => (await cases(state)).filter(([atOnce]) => atOnce === 1)
    expect(await markers()).toHaveLength(1)
    patient.waits = 'not yet'
    patient.changed()
    await eventually('its marker is gone', async () => (await markers()).length === 0)
    await eventually('nobody is held', () => !patient.held)
    expect(patient.starts).toBe(1)
    patient.waits = 'ready'
    patient.changed()
    await eventually('it starts again', () => patient.starts === 2)
    expect(await markers()).toEqual([[1, '60']])
  })

  it('gives a message up after three ends under its own marker; other markers do not count', async () => {
    const host = await suspicious()
    const run = async (from: number, upTo: number) => {
      const { patient, feed } = await host.start({ committed: from })
      void feed(messages(from, 64))
      for (let offset = from; offset < upTo; offset++) {
        await eventually('it runs alone', () => patient.alone.at(-1)?.[0] === offset)
        patient.finish(offset)
      }
      await eventually('it runs alone', () => patient.alone.at(-1)?.[0] === upTo)
      return patient.alone.at(-1)?.[1]
    }
    // Each process ends with the last message at work.
    expect([await run(61, 61), await run(61, 62), await run(62, 62), await run(62, 62)]).toEqual(
      Array<undefined>(4).fill(undefined),
    )
    expect(await run(62, 62)).toBe('SLU5520')
  })

  it('forgets what it knew of a message only once its broker knows that it is done', async () => {
    const host = await suspicious()
    const { state, patient, feed } = await host.start({ committed: 60 })
    const told = Promise.withResolvers<void>()
    patient.settle = () => told.promise
    void feed(messages(60, 64))
    await eventually('it runs alone', () => patient.alone.length === 1)
    patient.finish(60)
    const others = async () => (await cases(state)).filter(([atOnce]) => atOnce === 4)
    await eventually('its marker is gone', async () => (await cases(state)).length === 1)
    expect(await others()).toEqual([[4, '60 61 62 63']])
    told.resolve()
    await eventually('the next runs alone', () => patient.alone.length === 2)
    expect(await others()).toEqual([[4, '61 62 63']])
  })

  it('goes on with the suspects after a lane was given up in order, which is no end', async () => {
    const host = await suspicious()
    const before = await host.start({ committed: 60 })
    void before.feed(messages(60, 64))
    await eventually('one runs alone', () => before.patient.alone.length > 0)
    const leaving = before.quarantine.revoke([before.lane])
    before.patient.finish(60)
    await leaving
    expect(await stored(before.state)).toMatchObject({ open: false, to: 64 })
    const { patient, quarantine, feed } = await host.start({ committed: 61 })
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
    const { patient, quarantine, lane, feed } = await host.start({ committed: 60, others: [busy] })
    void feed(messages(60, 64))
    await eventually('its turn is near', () => busy.held)
    quarantine.lost([lane])
    free.resolve()
    await eventually('nobody is held', () => !busy.held)
    expect(patient.alone).toEqual([])
  })
})
