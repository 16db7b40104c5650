// Three kinds of tests: without brokers, one driver against its broker, and whole flows on real brokers.
import { defineConfig } from 'vitest/config'

const BROKERS = [
  'test/contract/**/*.test.ts',
  'test/drivers/**/*.test.ts',
  'test/infra/native.test.ts',
]
const FLOWS = ['test/e2e/**/*.test.ts']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...BROKERS, ...FLOWS],
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'contract',
          include: BROKERS,
          globalSetup: 'test/support/brokers.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: FLOWS,
          globalSetup: 'test/support/brokers.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A flow needs both cores for itself.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
