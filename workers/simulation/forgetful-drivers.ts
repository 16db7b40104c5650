// Drivers of which none remembers what was done: in the calm run each message shows what it would do by itself.
import type { DriverFactories } from '../runtime/connections.ts'

export const forgetful = (factories: DriverFactories): DriverFactories => ({
  ...factories,
  state: (plan, context) => ({
    ...factories.state(plan, context),
    claim: () => Promise.resolve({ kind: 'taken' }),
    settle: () => Promise.resolve(),
    addToWindow: () => Promise.resolve({ kind: 'counted', closed: [] }),
  }),
  store(plan, context) {
    const driver = factories.store(plan, context)
    return {
      ...driver,
      put: (store, { id, key, value }) => driver.put(store, { id, key, value, guardMs: 0 }),
    }
  },
})
