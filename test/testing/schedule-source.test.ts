// A pipeline that runs by a schedule: a case says when it fires, and the pipeline knows of each firing when it was due.
import { describe, expect, test } from 'vitest'
import { compileOne, failuresOf, FILES, HANDLERS, oneCase, runOne } from './project.ts'
import { SCHEDULED } from './scheduled.ts'

const FED = { 'pipelines/billing.yaml': SCHEDULED.pipeline }
const TIME = '2026-01-01T03:00:00.000Z'

describe('a schedule as a source', () => {
  test('fires as the case says, and its events say when', async () => {
    const text = oneCase(
      `fires: [{ at: '${TIME}' }, { at: '2026-01-02T03:00:00.000Z', after: 1m }]`,
      `events:
  billed:
    - { value: { total: 5, note: '${TIME}' }, headers: { ce_id: 'billing/${TIME}/billing/announce' } }
    - { value: { total: 5, note: '2026-01-02T03:00:00.000Z' } }
counts: { accepted: 2, acked: 2 }
order: any`,
    )
    expect(failuresOf(await runOne(text, HANDLERS, FED))).toEqual([])
  })

  test('is given nothing but its times', async () => {
    const said = async (given: string) => {
      const { diagnostics } = await compileOne(oneCase(given, 'others: allow'), FED)
      return diagnostics.map(({ code, message }) => `${code} ${message}`)
    }
    expect(await said('events: [{ value: {} }]')).toEqual([
      'SLU0355 pipeline "billing" reads a schedule, which holds no events',
    ])
    expect(await said(`fires: [{ at: tomorrow }]`)).toEqual([expect.stringContaining('SLU0206')])
  })

  test('that fails for good leaves a dead letter that says when it was', async () => {
    const text = oneCase(
      `fires: [{ at: '${TIME}' }]
handlers: { charge: [{ throw: { message: no, permanent: true } }] }`,
      `deadLetters:
  orders.dlq: [{ code: SLU5102, headers: { sluice-dlq-schedule: billing, sluice-dlq-id: 'billing/${TIME}' } }]`,
    )
    expect(failuresOf(await runOne(text, HANDLERS, FED))).toEqual([])
    expect(FILES['pipelines/billing.yaml']).toContain('orders.dlq')
  })
})
