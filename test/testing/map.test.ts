// A step that computes: what later steps see of it, and what becomes of a message it cannot be computed for.
import { describe, expect, test } from 'vitest'
import { failuresOf, FILES, HANDLERS, oneCase, order, runOne } from './project.ts'

const EVENTS = `events: [${order('a1')}]`

describe('a map step', () => {
  const mapped = (value: string, when = '') => ({
    'pipelines/billing.yaml': (FILES['pipelines/billing.yaml'] ?? '')
      .replace(
        '  - id: announce',
        `  - id: doubled\n${when}    map: { value: '${value}' }\n  - id: announce`,
      )
      .replace(
        /body: '\{ total: price\.total \}' \}\nfailure/,
        "body: '{ total: doubled ?? 1 }' }\nfailure",
      ),
  })

  test('gives later steps what it computes', async () => {
    const result = await runOne(
      oneCase(EVENTS, 'events: { billed: [{ value: { total: 10 } }] }'),
      HANDLERS,
      mapped('price.total * 2'),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('has no value where its condition does not hold', async () => {
    const result = await runOne(
      oneCase(EVENTS, 'events: { billed: [{ value: { total: 1 } }] }'),
      HANDLERS,
      mapped('price.total * 2', '    when: price.total > 1000\n'),
    )
    expect(failuresOf(result)).toEqual([])
  })

  test('that cannot be computed is a defect, at its line', async () => {
    const result = await runOne(
      oneCase(EVENTS, 'deadLetters: { orders.dlq: [{ code: SLU5104, step: doubled }] }'),
      HANDLERS,
      mapped('price.total.toFixed(price.total * 100)'),
    )
    expect(failuresOf(result)).toEqual([])
    expect(result.cases[0]?.given[0]?.story?.faults[0]?.message).toMatch(
      /^the expression at pipelines\/billing\.yaml:\d+:20 failed/,
    )
  })
})
