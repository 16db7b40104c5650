// Reads and writes the entries of one cache in the form its plan asks for; decides what happens while the cache is away.
import type { Check } from '../core/check.ts'
import type { Ids } from '../core/clock.ts'
import type { CacheDriver } from '../core/contract.ts'
import { asError, SluiceError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { CachePlan } from '../core/plan.ts'
import type { CacheCounts } from '../core/telemetry.ts'
import {
  entryOfFields,
  entryOfText,
  fieldsOf,
  longestLifeMs,
  textOf,
  type Entry,
} from './cache-entry.ts'
import { tagAddress, type Generation } from './cache-tags.ts'

export interface CacheStoreParts {
  readonly cache: CachePlan
  /** Before the addresses of its entries. */
  readonly namespace: string
  readonly driver: CacheDriver
  /** Of the value of an entry that is read. */
  readonly check: Check
  readonly counts: CacheCounts
  readonly ids: Ids
  readonly log: Logger
}

export interface CacheStore {
  /** Undefined when there is none, when it does not fit (an older version, a foreign writer), when it was forgotten, or when the cache is away and may be. */
  read(address: string): Promise<Entry | undefined>
  write(address: string, entry: Entry, ttlMs: number): Promise<void>
  /** Of a value that is there already: of what is forgotten from now on it is the end. */
  writeTagged(
    address: string,
    entry: Entry,
    ttlMs: number,
    tags: readonly string[],
    terms?: CachePlan,
  ): Promise<void>
  /** Of tags, before anything is loaded that has them. Undefined: the cache is away and may be, and what is loaded cannot be remembered. */
  generations(
    tags: readonly string[],
    terms?: CachePlan,
  ): Promise<readonly Generation[] | undefined>
  /** Whether it is this token that may load the entry now, for `ttlMs` or until `release`. */
  lease(address: string, token: string, ttlMs: number): Promise<'ours' | 'held' | 'away'>
  /** Never rejects: a lease ends by itself. */
  release(address: string, token: string): Promise<void>
}

export function createCacheStore({
  cache,
  namespace,
  driver,
  check,
  counts,
  ids,
  log,
}: CacheStoreParts): CacheStore {
  let isAway = false
  /** `bypass`: go on without the cache, counted. `fail`: the message fails, as transient. A fault that is not the cache's is never passed over. */
  const whenDown = (error: unknown) => {
    if (cache.whenDown === 'fail' || !isOfCache(error)) throw error
    counts.bypassed++
    if (isAway) return
    isAway = true
    log.warn(
      { code: error.code, cache: cache.name, err: error },
      'A cache does not answer; the pipeline goes on without it.',
    )
  }
  const answered = () => {
    if (isAway) log.info({ cache: cache.name }, 'The cache answers again.')
    isAway = false
  }
  const entryOf = <Stored>(
    stored: Stored | undefined,
    read: (stored: Stored, check: Check) => Entry | undefined,
  ): Entry | undefined => {
    if (stored === undefined) return undefined
    const entry = read(stored, check)
    if (entry === undefined)
      log.warn({ cache: cache.name }, 'A cache entry does not fit its schema; it is loaded again.')
    return entry
  }
  const areCurrent = async (tags: readonly Generation[]) => {
    const current = await Promise.all(tags.map(([tag]) => driver.get(tagAddress(namespace, tag))))
    return tags.every(([, generation], at) => current[at] === generation)
  }
  const store: CacheStore = {
    // One promise each, as it stands on the way of every message.
    async read(address) {
      try {
        const entry =
          cache.as === 'hash'
            ? entryOf(await driver.getHash(address), entryOfFields)
            : entryOf(await driver.get(address), entryOfText)
        const isForgotten = entry?.tags !== undefined && !(await areCurrent(entry.tags))
        answered()
        return isForgotten ? undefined : entry
      } catch (error) {
        whenDown(error)
        return undefined
      }
    },
    async write(address, entry, ttlMs) {
      try {
        await storeEntry(driver, cache, address, entry, ttlMs)
        answered()
      } catch (error) {
        whenDown(error)
      }
    },
    async writeTagged(address, entry, ttlMs, tags, terms) {
      const generations = await store.generations(tags, terms)
      if (generations === undefined) return
      const tagged = tags.length === 0 ? entry : { ...entry, tags: generations }
      await store.write(address, tagged, ttlMs)
    },
    async generations(tags, terms = cache) {
      if (tags.length === 0) return []
      const ttlMs = LIVES * longestLifeMs(terms)
      try {
        const generations = await Promise.all(
          tags.map(async (tag): Promise<Generation> => {
            const address = tagAddress(namespace, tag)
            return [tag, await driver.agree(address, ids.next(), ttlMs)]
          }),
        )
        answered()
        return generations
      } catch (error) {
        whenDown(error)
        return undefined
      }
    },
    async lease(address, token, ttlMs) {
      try {
        const isOurs = await driver.lease(leaseOf(address), token, ttlMs)
        answered()
        return isOurs ? 'ours' : 'held'
      } catch (error) {
        whenDown(error)
        return 'away'
      }
    },
    async release(address, token) {
      await driver.release(leaseOf(address), token).catch(() => {})
    },
  }
  return store
}

/** A generation outlives what is loaded under it, the time of loading included. */
const LIVES = 2

/** In a cluster it stands where its entry does. */
const leaseOf = (address: string) => `{${address}}:lease`

/** What the driver says; a value that is no JSON is the handler's fault. */
const isOfCache = (error: unknown): error is SluiceError =>
  error instanceof SluiceError && error.failure === 'transient'

/** Rejects with SLU5107 for a value that is no JSON. */
export function storeEntry(
  driver: CacheDriver,
  { as, name }: CachePlan,
  address: string,
  entry: Entry,
  ttlMs: number,
): Promise<void> {
  try {
    return as === 'hash'
      ? driver.setHash(address, fieldsOf(entry), ttlMs)
      : driver.set(address, textOf(entry), ttlMs)
  } catch (cause) {
    // Drivers reject and never throw: it was the value.
    const message = `a value for cache ${name} is no JSON: ${asError(cause).message}`
    return Promise.reject(new SluiceError('SLU5107', { message, cause }))
  }
}
