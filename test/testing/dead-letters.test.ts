// Dead letters on a stream are expected in a case as those on a topic are.
import { expect, test } from 'vitest'
import { failuresOf, FILES, oneCase, runOne } from './project.ts'

const onStream = {
  'pipelines/fleet.yaml': (FILES['pipelines/fleet.yaml'] ?? '').replace(
    'queues:\n',
    'queues:\n  failed: { in: work, type: stream, deadLetters: true }\n',
  ),
  'pipelines/billing.yaml': (FILES['pipelines/billing.yaml'] ?? '').replaceAll(
    'deadLetter: orders.dlq',
    'deadLetter: failed',
  ),
}
const GIVEN = 'events: [{ key: k1, value: 3, invalid: true }]'

test('a letter arrives on the stream, with its reason and its key', async () => {
  const expected = 'deadLetters: { failed: [{ code: SLU5002, class: invalid, key: k1, value: 3 }] }'
  const result = await runOne(oneCase(GIVEN, expected), {}, onStream)
  expect(failuresOf(result)).toEqual([])
})

test('one that is not expected is a difference', async () => {
  const result = await runOne(oneCase(GIVEN, 'deadLetters: { failed: [] }'), {}, onStream)
  expect(failuresOf(result)[0]).toContain('destination failed: a dead letter arrived')
})
