// Simulation of a pipeline with a breaker that opens at the slightest: what is held back is neither lost nor given up, nor out of order.
import { expect, test } from 'vitest'
import { FILES } from '../testing/project.ts'
import { simulateShop } from './shop.ts'

const GUARDED = {
  'pipelines/fleet.yaml': `${FILES['pipelines/fleet.yaml'] ?? ''}policies:
  breakers:
    payments: { window: 4, minimum: 1, failureRate: 25, open: 3s, probes: 1, patience: 10s }
`,
  'pipelines/billing.yaml': (FILES['pipelines/billing.yaml'] ?? '')
    .replace('handler: charge,', 'handler: charge, breaker: payments,')
    .replace('first: 30s, max: 30s', 'first: 1s, max: 1s'),
}

test('every invariant holds under every fault while a breaker opens and closes', async () => {
  const { failures, faults } = await simulateShop(GUARDED, 30)
  expect(failures).toEqual([])
  expect(faults['handler-error']).toBeGreaterThan(50)
  expect(faults['crash']).toBeGreaterThan(20)
})
