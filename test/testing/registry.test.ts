// Topics whose schemas stand in a registry: cases are written as data all the same, and raw bytes stay what they are.
import { describe, expect, test } from 'vitest'
import { failuresOf, HANDLERS, oneCase, order, runOne } from './project.ts'
import { IN_FORMATS } from './registry.ts'

describe.each(Object.entries(IN_FORMATS))('%s', (format, files) => {
  const failures = async (given: string, wanted: string) =>
    failuresOf(await runOne(oneCase(given, wanted), HANDLERS, files))

  test('what is given and what arrives is data', async () => {
    expect(
      await failures(
        `events: [${order('a1')}, ${order('a2')}]`,
        'events: { billed: [{ value: { total: 5 } }, { value: { total: 5 } }] }',
      ),
    ).toEqual([])
  })

  test('plain JSON is no value of such a topic', async () => {
    expect(
      await failures(
        `events: [{ key: a, raw: '{"id":"a1","sku":"a1"}' }]`,
        'deadLetters: { orders.dlq: [{ code: SLU5011, class: invalid, raw: \'{"id":"a1","sku":"a1"}\' }] }',
      ),
    ).toEqual([])
  })

  test('bytes that lead nowhere are invalid, and their letter holds them', async () => {
    const wire = Buffer.from([0, 0, 0, 0x27, 0x0f, 0x7b, 0x7d]).toString('base64')
    expect(
      await failures(
        `events: [{ key: a, base64: '${wire}' }]`,
        `deadLetters: { orders.dlq: [{ code: SLU5012, base64: '${wire}' }] }`,
      ),
    ).toEqual([])
  })

  test('what fails for good says in its letter what it was', async () => {
    expect(
      await failures(
        `events: [${order('a1', ', handlers: { quote: [{ throw: { message: no, permanent: true } }] }')}]`,
        'deadLetters: { orders.dlq: [{ code: SLU5102, value: { id: a1, sku: a1 } }] }',
      ),
    ).toEqual([])
  })

  test('what is cut off behind its id is invalid by what its bytes are', async () => {
    // The first schema that anybody registers has the id 1: that of the orders, which the case itself writes.
    const wire = Buffer.from([0, 0, 0, 0, 1, 0x7b]).toString('base64')
    const code = format === 'avro' ? 'SLU5016' : 'SLU5001'
    expect(
      await failures(
        `events: [{ key: a, base64: '${wire}' }]`,
        `deadLetters: { orders.dlq: [{ code: ${code} }] }`,
      ),
    ).toEqual([])
  })
})
