// Replays that were killed: wherever it was, whoever comes next finishes it with one effect, or says that nobody can know.
import { describe, expect, test } from 'vitest'
import { first, one, openDesk, status, type Desk, type DeskOptions } from './desk.ts'

describe('a replay that was killed', () => {
  /** Calls of an undisturbed replay: the ledger, the broker, the audit log. */
  const CALLS = 8
  const points = Array.from({ length: CALLS }, (_, n) => n + 1).flatMap((killedAt) => [
    { killedAt, done: false },
    { killedAt, done: true },
  ])

  test('makes so many calls', async () => {
    const desk = await openDesk()
    await desk.fail({})
    const { by, calls } = desk.operator()
    await by.replay(await first(desk), desk.destination('orders.dlq'))
    expect(calls()).toBe(CALLS)
  })

  test.each(points)(
    'at call $killedAt (done: $done) is finished with one effect',
    async (point) => {
      const desk = await openDesk()
      await desk.fail({})
      const letter = await first(desk)
      await expect(one(desk, point)).rejects.toThrow()
      const done = await desk.replay('orders.dlq')
      expect(done.refused).toEqual([])
      expect(done.held).toBe(0)
      expect(desk.arrived().map(({ of }) => of)).toEqual([letter.key])
      expect(await status(desk, letter)).toBe('replayed')
      // A line that was written before the kill may be written again, as the same one.
      expect(desk.lines.length).toBeGreaterThanOrEqual(1)
      expect(new Set(desk.lines.map((line) => `${line.letter} ${line.outcome}`)).size).toBe(1)
    },
  )

  test('is not finished while the one who began it may still be at it', async () => {
    const desk = await openDesk()
    await desk.fail({})
    await expect(one(desk, { killedAt: 3, done: true })).rejects.toThrow()
    expect(await one(desk)).toMatchObject({ kind: 'held' })
    await desk.clock.advance(40_001)
    expect(await one(desk)).toMatchObject({ kind: 'replayed' })
    expect(desk.arrived()).toHaveLength(1)
  })

  test('is finished by one of two, however long they look for what was sent', async () => {
    const desk = await openDesk()
    await desk.fail({})
    await expect(one(desk, { killedAt: 5, done: false })).rejects.toThrow()
    await desk.clock.advance(40_001)
    // Longer than a claim: the second one takes it over while the first one still looks.
    const [earlier, later] = [
      desk.operator({ lookMs: 50_000 }).by,
      desk.operator({ lookMs: 15_000 }).by,
    ]
    const [letter, where] = [await first(desk), desk.destination('orders.dlq')]
    const outcomes = await desk.passing(
      Promise.all([
        earlier.replay(letter, where),
        desk.clock.sleep(41_000).then(() => later.replay(letter, where)),
      ]),
    )
    expect(outcomes.map(({ kind }) => kind)).toEqual(['held', 'replayed'])
    expect(desk.arrived()).toHaveLength(1)
  })

  test('and arrived, is finished as what it was, whatever the next one wants', async () => {
    const desk = await openDesk()
    await desk.fail({ value: '{"id":"e1","total":3}' })
    const letter = await first(desk)
    await expect(one(desk, { killedAt: 5, done: true })).rejects.toThrow()
    await desk.clock.advance(40_001)
    const edit = { kind: 'bytes', value: Buffer.from('{"id":"e2","total":9}') } as const
    expect(await one(desk, { edit })).toEqual({ kind: 'already', status: 'replayed' })
    expect(desk.arrived().map(({ text }) => text)).toEqual(['{"id":"e1","total":3}'])
    expect(await desk.look().read(letter.key)).toMatchObject({ messageId: `replay/${letter.key}` })
    expect(desk.lines.map(({ messageId, edited }) => ({ messageId, edited }))).toEqual([
      { messageId: `replay/${letter.key}`, edited: undefined },
    ])
  })

  test('is not taken for lost where the broker has forgotten what arrived', async () => {
    const desk = await openDesk()
    await desk.fail({})
    await expect(one(desk, { killedAt: 5, done: true })).rejects.toThrow()
    await desk.clock.advance(40_001)
    const forgotten = 1
    expect(await one(desk, { forgotten })).toMatchObject({
      kind: 'refused',
      error: { code: 'SLU5710' },
    })
    expect(desk.arrived()).toHaveLength(1)
    expect(await one(desk, { forgotten, resend: true })).toMatchObject({ kind: 'replayed' })
  })

  test('and is dropped then, counts as a replay all the same, should it have arrived', async () => {
    const desk = await openDesk()
    await desk.fail({})
    const letter = await first(desk)
    await expect(one(desk, { killedAt: 5, done: true })).rejects.toThrow()
    await desk.clock.advance(40_001)
    const where = desk.destination('orders.dlq')
    expect(await desk.operator().by.drop(letter, where, 'enough')).toEqual({ kind: 'dropped' })
    expect(await desk.look().read(letter.key)).toMatchObject({ status: 'dropped', count: 1 })
  })

  describe('to a queue, where nobody can see what arrived,', () => {
    const coordinates = { queue: 'tasks', 'message-id': 'm1' }
    const begin = async (desk: Desk, point: DeskOptions) => {
      await desk.failTask({ coordinates })
      const { by } = desk.operator(point)
      const letter = await first(desk, 'tasks.dlq')
      await expect(by.replay(letter, desk.destination('tasks.dlq'))).rejects.toThrow()
    }
    const arrived = (desk: Desk) => desk.queues.peek('tasks').map(({ id }) => id)
    const SEND = 5
    const ways = Array.from({ length: CALLS + 1 }, (_, n) => n + 1).flatMap((killedAt) => [
      { killedAt, done: false },
      { killedAt, done: true },
    ])

    test.each(ways)('at call $killedAt (done: $done) never has two effects', async (point) => {
      const desk = await openDesk()
      await begin(desk, point)
      const done = await desk.replay('tasks.dlq')
      const sent = point.killedAt > SEND || (point.killedAt === SEND && point.done)
      // From the moment it is to be sent until it is noted that it was.
      const isUnknown =
        (point.killedAt === SEND - 1 && point.done) ||
        point.killedAt === SEND ||
        (point.killedAt === SEND + 1 && !point.done)
      if (isUnknown)
        expect(done).toMatchObject({ replayed: 0, refused: [{ error: { code: 'SLU5710' } }] })
      else expect(done).toMatchObject({ refused: [], held: 0 })
      expect(arrived(desk)).toEqual(isUnknown && !sent ? [] : ['m1'])
    })

    test('is sent again as the same message to whoever remembers what he did', async () => {
      const desk = await openDesk({ once: true })
      await begin(desk, { killedAt: SEND, done: true })
      expect(await desk.replay('tasks.dlq')).toMatchObject({ replayed: 1 })
      expect(arrived(desk)).toEqual(['m1', 'm1'])
    })

    test('is not sent again to whoever has forgotten it since', async () => {
      const desk = await openDesk({ once: true })
      await begin(desk, { killedAt: SEND, done: true })
      await desk.clock.advance(3_600_001)
      expect(await desk.replay('tasks.dlq')).toMatchObject({
        replayed: 0,
        refused: [{ error: { code: 'SLU5710' } }],
      })
      expect(arrived(desk)).toEqual(['m1'])
    })

    test('is sent again when somebody says so', async () => {
      const desk = await openDesk()
      await begin(desk, { killedAt: SEND, done: false })
      expect(await desk.replay('tasks.dlq', { resend: true })).toMatchObject({ replayed: 1 })
      expect(arrived(desk)).toEqual(['m1'])
    })
  })

  test('and is done in another way by the next one, is refused where nobody can see', async () => {
    const desk = await openDesk()
    await desk.failTask({ coordinates: { queue: 'tasks', 'message-id': 'm1' } })
    const letter = await first(desk, 'tasks.dlq')
    const { by } = desk.operator({ killedAt: 5, done: true })
    await expect(by.replay(letter, desk.destination('tasks.dlq'))).rejects.toThrow()
    await desk.clock.advance(40_001)
    const edit = { kind: 'bytes', value: Buffer.from('{"total":9}') } as const
    expect(await desk.replay('tasks.dlq', { edit })).toMatchObject({
      replayed: 0,
      refused: [{ error: { code: 'SLU5704' } }],
    })
    expect(desk.queues.peek('tasks')).toHaveLength(1)
  })
})
