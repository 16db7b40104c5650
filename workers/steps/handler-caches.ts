// The caches that a handler may use beside its steps; what it reads and writes are the entries of cache steps.
import type { Check } from '../core/check.ts'
import type { World } from '../core/clock.ts'
import type { CacheDriver } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import type { HandlerCache } from '../core/handler.ts'
import type { Logger } from '../core/log.ts'
import type { CachePlan, CallPlan } from '../core/plan.ts'
import type { CacheCounts } from '../core/telemetry.ts'
import { lifeOf } from './cache-entry.ts'
import { addressOf, keyText } from './cache-key.ts'
import { tagsOf } from './cache-tags.ts'
import { createCacheStore } from './cache-store.ts'

export interface HandlerCacheParts {
  /** The call that may use it: what goes wrong is said of it. */
  readonly call: CallPlan
  readonly cache: CachePlan
  readonly namespace: string
  readonly driver: CacheDriver
  readonly check: Check
  readonly counts: CacheCounts
  readonly world: World
  readonly log: Logger
}

export function createHandlerCache(parts: HandlerCacheParts): HandlerCache<unknown> {
  const { call, cache, namespace, driver, counts, world, log } = parts
  const problem = (value: unknown) =>
    value === null && cache.absentMs !== undefined ? undefined : parts.check(value)
  const store = createCacheStore({
    cache,
    namespace,
    driver,
    check: problem,
    counts,
    ids: world.ids,
    log,
  })
  const address = (key: unknown) => {
    return addressOf(namespace, textOf(call, cache, key))
  }
  return {
    async get(key) {
      const entry = await store.read(address(key))
      if (entry === undefined) counts.misses++
      else counts.hits++
      return entry?.value
    },
    async set(key, value, { tags = [] } = {}) {
      const place = address(key)
      const unfit = problem(value)
      if (unfit !== undefined)
        throw new SluiceError('SLU5106', {
          message: `handler ${call.handler} put a value into ${cache.name} that does not fit ${cache.schema}: ${unfit}`,
          at: call.at,
        })
      const { entry, ttlMs } = lifeOf(cache, value, world)
      await store.writeTagged(place, entry, ttlMs, tagsOf(tags, call.at))
    },
  }
}

function textOf({ handler, at }: CallPlan, cache: CachePlan, key: unknown): string {
  const fault = (cause?: unknown) =>
    new SluiceError('SLU5107', {
      message: `handler ${handler} asked ${cache.name} for a key that is not plain data`,
      at,
      ...(cause === undefined ? {} : { cause }),
    })
  let text: string | undefined
  try {
    text = keyText(key)
  } catch (cause) {
    throw fault(cause)
  }
  if (text === undefined) throw fault()
  return text
}
