// A step that adds a job: what a case expects of it, and what becomes of repeats, outages and ids that are none.
import { describe, expect, test } from 'vitest'
import { compileOne, failuresOf, FILES, HANDLERS, oneCase, order, runOne } from './project.ts'

const EVENTS = `events: [${order('a1')}]`

const files = (job: string, fleet = 'bills: { in: hot, schema: events/bill }') => ({
  'pipelines/fleet.yaml': `${FILES['pipelines/fleet.yaml']}jobs:\n  ${fleet}\n`,
  'pipelines/billing.yaml': (FILES['pipelines/billing.yaml'] ?? '').replace(
    '  - id: settle',
    `  - id: book\n    job: ${job}\n  - id: settle`,
  ),
})
const PLAIN = "{ to: bills, body: '{ total: price.total }' }"
const BILLED = 'events: { billed: [{ value: { total: 5 } }] }'

describe('a job step', () => {
  test('adds one job, with the identity of its cause', async () => {
    const result = await runOne(
      oneCase(
        EVENTS,
        `jobs: { bills: [{ id: a1/billing/book, value: { total: 5 } }] }\n${BILLED}\ncounts: { acked: 1 }`,
      ),
      HANDLERS,
      files(PLAIN),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('has an id, a delay and a priority of its own', async () => {
    const result = await runOne(
      oneCase(
        EVENTS,
        `jobs: { bills: [{ id: sku-a1, contains: { total: 5 }, delayMs: 600000, priority: 3 }] }\n${BILLED}`,
      ),
      HANDLERS,
      files(
        "{ to: bills, id: '`sku-${event.data.sku}`', delay: 10m, priority: 3, body: '{ total: price.total }' }",
      ),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('says what arrived and what did not', async () => {
    const result = await runOne(
      oneCase(EVENTS, `jobs: { bills: [{ value: { total: 6 } }] }\n${BILLED}`),
      HANDLERS,
      files(PLAIN),
    )
    expect(failuresOf(result)).toEqual(['7:41 jobs bills: a job is not as expected'])
    expect(result.text).toContain('book      job to bills  { total: 5 }')
  })

  test('whose jobs nobody expects fails the case', async () => {
    const result = await runOne(oneCase(EVENTS, BILLED), HANDLERS, files(PLAIN))
    expect(failuresOf(result)).toEqual([
      expect.stringContaining('jobs bills: a job arrived where nothing is expected'),
    ])
  })

  test('waits while Redis is away, and adds the job once', async () => {
    const result = await runOne(
      oneCase(
        `${EVENTS}\nfaults: [{ connection: hot, away: { from: 0ms, for: 90s } }]`,
        `jobs: { bills: [{ value: { total: 5 } }] }\n${BILLED}\ncounts: { acked: 1, retried: 0 }`,
      ),
      HANDLERS,
      files(PLAIN),
    )
    expect(failuresOf(result)).toEqual([])
    expect(result.cases[0]?.virtualMs).toBeGreaterThanOrEqual(90_000)
  })

  test('is not done again by another attempt', async () => {
    const result = await runOne(
      oneCase(
        `${EVENTS}\nhandlers: { charge: [{ throw: { message: busy } }, { return: {} }] }`,
        `jobs: { bills: [{ value: { total: 5 } }] }\n${BILLED}\ncounts: { acked: 1, retried: 1 }`,
      ),
      HANDLERS,
      files(PLAIN),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('whose body does not fit, or whose id is nothing, is a defect', async () => {
    const letters = (code: string) =>
      oneCase(EVENTS, `deadLetters: { orders.dlq: [{ code: ${code}, step: book }] }`)
    const body = await runOne(
      letters('SLU5105'),
      HANDLERS,
      files("{ to: bills, body: '{ total: 0 - price.total }' }"),
    )
    expect(failuresOf(body)).toEqual([])
    const id = await runOne(
      letters('SLU5120'),
      HANDLERS,
      files("{ to: bills, id: 'event.data.sku.slice(0, 0)', body: '{ total: 1 }' }"),
    )
    expect(failuresOf(id)).toEqual([])
  })

  test('is expected where the pipeline adds jobs, and as the schema allows them', async () => {
    const said = async (expectation: string) => {
      const { diagnostics } = await compileOne(oneCase(EVENTS, expectation), files(PLAIN))
      return diagnostics.map(({ code, message }) => `${code} ${message}`)
    }
    expect(await said('jobs: { bill: [] }')).toEqual([
      'SLU0355 pipeline "billing" adds no jobs to "bill"',
    ])
    expect(await said('jobs: { bills: [{ value: { total: many } }] }')).toEqual([
      expect.stringContaining('SLU0354 nothing like this can arrive'),
    ])
  })
})
