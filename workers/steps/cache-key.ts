// Where the entry of a key stands in a cache: equal keys, whatever the order of their properties, stand in one place.
import { hash } from 'node:crypto'
import { configure } from 'safe-stable-stringify'

const stable = configure({ strict: true, bigint: false })

/** Undefined for undefined; throws for what is not plain data. */
export const keyText = (key: unknown): string | undefined => stable(key)

/** `namespace` comes before the hash of the key. */
export const addressOf = (namespace: string, key: string): string =>
  namespace + hash('sha256', key, 'base64url')

/** For tools that look at an entry from outside. */
export const cacheAddress = (namespace: string, key: unknown): string =>
  addressOf(namespace, keyText(key) ?? '')
