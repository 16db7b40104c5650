// Breakers in pipeline tests: a case says how often one opened, and minutes of waiting take milliseconds.
import { expect, test } from 'vitest'
import { edited } from '../compile/project.ts'
import type { HandlerContext } from '../../workers/core/handler.ts'
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

/** Away for the first minute of the case's own time, for everybody. */
const awayFor = (ms: number) => {
  let since: number | undefined
  return {
    ...HANDLERS,
    charge: (_input: unknown, { clock }: HandlerContext) => {
      since ??= clock.monotonic()
      if (clock.monotonic() - since < ms) throw new Error('connection refused')
      return {}
    },
  }
}

test('away for a minute under load: nothing becomes a dead letter, and everything gets through', async () => {
  const orders = Array.from({ length: 200 }, (_, n) => order(`a${n}`, ', after: 250ms'))
  const quick = {
    ...GUARDED,
    'pipelines/fleet.yaml': edited('open: 1m', 'open: 5s', GUARDED['pipelines/fleet.yaml']),
    'pipelines/billing.yaml': edited(
      'first: 30s, max: 30s',
      'first: 200ms, max: 1s',
      GUARDED['pipelines/billing.yaml'],
    ),
  }
  const expected =
    'others: allow\ncounts: { acked: 200, deadLettered: 0 }\nbreakers: { payments: 1 }'
  const result = await runOne(
    oneCase(`events: [${orders.join(', ')}]`, expected),
    awayFor(60_000),
    quick,
  )
  expect(failuresOf(result)).toEqual([])
  // Without a breaker, four attempts within a second or two are all that a message has.
  const bare = {
    ...quick,
    'pipelines/billing.yaml': edited(', breaker: payments', '', quick['pipelines/billing.yaml']),
  }
  const without = await runOne(
    oneCase(`events: [${orders.join(', ')}]`, 'others: allow'),
    awayFor(60_000),
    bare,
  )
  expect(without.text).toContain('the guard paused the pipeline')
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
