// Simulation of a pipeline whose messages have several effects of one step: routes and splits hold under every fault.
import { expect, test } from 'vitest'
import { FILES } from '../testing/project.ts'
import { seeds, simulation } from './project.ts'

const ORDER = {
  type: 'object',
  required: ['id', 'sku', 'parts'],
  properties: {
    id: { type: 'string' },
    sku: { type: 'string' },
    parts: { type: 'array', maxItems: 5, items: { type: 'integer', minimum: 0, maximum: 9 } },
  },
}

const STEPS = `steps:
  - id: by_size
    route:
      branches:
        - when: event.data.parts.length > 3
          steps:
            - id: large
              command: { to: alerts, body: '{ total: event.data.parts.length }' }
        - when: event.data.parts.length > 1
          steps:
            - id: parts
              split:
                over: event.data.parts
                as: part
                steps:
                  - id: check
                    call: { handler: charge, input: part }
                  - id: by_part
                    route:
                      branches:
                        - when: part > 4
                          steps: [{ id: high, command: { to: alerts, body: '{ total: part }' } }]
                      otherwise: { steps: [{ id: low, event: { to: billed, body: '{ total: part }' } }] }
                  - id: each
                    event: { to: billed, body: '{ total: part * 2 }' }
      otherwise: { fail: too small }
  - id: announce
    event: { to: billed, body: '{ total: event.data.parts.length }' }
`

const asItIs = (yaml: string) => yaml

/** A record for each message; a split counts as long as all of its items may take. */
const once = (yaml: string) =>
  yaml
    .replace('as: part\n', 'as: part\n                limit: 5\n')
    .replace('input: part }', 'input: part, timeout: 1s }')
    .replace('concurrency: 8', 'concurrency: 8\nonce: { window: 1h }')

/** Messages that fail wait outside of the pipeline, and come again as a whole. */
const parked = (yaml: string) =>
  yaml
    .replace('jitter: none }', 'jitter: none, park: { after: 1, tiers: [2s, 20s] } }')
    .replace('first: 30s, max: 30s', 'first: 1s, max: 1s')

const nested = (order: 'key' | 'partition' | 'none', more: (yaml: string) => string) =>
  simulation({
    'pipelines/fleet.yaml': `${FILES['pipelines/fleet.yaml']}state: { in: hot }\n`,
    'schemas/events/order.json': JSON.stringify(ORDER),
    'pipelines/billing.yaml': more(
      (FILES['pipelines/billing.yaml'] ?? '')
        .replace('order: key', `order: ${order}\nconcurrency: 8`)
        .replace(/steps:[^]*(?=failure:)/, () => STEPS),
    ),
  })

test.each([
  ['order: key', 'key', asItIs],
  ['order: partition', 'partition', asItIs],
  ['order: none', 'none', asItIs],
  ['once', 'key', once],
  ['parking', 'none', parked],
] as const)('every invariant holds under %s', async (_what, order, more) => {
  const run = await nested(order, more)
  const { failures, messages } = await run({ seeds: seeds(12), messages: 80 })
  expect(failures).toEqual([])
  expect(messages).toBe(12 * 84)
})
