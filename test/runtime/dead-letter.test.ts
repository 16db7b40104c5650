import { describe, expect, test } from 'vitest'
import { permanent } from '../../workers/core/handler.ts'
import { SluiceError } from '../../workers/core/errors.ts'
import type { LogMessage } from '../../workers/core/message.ts'
import { deadLetter } from '../../workers/runtime/dead-letter.ts'
import { OffsetTracker } from '../../workers/runtime/offset-tracker.ts'
import { LaneState, Task } from '../../workers/runtime/task.ts'

const message: LogMessage = {
  key: Buffer.from('k1'),
  value: Buffer.from([0xff, 0x00, 0x7b]),
  headers: {
    tenant: Buffer.from('a'),
    'Sluice-DLQ-attempts': 'forged',
    traceparent: '00-old-old-01',
  },
  timestamp: Date.UTC(2026, 0, 2),
  offset: 42,
}

function taskOf(attempt: number): Task {
  const lane = { id: 'orders/3', partition: 3, live: () => true }
  const task = new Task(new LaneState(lane, new OffsetTracker(0, ''), 0), message, 0, undefined)
  task.attempt = attempt
  return task
}

const parts = {
  id: 'orders/3/42/billing/dead-letter',
  fleet: 'shop',
  pipeline: 'billing',
  coordinates: { topic: 'orders', partition: '3', offset: '42' },
  failedAt: Date.UTC(2026, 0, 3),
  trace: { traceparent: '00-new-new-01' },
}
const at = { file: 'pipelines/billing.yaml', line: 14, column: 9 }
const failure = (error: SluiceError) => ({ error, step: 'charge' })

describe('a dead letter', () => {
  test('holds the bytes, the key and the headers as they were, and says why, where and when', () => {
    const error = new SluiceError('SLU5102', {
      message: 'no such card',
      at,
      cause: permanent('card\nunknown'),
    })
    const letter = deadLetter(taskOf(5), failure(error), parts, true)
    expect(letter.value).toBe(message.value)
    expect(letter.key).toBe(message.key)
    expect(letter.headers).toMatchObject({
      tenant: Buffer.from('a'),
      traceparent: '00-new-new-01',
      'sluice-dlq-version': '1',
      'sluice-dlq-code': 'SLU5102',
      'sluice-dlq-class': 'defect',
      'sluice-dlq-reason': 'no such card',
      'sluice-dlq-cause': 'PermanentError: card unknown',
      'sluice-dlq-at': 'pipelines/billing.yaml:14:9',
      'sluice-dlq-pipeline': 'billing',
      'sluice-dlq-step': 'charge',
      'sluice-dlq-attempts': '5',
      'sluice-dlq-topic': 'orders',
      'sluice-dlq-partition': '3',
      'sluice-dlq-offset': '42',
      'sluice-dlq-timestamp': '2026-01-02T00:00:00.000Z',
      'sluice-dlq-failed-at': '2026-01-03T00:00:00.000Z',
      'sluice-dlq-payload': 'complete',
      'sluice-dlq-payload-bytes': '3',
    })
    expect(letter.headers['sluice-dlq-stack']).toContain('PermanentError')
  })

  test('drops headers that pretend to be ours', () => {
    const letter = deadLetter(taskOf(1), failure(new SluiceError('SLU5001')), parts, true)
    expect(Object.keys(letter.headers)).not.toContain('Sluice-DLQ-attempts')
  })

  test('keeps its own headers below 16 KB, whatever the error says', () => {
    const cause = new Error('é'.repeat(50_000))
    cause.stack = 'ü'.repeat(50_000)
    const error = new SluiceError('SLU5101', { message: 'x'.repeat(50_000), cause })
    const { headers } = deadLetter(taskOf(1), failure(error), parts, true)
    const ours = Object.entries(headers).filter(([name]) => name.startsWith('sluice-dlq-'))
    const size = ours.reduce(
      (sum, [name, value]) => sum + name.length + Buffer.byteLength(String(value)),
      0,
    )
    expect(size).toBeLessThanOrEqual(16 * 1024)
    expect(String(headers['sluice-dlq-cause'])).not.toContain('\uFFFD')
  })

  test('without its payload says so and still names the origin', () => {
    const letter = deadLetter(taskOf(1), failure(new SluiceError('SLU5005')), parts, false)
    expect(letter.value).toBeNull()
    expect(letter.headers['tenant']).toBeUndefined()
    expect(letter.headers).toMatchObject({
      'sluice-dlq-payload': 'omitted',
      'sluice-dlq-payload-bytes': '3',
      'sluice-dlq-offset': '42',
    })
  })
})
