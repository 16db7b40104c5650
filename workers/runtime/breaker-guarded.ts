// Puts a breaker before what steps do; without one everything stays as it is, and costs nothing.
import type { CacheDriver } from '../core/contract.ts'
import type { StepContext } from '../steps/context.ts'
import type { Breaker } from './breaker.ts'

type Step<Rest extends unknown[], Value> = (ctx: StepContext, ...rest: Rest) => Promise<Value>

/** Each message that a step works on is told apart. */
export function guardedStep<Rest extends unknown[], Value>(
  breaker: Breaker | undefined,
  step: Step<Rest, Value>,
): Step<Rest, Value> {
  if (breaker === undefined) return step
  return (ctx, ...rest) => breaker.run(ctx, () => step(ctx, ...rest))
}

export function guardedCache(breaker: Breaker | undefined, driver: CacheDriver): CacheDriver {
  if (breaker === undefined) return driver
  const through = <Value>(work: () => Promise<Value>) => breaker.run(undefined, work)
  return {
    connect: () => driver.connect(),
    isUp: () => driver.isUp(),
    whenUp: (signal) => driver.whenUp(signal),
    ping: () => driver.ping(),
    close: () => driver.close(),
    get: (key) => through(() => driver.get(key)),
    set: (key, value, ttlMs) => through(() => driver.set(key, value, ttlMs)),
    getHash: (key) => through(() => driver.getHash(key)),
    setHash: (key, fields, ttlMs) => through(() => driver.setHash(key, fields, ttlMs)),
    delete: (key) => through(() => driver.delete(key)),
    lease: (key, token, ttlMs) => through(() => driver.lease(key, token, ttlMs)),
    release: (key, token) => through(() => driver.release(key, token)),
    agree: (key, proposal, ttlMs) => through(() => driver.agree(key, proposal, ttlMs)),
  }
}
