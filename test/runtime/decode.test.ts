import { describe, expect, test } from 'vitest'
import { SluiceError } from '../../workers/core/errors.ts'
import type { LogMessage } from '../../workers/core/message.ts'
import type { TopicPlan } from '../../workers/core/plan.ts'
import { systemWorld } from '../../workers/core/clock.ts'
import { silentLog } from '../../workers/core/log.ts'
import { logOrigin } from '../../workers/runtime/log-origin.ts'

const topic = {
  name: 'ml_events',
  envelope: { id: ['event_id'], type: ['event_type'], time: ['timestamp'] },
  tombstones: 'invalid' as TopicPlan['tombstones'],
}
const check = (value: unknown) =>
  typeof value === 'object' && value !== null ? undefined : 'must be object'
const lane = (partition: number) => ({ id: `ml_events/${partition}`, partition, live: () => true })
const LANES = { 0: lane(0), 3: lane(3) }
const never = () => {
  throw new Error('decoding reads nothing but the message')
}
const decodeWith = (overrides: Partial<typeof topic>) =>
  logOrigin({
    fleet: 'fleet',
    plan: { ...topic, connection: 'events', schema: 'events/any', ...overrides },
    from: { kind: 'topic', topic: 'ml_events', group: 'g', start: 'earliest', maxBytes: 1_000 },
    source: { start: never, stop: never, backlog: never, progress: never, commit: never },
    driver: { connect: never, isUp: never, whenUp: never, ping: never, close: never },
    check,
    format: undefined,
    commitEvery: 1,
    world: systemWorld,
    log: silentLog,
  }).decode
const decode = decodeWith({})

function message(value: Uint8Array | string | null, rest: Partial<LogMessage> = {}): LogMessage {
  return {
    key: Buffer.from('k'),
    value: typeof value === 'string' ? Buffer.from(value) : value,
    headers: {},
    timestamp: Date.UTC(2026, 0, 2),
    offset: 7,
    ...rest,
  }
}

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof SluiceError) return `${error.code} ${error.failure}`
    throw error
  }
  return 'accepted'
}

describe('decoding', () => {
  test('takes the identity of plain JSON from the paths of its topic', () => {
    const value = { event_id: 'e1', event_type: 't', timestamp: '2026-01-01T00:00:00Z', n: 1 }
    expect(decode(message(JSON.stringify(value)), LANES[3])).toMatchObject({
      id: 'e1',
      type: 't',
      source: '/fleet/ml_events',
      time: '2026-01-01T00:00:00Z',
      key: 'k',
      data: value,
    })
  })

  test('falls back to the place in the log, the topic and the broker’s time', () => {
    const nameless = '{ "event_id": "", "event_type": "", "timestamp": "" }'
    for (const value of ['{}', nameless])
      expect(decode(message(value, { key: null }), LANES[3])).toMatchObject({
        id: 'ml_events/3/7',
        type: 'ml_events',
        time: '2026-01-02T00:00:00.000Z',
        key: null,
      })
  })

  test('CloudEvents headers win over what the body says', () => {
    const headers = {
      ce_specversion: Buffer.from('1.0'),
      ce_id: [Buffer.from('ce-1'), Buffer.from('ce-2')],
      ce_source: '/shop',
      ce_type: 'x.y',
      ce_subject: 's',
    }
    expect(decode(message('{"event_id":"body"}', { headers }), LANES[0])).toMatchObject({
      id: 'ce-1',
      source: '/shop',
      type: 'x.y',
      subject: 's',
      key: 'k',
    })
    expect(
      codeOf(() => decode(message('{}', { headers: { ce_specversion: '1.0' } }), LANES[0])),
    ).toBe('SLU5009 invalid')
    expect(
      codeOf(() =>
        decode(message('{}', { headers: { ...headers, ce_specversion: '9' } }), LANES[0]),
      ),
    ).toBe('SLU5009 invalid')
  })

  const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
  test.each([
    ['malformed JSON', '{"a":', 'SLU5001 invalid'],
    ['a byte order mark before JSON (RFC 8259 lets a parser ignore it)', '\uFEFF{}', 'accepted'],
    ['NaN', '{"a":NaN}', 'SLU5001 invalid'],
    ['a trailing comma', '[1,]', 'SLU5001 invalid'],
    ['white space alone', '  \n', 'SLU5001 invalid'],
    ['a poisoned prototype', '{"__proto__":{"x":1}}', 'SLU5001 invalid'],
    ['a poisoned constructor', '{"constructor":{"prototype":{"x":1}}}', 'SLU5001 invalid'],
    ['a value that fails its schema', '3', 'SLU5002 invalid'],
    ['JSON null', 'null', 'SLU5002 invalid'],
    ['an empty value', '', 'SLU5003 invalid'],
    ['too many bytes', `"${'x'.repeat(1_000)}"`, 'SLU5005 invalid'],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'SLU5006 invalid'],
    ['65 levels', deep(65), 'SLU5007 invalid'],
    ['64 levels', deep(64), 'accepted'],
    ['brackets inside strings', JSON.stringify({ a: '['.repeat(200), b: '\\"[' }), 'accepted'],
    ['lone surrogates, written as escapes', '{"a":"\\ud800"}', 'accepted'],
    ['duplicate keys', '{"a":1,"a":2}', 'accepted'],
    ['a plain `constructor` field', '{"constructor":"Acme"}', 'accepted'],
  ])('%s', (_name, value, expected) => {
    expect(codeOf(() => decode(message(value), LANES[0]))).toBe(expected)
  })

  test('a tombstone is what its topic says', () => {
    expect(codeOf(() => decode(message(null), LANES[0]))).toBe('SLU5004 invalid')
    expect(decodeWith({ tombstones: 'skip' })(message(null), LANES[0])).toBe('skip')
    expect(decodeWith({ tombstones: 'deliver' })(message(null), LANES[0])).toMatchObject({
      data: null,
    })
  })

  test('headers are bounded in number and bytes', () => {
    const many = Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`h${n}`, 'x']))
    expect(codeOf(() => decode(message('{}', { headers: many }), LANES[0]))).toBe('SLU5008 invalid')
    const large = { h: Buffer.alloc(64 * 1024 + 1) }
    expect(codeOf(() => decode(message('{}', { headers: large }), LANES[0]))).toBe(
      'SLU5008 invalid',
    )
  })

  test('says nothing of what the message holds', () => {
    try {
      decode(message('{"card": 4111111111111111, oops}'), LANES[0])
      expect.unreachable()
    } catch (error) {
      expect((error as Error).message).not.toContain('4111')
    }
  })

  test('pollutes nothing', () => {
    codeOf(() => decode(message('{"__proto__":{"polluted":1}}'), LANES[0]))
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
