// Replaying and dropping: each letter once, whoever does it, however often, wherever he is stopped; and what is refused.
import { describe, expect, test } from 'vitest'
import { SluiceError } from '../../../workers/core/errors.ts'
import { headerText } from '../../../workers/core/message.ts'
import { compileLetterExpression } from '../../../workers/ops/dlq/filter.ts'
import { alsoReading } from '../../../workers/ops/dlq/origin.ts'
import type { FleetPlan } from '../../../workers/core/plan.ts'
import { compile, edited, FLEET, PIPELINE } from '../../compile/project.ts'
import { first, one, openDesk, status, type Desk } from './desk.ts'
import { letterOf } from './support.ts'

describe('a replay', () => {
  test('sends the message as it was to where it came from, and says whose it is', async () => {
    const desk = await openDesk()
    const headers = { tenant: 'a', ce_id: 'e1', 'sluice-dlq-topic': 'forged', Traceparent: 'old' }
    await desk.fail({ value: '{"id":"e1","total":3}', headers })
    const letter = await first(desk)
    expect(await one(desk)).toMatchObject({ kind: 'replayed', to: 'topic orders' })
    const [message, ...others] = desk.arrived()
    expect(others).toEqual([])
    expect(message).toMatchObject({
      text: '{"id":"e1","total":3}',
      of: letter.key,
      headers: { tenant: 'a', ce_id: 'e1', 'sluice-replay-count': '1' },
    })
    expect(String(message?.key)).toBe('k1')
    const names = Object.keys(message?.headers ?? {})
    expect(names.filter((name) => /^sluice-dlq-/i.test(name))).toEqual([])
    // The trace goes on from the letter, whatever the message had brought along.
    expect(names.filter((name) => /^trace/i.test(name))).toEqual(['traceparent'])
    expect(message?.headers['traceparent']).toContain('a'.repeat(32))
    expect(await status(desk, letter)).toBe('replayed')
    expect(desk.lines).toMatchObject([
      {
        command: 'dlq replay',
        actor: expect.stringMatching(/^ann-/) as string,
        destination: 'orders.dlq',
        place: '0/0',
        outcome: 'replayed',
        letter: letter.key,
      },
    ])
  })

  test('of a tombstone is a tombstone', async () => {
    const desk = await openDesk()
    await desk.fail({ value: null })
    await one(desk)
    expect(desk.arrived()).toMatchObject([{ text: null }])
  })

  test('is a no-op for the second, and for a copy of the letter', async () => {
    const desk = await openDesk()
    await desk.fail({}, { failedAt: Date.UTC(2026, 0, 4) })
    expect(await desk.replay()).toMatchObject({ replayed: 1, already: 0 })
    expect(await one(desk)).toEqual({ kind: 'already', status: 'replayed' })
    expect(await desk.replay()).toMatchObject({ replayed: 0, already: 0 })
    expect(desk.arrived()).toHaveLength(1)
    expect(desk.lines).toHaveLength(1)
  })

  test('by two operators at once has one effect', async () => {
    const desk = await openDesk()
    await desk.fail(...Array.from({ length: 40 }, (_, offset) => ({ offset })))
    const runs = await desk.passing(
      Promise.all([
        desk.replay('orders.dlq'),
        desk.replay('orders.dlq'),
        desk.replay('orders.dlq'),
      ]),
    )
    expect(runs.reduce((sum, { replayed }) => sum + replayed, 0)).toBe(40)
    expect(runs.reduce((sum, { already }) => sum + already, 0)).toBe(80)
    expect(runs.every(({ held, refused }) => held === 0 && refused.length === 0)).toBe(true)
    expect(new Set(desk.arrived().map(({ of }) => of)).size).toBe(40)
    expect(desk.arrived()).toHaveLength(40)
    expect(desk.lines).toHaveLength(40)
  })

  test('keeps to its rate', async () => {
    const desk = await openDesk()
    await desk.fail(...Array.from({ length: 21 }, (_, offset) => ({ offset })))
    const from = desk.clock.monotonic()
    await desk.replay('orders.dlq', { rate: 10 })
    expect(desk.clock.monotonic() - from).toBeGreaterThanOrEqual(2_000)
    expect(desk.clock.monotonic() - from).toBeLessThan(2_500)
  })

  test('goes to the queue that a letter on a stream came from, as the same message', async () => {
    const desk = await openDesk()
    const coordinates = { queue: 'tasks', 'message-id': 'm1', 'message-type': 'order' }
    await desk.failTask({ value: '{"total":1}', coordinates })
    expect(await desk.replay('tasks.dlq')).toMatchObject({ replayed: 1 })
    expect(desk.queues.peek('tasks')).toMatchObject([{ id: 'm1', type: 'order' }])
    expect(Buffer.from(desk.queues.peek('tasks')[0]?.value ?? []).toString()).toBe('{"total":1}')
    expect(await desk.replay('tasks.dlq')).toMatchObject({ replayed: 0 })
  })
})

describe('an edit', () => {
  const edited = async (desk: Desk, text: string) => ({
    kind: 'expression' as const,
    expression: await compileLetterExpression(desk.plan.root, '--edit', text),
  })

  test('gives the message a new id, links the original, and is the same for every try', async () => {
    const desk = await openDesk()
    await desk.fail({ value: '{"id":"e1","total":-3}', headers: { ce_id: 'e1' } })
    const edit = await edited(desk, '{ ...event.data, total: 3 }')
    await expect(one(desk, { edit, killedAt: 5, done: false })).rejects.toThrow()
    await desk.clock.advance(40_001)
    expect(await one(desk, { edit })).toMatchObject({ kind: 'replayed' })
    const [message, ...others] = desk.arrived()
    expect(others).toEqual([])
    const { id, total } = JSON.parse(message?.text ?? '') as { id: string; total: number }
    expect(total).toBe(3)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(headerText(message?.headers ?? {}, 'ce_id')).toBe(id)
    expect(desk.lines[0]?.edited?.before).not.toBe(desk.lines[0]?.edited?.after)
  })

  test('keeps an id that somebody wrote', async () => {
    const desk = await openDesk()
    await desk.fail({ value: '{"id":"e1","total":-3}' })
    await one(desk, { edit: await edited(desk, "{ id: 'e2', total: 3 }") })
    expect(desk.arrived().map(({ text }) => text)).toEqual(['{"id":"e2","total":3}'])
  })

  test.each(['event.data.nothing.there', 'undefined', 'event.data.nothing'])(
    'that gives nothing is refused, and the letter stays open: %s',
    async (text) => {
      const desk = await openDesk()
      await desk.fail({})
      const outcome = await one(desk, { edit: await edited(desk, text) })
      expect(outcome).toMatchObject({ kind: 'refused', error: { code: 'SLU5708' } })
      expect(desk.arrived()).toEqual([])
      expect(await status(desk, await first(desk))).toBe('open')
      expect(await one(desk)).toMatchObject({ kind: 'replayed' })
    },
  )
})

describe('refused', () => {
  test.each([
    ['a topic that is not there', { coordinates: place('nowhere') }],
    ['a topic that no pipeline reads', { coordinates: place('billed') }],
    ['the dead letters themselves', { coordinates: place('orders.dlq') }],
    ['a queue of another pipeline’s letters', { coordinates: { queue: 'tasks' } }],
    ['a queue of commands', { coordinates: { queue: 'alerts' } }],
    ['another fleet', { fleet: 'other' }],
  ])('is %s', async (_what, written) => {
    const desk = await openDesk()
    await desk.fail(written)
    expect(await one(desk)).toMatchObject({ kind: 'refused', error: { code: 'SLU5705' } })
    expect(desk.arrived()).toEqual([])
    expect(desk.lines).toEqual([])
    expect(await status(desk, await first(desk))).toBe('open')
  })

  test('is what was replayed as often as it may be; a header alone says nothing', async () => {
    const desk = await openDesk()
    await desk.fail({
      headers: { 'sluice-replay-of': 'x'.repeat(22), 'sluice-replay-count': '99' },
    })
    let offset = 7
    for (const count of ['1', '2', '3']) {
      expect(await desk.replay()).toMatchObject({ replayed: 1 })
      const message = desk.arrived().at(-1)
      expect(headerText(message?.headers ?? {}, 'sluice-replay-count')).toBe(count)
      // It fails again.
      await desk.fail({ offset: ++offset, headers: message?.headers ?? {} })
    }
    expect(await desk.replay()).toMatchObject({
      replayed: 0,
      refused: [{ error: { code: 'SLU5707' } }],
    })
    expect(await desk.replay('orders.dlq', { maxReplays: 4 })).toMatchObject({ replayed: 1 })
  })

  test('is a payload that is gone; one that stands at its origin is fetched from there', async () => {
    const desk = await openDesk()
    const [value] = ['{"id":"large","total":3}']
    const orders = desk.log.sink({ ...desk.plan.topics['orders']!, address: 'orders' })
    const bytes = Buffer.from(value as string)
    await orders.send({
      id: '1',
      key: null,
      value: bytes,
      headers: { tenant: 'a' },
      timestamp: 0,
      contentType: '',
    })
    const coordinates = { topic: 'orders', partition: '0', offset: '0' }
    await desk.fail({ value: value as string, payload: false, coordinates })
    await desk.fail({ value: 'gone', payload: false, offset: 99 })
    expect(await desk.replay()).toMatchObject({
      replayed: 1,
      refused: [{ error: { code: 'SLU5706' } }],
    })
    expect(desk.arrived().filter(({ of }) => of !== undefined)).toMatchObject([
      { text: value, headers: { tenant: 'a' } },
    ])
  })

  test('is what the broker does not take, and the letter stays open', async () => {
    const desk = await openDesk()
    await desk.fail({})
    const edit = { kind: 'bytes', value: Buffer.alloc(2_000_000) } as const
    expect(await one(desk, { edit })).toMatchObject({
      kind: 'refused',
      error: { code: 'SLU5203' },
    })
    expect(await desk.replay()).toMatchObject({ replayed: 1 })
  })
})

describe('a drop', () => {
  test('is remembered with its reason, done once, and keeps a letter from being replayed', async () => {
    const desk = await openDesk()
    await desk.fail({})
    const letter = await first(desk)
    const where = desk.destination('orders.dlq')
    expect(await desk.operator().by.drop(letter, where, 'a test')).toEqual({ kind: 'dropped' })
    expect(await desk.operator().by.drop(letter, where, 'again')).toMatchObject({ kind: 'already' })
    expect(await one(desk)).toEqual({ kind: 'already', status: 'dropped' })
    expect(await desk.look().read(letter.key)).toMatchObject({
      status: 'dropped',
      reason: 'a test',
    })
    expect(desk.lines).toMatchObject([{ outcome: 'dropped', reason: 'a test' }])
    expect(desk.arrived()).toEqual([])
  })

  test('without its line in the audit log is none', async () => {
    const desk = await openDesk()
    await desk.fail({})
    const letter = await first(desk)
    const where = desk.destination('orders.dlq')
    const { by } = desk.operator({ killedAt: 3, done: false })
    await expect(by.drop(letter, where, 'a test')).rejects.toThrow()
    expect(await status(desk, letter)).toBe('open')
  })
})

test('who will do a replay again is named, unless it remembers what it did', () => {
  const reads = (more: string) => `pipeline: audit\nfrom: { topic: orders }\n${more}`
  const rest = PIPELINE.split('\n').slice(2).join('\n')
  const others = (more: string) => {
    const compiled = compile({
      'pipelines/audit.yaml': reads(`${more}${rest}`),
      'pipelines/fleet.yaml': edited('queues:', 'state: { in: hot }\nqueues:', FLEET),
    })
    expect(compiled.diagnostics).toEqual([])
    return alsoReading(compiled.plan as FleetPlan, letterOf())
  }
  expect(others('')).toEqual(['audit'])
  expect(others('once: { window: 1h }\n')).toEqual([])
})

test('what stops the work is no refusal', async () => {
  const desk = await openDesk()
  await desk.fail({})
  desk.topics.setAvailable(false)
  await expect(one(desk)).rejects.toBeInstanceOf(SluiceError)
})

function place(topic: string) {
  return { topic, partition: '0', offset: '1' }
}
