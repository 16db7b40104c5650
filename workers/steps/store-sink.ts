// A store as a place that messages go to: what the step sends under a key is what stands there, unless a newer version does.
import type { Sink, Store, StoreDriver } from '../core/contract.ts'

/** `guardMs`: for so long a repeat of the same effect changes nothing; 0: it writes again. */
export const storeSink = (driver: StoreDriver, store: Store, guardMs: number): Sink => ({
  async send({ id, key, value, version }) {
    const text = Buffer.from(key ?? []).toString()
    const numbered = version === undefined ? {} : { version }
    await driver.put(store, {
      id,
      key: text,
      value: value ?? Buffer.alloc(0),
      guardMs,
      ...numbered,
    })
  },
})
