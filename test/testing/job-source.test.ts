// A pipeline that does jobs: they are given as jobs, each is completed when it is done, and a failed one may stay where it is.
import { describe, expect, test } from 'vitest'
import { compileOne, failuresOf, HANDLERS, oneCase, runOne } from './project.ts'
import { WORKING } from './working.ts'

const FED = { 'pipelines/fleet.yaml': WORKING.fleet, 'pipelines/billing.yaml': WORKING.pipeline }
const given = (...messages: string[]) => `jobs: [${messages.join(', ')}]`
const order = (id: string, more = '') => `{ id: ${id}, ${more}value: { id: ${id}, sku: dear } }`

describe('jobs as a source', () => {
  test('are done, and each completed', async () => {
    const text = oneCase(
      given(order('a1'), order('a2')),
      `commands: { alerts: [{ value: { total: 500 } }, { value: { total: 500 } }] }
events: { billed: [{ headers: { ce_id: a1/billing/announce } }, { headers: { ce_id: a2/billing/announce } }] }
counts: { accepted: 2, acked: 2 }
order: any`,
    )
    const handlers = { ...HANDLERS, quote: () => ({ total: 500 }) }
    expect(failuresOf(await runOne(text, handlers, FED))).toEqual([])
  })

  test('that fail for good stay among the failed ones, with the reason', async () => {
    const text = oneCase(
      `${given(order('a1'), `{ id: j-7, raw: 'no JSON' }`)}
handlers: { charge: [{ throw: { message: no money, permanent: true } }] }`,
      `deadLetters:
  orders_in:
    - { code: SLU5102, step: settle, headers: { sluice-dlq-jobs: orders_in, sluice-dlq-message-id: a1 } }
    - { code: SLU5001, raw: no JSON, headers: { sluice-dlq-message-id: j-7 } }
counts: { accepted: 2, deadLettered: 2 }
order: any`,
    )
    expect(failuresOf(await runOne(text, HANDLERS, FED))).toEqual([])
  })

  test('are tried again by the pipeline, not by BullMQ', async () => {
    const text = oneCase(
      `${given(order('a1'))}\nhandlers: { charge: [{ throw: { message: busy } }, { return: {} }] }`,
      `events: { billed: [{ headers: { ce_id: a1/billing/announce } }] }
calls: { charge: 2 }
counts: { accepted: 1, acked: 1, retried: 1 }`,
    )
    expect(failuresOf(await runOne(text, HANDLERS, FED))).toEqual([])
  })

  test('on a Redis that is away for a minute come again, and none is lost', async () => {
    const text = oneCase(
      `${given(order('a1'), order('a2', 'after: 30s, '))}
faults: [{ connection: hot, away: { from: 10ms, for: 1m } }]`,
      `events: { billed: [{ headers: { ce_id: a1/billing/announce } }, { headers: { ce_id: a2/billing/announce } }] }
others: allow
order: any
counts: { deadLettered: 0 }`,
    )
    expect(failuresOf(await runOne(text, HANDLERS, FED))).toEqual([])
  })

  test('show how far their handlers say that they are', async () => {
    const said: number[] = []
    const handlers = {
      ...HANDLERS,
      charge: (_input: unknown, ctx: { progress(percent: number): void }) => {
        for (const percent of [10, 250, Number.NaN, 90]) ctx.progress(percent)
        said.push(90)
        return {}
      },
    }
    const text = oneCase(given(order('a1')), 'others: allow')
    expect(failuresOf(await runOne(text, handlers, FED))).toEqual([])
    expect(said).toEqual([90])
  })

  test('are not given as events', async () => {
    const { diagnostics } = await compileOne(
      oneCase('events: [{ value: { id: a1, sku: dear } }]', 'others: allow'),
      FED,
    )
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'SLU0355 pipeline "billing" reads a queue of jobs, which holds no events',
    ])
  })
})
