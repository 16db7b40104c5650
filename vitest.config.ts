// Four kinds of tests: without brokers, one driver against its broker, whole flows on real brokers, and those of them that take long.
import { defineConfig } from 'vitest/config'

const BROKERS = [
  'test/contract/**/*.test.ts',
  'test/drivers/**/*.test.ts',
  'test/infra/native.test.ts',
  'test/infra/alert-rules.test.ts',
]
const FLOWS = ['test/e2e/**/*.test.ts', 'test/differential/**/*.test.ts']
/** Processes that die again and again, and histories that are played twice; `npm run test:long`. */
const LONG = [
  'test/drivers/redis/cluster.test.ts',
  'test/differential/**/*.test.ts',
  'test/e2e/alerts.test.ts',
  'test/e2e/avro.test.ts',
  'test/e2e/built.test.ts',
  'test/e2e/chain.test.ts',
  'test/e2e/windows.test.ts',
  'test/e2e/rebuild.test.ts',
  'test/e2e/crash.test.ts',
  'test/e2e/dead-letters.test.ts',
  'test/e2e/doctor.test.ts',
  'test/e2e/guide.test.ts',
  'test/e2e/hostile.test.ts',
  'test/e2e/migration.test.ts',
  'test/e2e/minute.test.ts',
  'test/e2e/nesting.test.ts',
  'test/e2e/once.test.ts',
  'test/e2e/outage.test.ts',
  'test/e2e/parking.test.ts',
  'test/e2e/parking-outage.test.ts',
  'test/e2e/platform.test.ts',
  'test/e2e/quarantine.test.ts',
  'test/e2e/rebalance.test.ts',
  'test/e2e/redis-cluster.test.ts',
  'test/e2e/shadow.test.ts',
  'test/e2e/registry.test.ts',
  'test/e2e/top.test.ts',
  'test/e2e/up.test.ts',
  'test/e2e/warm.test.ts',
]

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...BROKERS, ...FLOWS],
          globalSetup: 'test/support/fuzz-seed.ts',
          setupFiles: 'test/support/fuzz.ts',
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'contract',
          include: BROKERS,
          exclude: LONG,
          globalSetup: ['test/support/brokers.ts', 'test/support/fuzz-seed.ts'],
          setupFiles: 'test/support/fuzz.ts',
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
          exclude: LONG,
          globalSetup: 'test/support/brokers.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A flow needs both cores for itself.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'long',
          include: LONG,
          globalSetup: ['test/support/brokers.ts', 'test/support/fuzz-seed.ts'],
          setupFiles: 'test/support/fuzz.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A flow needs both cores for itself.
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
