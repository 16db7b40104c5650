// What every schema registry must do, embedded or real; its own test is a constructor and one call.
import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import type { RegistryDriver, Subject } from '../../workers/core/registry.ts'

export interface RegistrySetup {
  /** A new driver on the same registry, not connected. */
  driver(): RegistryDriver
}

const jsonSchema = (...fields: string[]) =>
  JSON.stringify({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field, { type: 'string' }])),
  })

export const avroSchema = (name: string, ...fields: string[]) =>
  JSON.stringify({
    type: 'record',
    name,
    fields: fields.map((field) => ({ name: field, type: 'string' })),
  })

export function registryContract(name: string, setup: () => RegistrySetup): void {
  describe(`registry contract: ${name}`, () => {
    const drivers: RegistryDriver[] = []
    const make = () => {
      const driver = setup().driver()
      drivers.push(driver)
      return driver
    }
    const connected = async () => {
      const driver = make()
      await driver.connect()
      return driver
    }
    const subject = (more: Partial<Subject> = {}): Subject => ({
      subject: `contract.${randomUUID()}/ä-value`,
      kind: 'JSON',
      text: jsonSchema('id', randomUUID()),
      ...more,
    })
    afterEach(async () => {
      await Promise.all(drivers.splice(0).map((driver) => driver.close()))
    })

    test('a schema that was registered is found by its id, as it was written', async () => {
      const driver = await connected()
      for (const kind of ['JSON', 'AVRO'] as const) {
        const text = kind === 'JSON' ? jsonSchema(randomUUID()) : avroSchema('Seen', 'first')
        const id = await driver.register(subject({ kind, text }))
        const found = await driver.schema(id)
        expect(found).toMatchObject({ kind, refers: false })
        expect(JSON.parse(found?.text ?? '')).toEqual(JSON.parse(text))
      }
    })

    test('an id that nobody registered leads to nothing', async () => {
      const driver = await connected()
      expect(await driver.schema(2_147_483_000)).toBeUndefined()
    })

    test('registering the same again changes nothing', async () => {
      const driver = await connected()
      const wanted = subject()
      const id = await driver.register(wanted)
      expect(await driver.register(wanted)).toBe(id)
      expect(await driver.versions(wanted.subject)).toEqual([1])
    })

    test('what is registered at once by many is registered once', async () => {
      const driver = await connected()
      const wanted = subject()
      const ids = await Promise.all(Array.from({ length: 5 }, () => driver.register(wanted)))
      expect(new Set(ids).size).toBe(1)
      expect(await driver.versions(wanted.subject)).toEqual([1])
    })

    test('a subject has its versions in the order in which they came', async () => {
      const driver = await connected()
      const first = subject()
      const second = { ...first, text: jsonSchema('id', 'more') }
      const ids = [await driver.register(first), await driver.register(second)]
      expect(new Set(ids).size).toBe(2)
      expect(await driver.versions(first.subject)).toEqual([1, 2])
      expect(await driver.idOf(first)).toBe(ids[0])
      expect(await driver.idOf(second)).toBe(ids[1])
    })

    test('what is not there is not found: neither the subject, nor another schema of it', async () => {
      const driver = await connected()
      const wanted = subject()
      expect(await driver.versions(wanted.subject)).toEqual([])
      expect(await driver.idOf(wanted)).toBeUndefined()
      await driver.register(wanted)
      expect(await driver.idOf({ ...wanted, text: jsonSchema('other') })).toBeUndefined()
    })

    test('nothing is in the way of a first version', async () => {
      const driver = await connected()
      expect(await driver.objections(subject())).toEqual([])
    })

    test('one driver sees what another registered', async () => {
      const [writer, reader] = [await connected(), await connected()]
      const id = await writer.register(subject())
      expect(await reader.schema(id)).toMatchObject({ kind: 'JSON' })
    })

    test('before it is connected, and after it is closed, it is away', async () => {
      const driver = make()
      expect(driver.isUp()).toBe(false)
      await expect(driver.schema(1)).rejects.toMatchObject({ code: 'SLU1158', outage: true })
      await driver.connect()
      expect(driver.isUp()).toBe(true)
      await driver.whenUp()
      await driver.ping()
      await driver.close()
      await driver.close()
      expect(driver.isUp()).toBe(false)
      await expect(driver.schema(1)).rejects.toMatchObject({ code: 'SLU1158' })
    })

    test('whoever waits for it may stop waiting', async () => {
      const stop = new AbortController()
      const waiting = make().whenUp(stop.signal)
      stop.abort()
      expect(await waiting).toBeUndefined()
    })
  })
}
