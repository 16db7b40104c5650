// Values that no schema would let pass, on real Kafka: one dead letter each, with code and reason, and neighbours untouched.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { produce, readTopic, type Produced } from './support/brokers-io.ts'
import { startFleet, type FleetRun } from './support/fleet-run.ts'
import type { RunReport } from '../../workers/cli/summary.ts'

let fleet: FleetRun
beforeEach(async () => {
  fleet = await startFleet()
})
afterEach(() => fleet.end())

const good = (n: number): Produced => ({
  key: 'k',
  value: Buffer.from(
    JSON.stringify({
      event_id: `good-${n}`,
      event_type: 'score_request',
      timestamp: '2026-01-01T00:00:00Z',
      model_id: 'm',
      features: { user_id: n, product_id: 1 },
    }),
  ),
})

const BAD: readonly { what: string; value: Buffer | null; code: string; payload: string }[] = [
  {
    what: 'malformed JSON',
    value: Buffer.from('{"event_id":'),
    code: 'SLU5001',
    payload: 'complete',
  },
  {
    what: 'a value that fails its schema',
    value: Buffer.from('{}'),
    code: 'SLU5002',
    payload: 'complete',
  },
  { what: 'an empty value', value: Buffer.alloc(0), code: 'SLU5003', payload: 'complete' },
  { what: 'a tombstone', value: null, code: 'SLU5004', payload: 'none' },
  { what: 'JSON null', value: Buffer.from('null'), code: 'SLU5002', payload: 'complete' },
  // The topic takes 4 MiB, its dead-letter topic 1 MiB: the letter says that the payload is left out.
  {
    what: '2 MB',
    value: Buffer.from(`"${'x'.repeat(2_000_000)}"`),
    code: 'SLU5005',
    payload: 'omitted',
  },
  {
    what: 'invalid UTF-8',
    value: Buffer.from([0x22, 0xff, 0x22]),
    code: 'SLU5006',
    payload: 'complete',
  },
  {
    what: 'an unknown event type',
    value: Buffer.from(String(good(0).value).replace('score_request', 'scoring')),
    code: 'SLU5002',
    payload: 'complete',
  },
]

test('each bad value is one dead letter, and its neighbours are not touched', async () => {
  const messages = BAD.flatMap(({ value }, n): Produced[] => [good(n), { key: 'k', value }])
  await produce(`${fleet.prefix}requests`, [...messages, good(BAD.length)])
  const { code, stdout, stderr } = await fleet.worker(['--until-idle', '--format', 'json']).finished
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  const report = JSON.parse(stdout) as RunReport
  expect(report.pipelines['scoring']).toMatchObject({
    accepted: 2 * BAD.length + 1,
    acked: BAD.length + 1,
    deadLettered: BAD.length,
  })
  const letters = await readTopic(`${fleet.prefix}requests.dlq`)
  const header = (n: number, name: string) => String(letters[n]?.headers[`sluice-dlq-${name}`])
  expect(letters).toHaveLength(BAD.length)
  BAD.forEach(({ value, code: expected, payload }, n) => {
    expect([header(n, 'code'), header(n, 'payload'), header(n, 'class')]).toEqual([
      expected,
      payload,
      'invalid',
    ])
    expect(header(n, 'reason').length).toBeGreaterThan(5)
    expect(header(n, 'offset')).toBe(String(2 * n + 1))
    expect(header(n, 'payload-bytes')).toBe(String(value?.length ?? 0))
    if (payload !== 'omitted') expect(letters[n]?.value).toEqual(value)
  })
  const results = await readTopic(`${fleet.prefix}results`)
  expect(results).toHaveLength(BAD.length + 1)
})
