// Breakers in pipeline tests: a case says how often one opened, and minutes of waiting take milliseconds.
import { expect, test } from 'vitest'
import { edited } from '../compile/project.ts'
import { compileOne, failuresOf, FILES, HANDLERS, oneCase, order, runOne } from './project.ts'

const of = (file: string) => FILES[file] ?? ''
const GUARDED = {
  'pipelines/fleet.yaml': `${of('pipelines/fleet.yaml')}policies:
  breakers:
    payments: { window: 20, minimum: 2, failureRate: 50, open: 1m, probes: 1 }
`,
  'pipelines/billing.yaml': edited(
    'handler: charge,',
    'handler: charge, breaker: payments,',
    of('pipelines/billing.yaml'),
  ),
}
const FAILS = '{ throw: { message: away } }'

test('an outage of what a handler needs costs nobody an attempt but those that noticed it first', async () => {
  const down = `, handlers: { charge: [${FAILS}, { return: {} }] }`
  const events = [order('a1', down), order('b1', down), order('c1'), order('d1')].join(', ')
  const result = await runOne(
    oneCase(
      `events: [${events}]`,
      `events: { billed: [${'{ value: { total: 5 } }, '.repeat(4)}] }
breakers: { payments: 1 }
counts: { retried: 1, acked: 4 }`,
    ),
    HANDLERS,
    GUARDED,
  )
  expect(failuresOf(result)).toEqual([])
})

test('what was expected of a breaker and did not happen is said at its line', async () => {
  const result = await runOne(
    oneCase(`events: [${order('a1')}]`, 'others: allow\nbreakers: { payments: 1 }'),
    HANDLERS,
    GUARDED,
  )
  expect(failuresOf(result)).toEqual(['8:29 breakers: payments'])
})

test('a breaker that the pipeline does not go through is a mistake', async () => {
  const text = oneCase(`events: [${order('a1')}]`, 'others: allow\nbreakers: { payment: 1 }')
  const { diagnostics } = await compileOne(text, GUARDED)
  expect(diagnostics.map(({ code, hint }) => [code, hint])).toEqual([
    ['SLU0355', 'did you mean "payments"?'],
  ])
})
