// Dead letters and parked copies of anything at all: what was on the message comes back as it was, what is ours stays small and readable,
// and nobody forges it.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SluiceError } from '../../workers/core/errors.ts'
import { headerText, type PlacedMessage, type QueueMessage } from '../../workers/core/message.ts'
import { deadLetter, type LetterParts } from '../../workers/runtime/dead-letter.ts'
import { OffsetTracker } from '../../workers/runtime/offset-tracker.ts'
import { parkedLog, returnedLog } from '../../workers/runtime/parked-log.ts'
import { parkedQueued, returnedQueued } from '../../workers/runtime/parked-queued.ts'
import { LaneState, Task } from '../../workers/runtime/task.ts'
import { readLetter } from '../../workers/ops/dlq/letter.ts'
import { bytes, headersWith, texts, written } from '../support/hostile.ts'
import { runs } from '../support/fuzz.ts'

const messages = (...names: string[]): fc.Arbitrary<PlacedMessage> =>
  fc.record({
    key: fc.option(bytes(), { nil: null }),
    value: fc.option(bytes(200), { nil: null }),
    headers: headersWith(...names),
    timestamp: fc.oneof(
      fc.integer({ min: 0, max: 4e12 }),
      fc.constantFrom(-1, 0, 8.64e15, 9e15, -9e15, NaN),
    ),
    offset: fc.nat(2 ** 31),
  })

function taskOf(message: PlacedMessage, attempt: number, id: string | undefined): Task {
  const lane = { id: 'orders/3', partition: 3, live: () => true }
  const task = new Task(new LaneState(lane, new OffsetTracker(0, ''), 0), message, 0, undefined)
  task.attempt = attempt
  if (id !== undefined) task.event = { id, type: 't', source: 's', time: '', key: null, data: null }
  return task
}

/** As somebody may throw them: any text, of any length. */
const long = fc
  .tuple(texts(20), fc.constantFrom(1, 1, 40, 2_000))
  .map(([text, times]) => text.repeat(times))
/** Or no text at all. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: long },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(5, null, undefined, Symbol('s'), ['a'], {
      toString: () => {
        throw new Error('no')
      },
    }),
  },
)
const failures = fc
  .record({
    code: fc.constantFrom('SLU5001' as const, 'SLU5101' as const, 'SLU5102' as const),
    message: long,
    cause: fc.option(fc.record({ name: odd, message: odd, stack: odd }), { nil: undefined }),
    step: fc.option(fc.constantFrom('charge', 'a'), { nil: undefined }),
  })
  .map(({ code, message, cause, step }) => {
    const thrown = cause && Object.assign(new Error('x'), cause)
    return { error: new SluiceError(code, { message, cause: thrown }), step }
  })

const parts = (coordinates: Record<string, string>): LetterParts => ({
  id: 'orders/3/42/billing/dead-letter',
  fleet: 'shop',
  pipeline: 'billing',
  coordinates,
  failedAt: Date.UTC(2026, 0, 3),
  trace: { traceparent: '00-new-new-01' },
})
const OURS = 'sluice-dlq-'
const isOurs = (name: string) => name.toLowerCase().startsWith(OURS)

/** Where it stood, as far as a sender has a say in it. */
const places = fc.oneof(
  fc.constant({ topic: 'orders', partition: '3', offset: '42' }),
  fc.tuple(written(255), written(255), written(255)).map(([id, type, source]) => ({
    queue: 'orders',
    'message-id': id,
    'message-type': type,
    'message-source': source,
  })),
)

describe('a dead letter of anything', () => {
  const cases = fc.record({
    message: messages('Sluice-DLQ-code', 'sluice-dlq-reason', 'traceparent'),
    failure: failures,
    attempt: fc.integer({ min: 1, max: 1_000 }),
    // No event is without a name.
    id: fc.option(
      written(600).filter((text) => text !== ''),
      { nil: undefined },
    ),
    coordinates: places,
    payload: fc.boolean(),
  })

  test('has headers of ours that are small, and text of one line; and none that the sender made up', () => {
    fc.assert(
      fc.property(cases, ({ message, failure, attempt, id, coordinates, payload }) => {
        const task = taskOf(message, attempt, id)
        const letter = deadLetter(task, failure, parts(coordinates), payload)
        const ours = Object.entries(letter.headers).filter(([name]) => isOurs(name))
        const size = ours.reduce(
          (sum, [name, value]) => sum + name.length + Buffer.byteLength(String(value)),
          0,
        )
        expect(size).toBeLessThanOrEqual(16 * 1024)
        for (const [name, value] of ours) {
          expect(name).toBe(name.toLowerCase())
          expect(String(value).isWellFormed(), name).toBe(true)
          if (!name.endsWith('-stack') && !name.includes('-message-'))
            expect(String(value), name).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
        }
        expect(letter.headers).toMatchObject({
          [`${OURS}code`]: failure.error.code,
          [`${OURS}attempts`]: String(attempt),
          ...Object.fromEntries(
            Object.entries(coordinates).map(([name, value]) => [OURS + name, value]),
          ),
        })
      }),
      { numRuns: runs(400) },
    )
  })

  test('keeps everything of the message, or says that it does not', () => {
    fc.assert(
      fc.property(cases, ({ message, failure, attempt, id, coordinates, payload }) => {
        const letter = deadLetter(
          taskOf(message, attempt, id),
          failure,
          parts(coordinates),
          payload,
        )
        const said = headerText(letter.headers, `${OURS}payload`)
        expect(said).toBe(message.value === null ? 'none' : payload ? 'complete' : 'omitted')
        expect(headerText(letter.headers, `${OURS}payload-bytes`)).toBe(
          String(message.value?.length ?? 0),
        )
        expect(letter.value).toBe(payload ? message.value : null)
        const others = Object.entries(letter.headers).filter(
          ([name]) => !isOurs(name) && name !== 'traceparent',
        )
        const given = Object.entries(message.headers).filter(
          ([name]) => !isOurs(name) && name !== 'traceparent',
        )
        expect(Object.fromEntries(others)).toEqual(payload ? Object.fromEntries(given) : {})
      }),
    )
  })

  test('is read as what it was written, whoever threw what', () => {
    fc.assert(
      fc.property(cases, ({ message, failure, attempt, id, coordinates, payload }) => {
        const task = taskOf(message, attempt, id)
        const { headers, key, value } = deadLetter(task, failure, parts(coordinates), payload)
        const spot = { destination: 'letters', partition: 0, offset: 1 }
        const letter = readLetter(spot, { headers, key, value, timestamp: 0, offset: 1 })
        const isTold = Object.values(coordinates).every((text) => text !== '' && text.length <= 255)
        if (!isTold) return
        expect(letter).toMatchObject({
          kind: 'letter',
          code: failure.error.code,
          class: failure.error.failure,
          step: failure.step,
          attempts: attempt,
        })
      }),
      { numRuns: runs(400) },
    )
  })
})

describe('a parked copy of anything', () => {
  const cases = fc.record({
    message: messages('Sluice-Park-attempt', 'sluice-park-done', 'traceparent', 'tracestate'),
    attempt: fc.integer({ min: 1, max: 1_000 }),
    partition: fc.nat(10_000),
    offset: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    done: fc.uniqueArray(fc.constantFrom('a', 'b', 'each:2', 'each/a', 'Ä_1'), { maxLength: 4 }),
    delayMs: fc.nat(7 * 86_400_000),
  })
  const isWritten = (name: string) =>
    name.toLowerCase().startsWith('sluice-park-') || ['traceparent', 'tracestate'].includes(name)
  const kept = (headers: PlacedMessage['headers']) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !isWritten(name)))
  const trace = { traceparent: '00-new-new-01' }
  const now = 1_767_225_600_000

  test('of a topic comes back as the message, with its place, its attempt and what is done of it', () => {
    fc.assert(
      fc.property(cases, ({ message, attempt, partition, offset, done, delayMs }) => {
        const from = { topic: 'orders', partition, offset }
        const copy = parkedLog(message, from, { id: 'x', attempt, done, delayMs, now, trace })
        const back = returnedLog({ ...copy, offset: 7 }, 'billing.retry.1m', 2)
        expect(back.dueAt).toBe(now + delayMs)
        expect(back.message.parked).toEqual({ ...from, attempt, done })
        expect([back.message.key, back.message.value]).toEqual([message.key, message.value])
        expect(kept(back.message.headers)).toEqual(kept(message.headers))
        expect(back.message.headers['traceparent']).toBe(trace.traceparent)
        expect(back.message.offset).toBe(7)
        const isKept = Number.isSafeInteger(message.timestamp) && message.timestamp >= 0
        expect(back.message.timestamp).toBe(isKept ? message.timestamp : now)
      }),
    )
  })

  test('that somebody else wrote is due at some time, and of some attempt: nothing of it is out of bounds', () => {
    const NAMES = ['attempt', 'topic', 'partition', 'offset', 'timestamp', 'due', 'done']
    fc.assert(
      fc.property(messages(...NAMES.map((name) => `sluice-park-${name}`)), (copy) => {
        const { message, dueAt } = returnedLog(copy, 'billing.retry.1m', 2)
        const { attempt, partition, offset, done } = message.parked ?? {}
        for (const number of [attempt, partition, offset, dueAt])
          expect(Number.isSafeInteger(number) && (number as number) >= 0).toBe(true)
        expect(attempt).toBeGreaterThanOrEqual(1)
        expect(done).not.toContain('')
        expect(Object.keys(message.headers).some((name) => name.startsWith('sluice-park-'))).toBe(
          false,
        )
      }),
    )
  })

  test('of a queue comes back as the message, with its properties and the id that it was known by', () => {
    const said = fc.record({
      id: fc.option(written(60), { nil: undefined }),
      type: fc.option(written(60), { nil: undefined }),
      source: fc.option(written(60), { nil: undefined }),
      known: fc.option(written(60), { nil: undefined }),
    })
    fc.assert(
      fc.property(cases, said, ({ message, attempt, done, delayMs }, { known, ...properties }) => {
        const own = Object.fromEntries(
          Object.entries(properties).filter(([, text]) => text !== undefined),
        )
        const asked = { replyTo: 'sluice.replies.x', correlationId: 'c' }
        const given: QueueMessage = { ...message, redelivered: false, ...own }
        const parts = { id: 'x', attempt, done, delayMs, now, trace }
        const copy = parkedQueued(given, known, parts)
        const deaths = { 'x-death': 'billing', 'x-first-death-queue': 'billing' }
        const back = returnedQueued({
          ...copy,
          ...asked,
          headers: { ...copy.headers, ...deaths },
          offset: 7,
          redelivered: true,
        })
        const { id, type, source } = back
        expect([id, type, source]).toEqual([
          properties.id ?? known ?? 'x',
          properties.type,
          properties.source,
        ])
        expect(back.parked).toEqual({ attempt, done })
        expect([back.key, back.value, back.offset]).toEqual([message.key, message.value, 7])
        expect([back.replyTo, back.correlationId]).toEqual([undefined, undefined])
        expect(kept(back.headers)).toEqual(kept(message.headers))
      }),
    )
  })
})
