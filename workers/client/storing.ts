// A store for other services: the values that pipelines write, whole or in part, one or many; and values of their own, as sessions are.
import { storeAt } from '../core/address.ts'
import type { Store, StoreDriver, StoredValue } from '../core/contract.ts'
import { SluiceError } from '../core/errors.ts'
import { isVersion, valueOf } from '../core/stored.ts'
import { storeUse } from '../runtime/connections.ts'
import { encodeBody } from '../steps/body.ts'
import { named, type ClientConnections, type ClientParts } from './parts.ts'
import type { StoreClient } from './shape.ts'

/** In one read; more is no part of a value. */
const MOST_FIELDS = 1_000

export function createStoring(
  parts: ClientParts,
  connections: ClientConnections,
  name: string,
): StoreClient<Record<string, unknown>> {
  const { plan, prefix, checkOf, tracer, world } = parts
  const store = storeAt(prefix, plan.fleet, named('store', plan.stores, name))
  const check = checkOf(store.schema)
  const use = storeUse(store.connection)
  const open = async (): Promise<StoreDriver> => {
    await connections.connected(use)
    return connections.of(use).store(store.connection)
  }
  const get = async (key: string | number, fields?: readonly string[]) => {
    const text = keyText(store, key)
    if (fields !== undefined && fields.length > MOST_FIELDS)
      throw new RangeError(`${fields.length} fields are more than ${MOST_FIELDS}`)
    const driver = await open()
    // A field that nobody named is none: `[]` asks whether there is a value at all.
    const found = await driver.get(store, text, fields)
    if (found === undefined) return undefined
    const value = parsed(store, text, found)
    if (fields !== undefined) return only(fields, value)
    const problem = check(value)
    if (problem !== undefined) throw unfit(store, text, problem)
    return value
  }
  const put = async (
    key: string | number,
    value: unknown,
    { version, trace = {} }: Parameters<StoreClient<unknown>['put']>[2] = {},
  ) => {
    const text = keyText(store, key)
    if (version !== undefined && !isVersion(version))
      throw new RangeError(`a version is a whole number from 0, not ${String(version)}`)
    const body = encodeBody(value, `what was given for ${name}`, check, store.at)
    const id = world.ids.next()
    await tracer.room()
    const operation = { destination: name, system: 'redis', messageId: id, bytes: body.length }
    const span = tracer.send({ ...operation, system: 'redis' }, trace)
    try {
      const driver = await open()
      const numbered = version === undefined ? {} : { version }
      const done = await driver.put(store, { id, key: text, value: body, guardMs: 0, ...numbered })
      return done !== 'outdated'
    } catch (error) {
      if (error instanceof SluiceError) span.fail(error)
      throw error
    } finally {
      span.end()
    }
  }
  return {
    get: get as StoreClient<Record<string, unknown>>['get'],
    getMany: ((keys: readonly (string | number)[], fields?: readonly string[]) =>
      Promise.all(keys.map((key) => get(key, fields)))) as StoreClient<
      Record<string, unknown>
    >['getMany'],
    put,
    touch: async (key) => (await open()).touch(store, keyText(store, key)),
    destroy: async (key) => (await open()).destroy(store, keyText(store, key)),
  }
}

function keyText({ name, at }: Store, key: unknown): string {
  if ((typeof key === 'string' && key !== '') || typeof key === 'number') return String(key)
  throw new SluiceError('SLU5110', {
    message: `store ${name} was asked for a key that is neither a text nor a number`,
    at,
  })
}

function parsed(store: Store, key: string, found: StoredValue): Record<string, unknown> {
  let value: unknown
  try {
    value = valueOf(found)
  } catch {
    throw unfit(store, key, 'it is no JSON')
  }
  return value as Record<string, unknown>
}

const only = (fields: readonly string[], value: Record<string, unknown>) =>
  Object.fromEntries(
    fields.filter((field) => Object.hasOwn(value, field)).map((field) => [field, value[field]]),
  )

const unfit = ({ name, schema, at }: Store, key: string, problem: string) =>
  new SluiceError('SLU5410', {
    message: `what stands in ${name} under ${key.slice(0, 100)} does not fit ${schema}: ${problem}`,
    at,
  })
