// What a plan says of schemas: registered ones are left alone, new ones are added, and what the registry would refuse is refused here.
import { expect, test } from 'vitest'
import type { FoundSubject } from '../../workers/core/admin.ts'
import { plain } from '../../workers/ops/changes.ts'
import { diffSchemas } from '../../workers/ops/schema-diff.ts'
import { topicOf } from './support.ts'

const subject = { subject: 'p.orders-value', kind: 'JSON', text: '{}' } as const
const diff = (found: Partial<FoundSubject>) =>
  diffSchemas('events/registry', [
    {
      topic: topicOf({ format: 'json-registry' }),
      subject,
      found: { versions: [], registered: false, objections: [], ...found },
    },
  ])

test('a schema that is a version already is as declared', () => {
  expect(diff({ versions: [1, 2], registered: true, objections: ['old'] })).toEqual([])
})

test.each([
  [[], 1],
  [[1, 2, 7], 8],
])('behind versions %j it becomes version %i', (versions, version) => {
  const [change] = diff({ versions })
  expect(change).toMatchObject({
    symbol: '+',
    kind: 'schema',
    connection: 'events/registry',
    name: 'p.orders-value',
    to: { version, type: 'JSON', schema: 'commands/order' },
    risk: 'safe',
    where: 'pipelines/fleet.yaml:12',
    action: { do: 'register-schema', subject },
  })
})

test('what the registry objects to is refused in its words, whatever is allowed', () => {
  const [change] = diff({ versions: [1], objections: ['READER_FIELD_MISSING: total', 'more'] })
  expect(change && plain(change)).toMatchObject({
    risk: 'refused',
    flag: null,
    code: 'SLU0384',
    reason: 'The registry says: READER_FIELD_MISSING: total (and 1 more)',
  })
  expect(change?.action).toBeUndefined()
})
