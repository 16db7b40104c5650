// A step that chooses: which way a message goes, what it leaves behind on a retry, and what becomes of one that no way takes.
import { describe, expect, test } from 'vitest'
import { failuresOf, FILES, HANDLERS, oneCase, order, runOne } from './project.ts'

/** The shop's pipeline with a route between the price and what follows. */
const routed = (otherwise: string) => ({
  'pipelines/billing.yaml': (FILES['pipelines/billing.yaml'] ?? '').replace(
    "  - id: alert\n    when: price.total > 100\n    command: { to: alerts, body: '{ total: price.total }' }\n",
    `  - id: by_total
    route:
      branches:
        - when: price.total > 100
          steps:
            - id: alert
              command: { to: alerts, body: '{ total: price.total }' }
            - id: proof
              call: { handler: charge, input: event.data }
            - id: notice
              command: { to: notices, key: "'dear'", body: '{ total: price.total + 1 }' }
        - when: price.total > 10
          steps:
            - id: doubled
              map: { value: price.total * 2 }
            - id: middle
              when: event.data.sku !== 'a3'
              command: { to: alerts, body: '{ total: doubled }' }
      otherwise: ${otherwise}
`,
  ),
})

const NOTHING = '{ steps: [] }'
const totals = (total: number) => ({ ...HANDLERS, quote: () => ({ total }) })

describe('a route', () => {
  test('takes the first branch whose condition holds, and no other', async () => {
    const result = await runOne(
      oneCase(
        `events: [${order('a1')}]`,
        'commands: { alerts: [{ value: { total: 120 } }], notices: [{ key: dear, value: { total: 121 } }] }\nevents: { billed: [{}] }',
      ),
      totals(120),
      routed(NOTHING),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('has values and conditions of its own in each branch', async () => {
    const result = await runOne(
      oneCase(
        `events: [${order('a1')}, ${order('a3')}]`,
        'commands: { alerts: [{ value: { total: 22 } }] }\nevents: { billed: [{}, {}] }',
      ),
      totals(11),
      routed(NOTHING),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('does nothing with what no branch takes, and the pipeline goes on', async () => {
    const result = await runOne(
      oneCase(`events: [${order('a1')}]`, 'events: { billed: [{ value: { total: 1 } }] }'),
      totals(1),
      routed(NOTHING),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('does what is to be done otherwise', async () => {
    const result = await runOne(
      oneCase(
        `events: [${order('a1')}]`,
        'commands: { alerts: [{ value: { total: 0 } }] }\nevents: { billed: [{}] }',
      ),
      totals(1),
      routed("{ steps: [{ id: small, command: { to: alerts, body: '{ total: 0 }' } }] }"),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('makes a defect of what is to have a branch, and says why', async () => {
    const result = await runOne(
      oneCase(
        `events: [${order('a1')}]`,
        'deadLetters: { orders.dlq: [{ code: SLU5115, step: by_total, attempts: 1 }] }',
      ),
      totals(1),
      routed('{ fail: it costs next to nothing }'),
    )
    expect(failuresOf(result)).toEqual([])
    expect(result.cases[0]?.given[0]?.story?.faults[0]?.message).toBe(
      'no branch of by_total takes the message: it costs next to nothing',
    )
  })

  test('goes on at the step of the branch that failed', async () => {
    const result = await runOne(
      oneCase(
        `handlers: { charge: [{ throw: { message: busy } }, { throw: { message: busy } }, { return: {} }] }\nevents: [${order('a1')}]`,
        'commands: { alerts: [{ value: { total: 120 } }], notices: [{}] }\nevents: { billed: [{}] }\ncounts: { retried: 2 }',
      ),
      totals(120),
      routed(NOTHING),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('shows in a report which way was taken', async () => {
    const { text } = await runOne(
      oneCase(`events: [${order('a1')}]`, 'events: { billed: [] }'),
      totals(11),
      routed(NOTHING),
    )
    expect(text).toMatch(
      /by_total +route: when price\.total > 10\n +doubled +map {2}22\n +middle +command/,
    )
  })
})
