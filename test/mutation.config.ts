// The tests that `npm run mutation` runs against each change of the code that they are about.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    setupFiles: 'test/support/fuzz.ts',
    testTimeout: 30_000,
    include: [
      'test/oracle/**/*.test.ts',
      'test/runtime/committer*.test.ts',
      'test/runtime/offset-*.test.ts',
      'test/runtime/schedule*.test.ts',
    ],
  },
})
