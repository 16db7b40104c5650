// A pipeline that reads a queue: its messages are given as commands, and each is acknowledged when it is done.
import { describe, expect, test } from 'vitest'
import { compileOne, failuresOf, HANDLERS, oneCase, runOne } from './project.ts'
import { QUEUED } from './queued.ts'

const FED = { 'pipelines/fleet.yaml': QUEUED.fleet, 'pipelines/billing.yaml': QUEUED.pipeline }
const given = (...messages: string[]) => `commands: [${messages.join(', ')}]`
const order = (id: string, more = '') => `{ ${more}value: { id: ${id}, sku: dear } }`

describe('a queue as a source', () => {
  test('is read, and each message acknowledged', async () => {
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

  test('says of a dead letter which message of which queue it was', async () => {
    const text = oneCase(
      given(`{ id: m-7, raw: 'no JSON' }`),
      `deadLetters:
  orders.dlq:
    - code: SLU5001
      raw: no JSON
      headers: { sluice-dlq-queue: orders_in, sluice-dlq-message-id: m-7 }`,
    )
    expect(failuresOf(await runOne(text, HANDLERS, FED))).toEqual([])
  })

  test('that is away for a minute hands its messages over again, and none is lost', async () => {
    const text = oneCase(
      `${given(order('a1'), order('a2', 'after: 30s, '))}
faults: [{ connection: work, away: { from: 10ms, for: 1m } }]`,
      `events: { billed: [{ headers: { ce_id: a1/billing/announce } }, { headers: { ce_id: a2/billing/announce } }] }
others: allow
order: any
counts: { deadLettered: 0 }`,
    )
    expect(failuresOf(await runOne(text, HANDLERS, FED))).toEqual([])
  })

  test('is not given events, nor asked for commits', async () => {
    const mistakesOf = async (text: string) =>
      (await compileOne(text, FED)).diagnostics.map(({ code, message }) => `${code} ${message}`)
    const events = oneCase('events: [{ value: { id: a1, sku: dear } }]', 'others: allow')
    expect(await mistakesOf(events)).toEqual([
      'SLU0355 pipeline "billing" reads a queue, which holds no events',
    ])
    const commits = oneCase(given(order('a1')), 'commits: { partitions: { 0: 1 } }\nothers: allow')
    expect(await mistakesOf(commits)).toEqual(['SLU0354 a queue has no partitions'])
  })
})
