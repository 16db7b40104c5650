// Reads and writes the entries of one cache in the form its plan asks for; decides what happens while the cache is away.
import type { Check } from '../core/check.ts'
import type { CacheDriver } from '../core/contract.ts'
import type { Logger } from '../core/log.ts'
import type { CachePlan } from '../core/plan.ts'
import type { CacheCounts } from '../core/telemetry.ts'
import { entryOfFields, entryOfText, fieldsOf, textOf, type Entry } from './cache-entry.ts'

export interface CacheStoreParts {
  readonly cache: CachePlan
  readonly driver: CacheDriver
  /** Of the value of an entry that is read. */
  readonly check: Check
  readonly counts: CacheCounts
  readonly log: Logger
}

export interface CacheStore {
  /** Undefined when there is none, when it does not fit (an older version, a foreign writer), or when the cache is away and may be. */
  read(address: string): Promise<Entry | undefined>
  write(address: string, entry: Entry, ttlMs: number): Promise<void>
}

export function createCacheStore({
  cache,
  driver,
  check,
  counts,
  log,
}: CacheStoreParts): CacheStore {
  /** `bypass`: go on without the cache, counted. `fail`: the message fails, as transient. */
  const whenDown = (error: unknown) => {
    if (cache.whenDown === 'fail') throw error
    counts.bypassed++
  }
  const unfit = () => {
    log.warn({ cache: cache.name }, 'A cache entry does not fit its schema; it is loaded again.')
    return undefined
  }
  const get = async (address: string): Promise<Entry | undefined> => {
    if (cache.as === 'hash') {
      const fields = await driver.getHash(address)
      return fields && (entryOfFields(fields, check) ?? unfit())
    }
    const text = await driver.get(address)
    return text === undefined ? undefined : (entryOfText(text, check) ?? unfit())
  }
  return {
    async read(address) {
      try {
        return await get(address)
      } catch (error) {
        whenDown(error)
        return undefined
      }
    },
    async write(address, entry, ttlMs) {
      try {
        await storeEntry(driver, cache, address, entry, ttlMs)
      } catch (error) {
        whenDown(error)
      }
    },
  }
}

export const storeEntry = (
  driver: CacheDriver,
  { as }: CachePlan,
  address: string,
  entry: Entry,
  ttlMs: number,
): Promise<void> =>
  as === 'hash'
    ? driver.setHash(address, fieldsOf(entry), ttlMs)
    : driver.set(address, textOf(entry), ttlMs)
