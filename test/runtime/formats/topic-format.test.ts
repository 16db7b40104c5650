// Values whose schemas stand in a registry: their bytes, what is asked once, and what becomes of what makes no sense.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { systemWorld } from '../../../workers/core/clock.ts'
import { SluiceError } from '../../../workers/core/errors.ts'
import { silentLog } from '../../../workers/core/log.ts'
import type { RegistryDriver } from '../../../workers/core/registry.ts'
import { createVirtualClock } from '../../../workers/core/virtual-clock.ts'
import {
  createEmbeddedRegistryDriver,
  EmbeddedRegistry,
} from '../../../workers/drivers/embedded/registry.ts'
import { jsonPayload } from '../../../workers/runtime/formats/payload.ts'
import { createTopicFormat } from '../../../workers/runtime/formats/topic-format.ts'
import { framed, schemaIdOf, unframed } from '../../../workers/runtime/formats/wire-format.ts'

const context = { world: systemWorld, log: silentLog, origin: 'connection events', clientId: 't' }
const SCHEMA = { type: 'object', properties: { id: { type: 'string' } } }
const LIMIT = 1_000

async function setup() {
  const registry = new EmbeddedRegistry()
  const driver = createEmbeddedRegistryDriver(registry, context)
  await driver.connect()
  let asked = 0
  const counting: RegistryDriver = {
    ...driver,
    schema(id) {
      asked++
      return driver.schema(id)
    },
  }
  const clock = createVirtualClock(0)
  const payload = jsonPayload(SCHEMA)
  const subject = { subject: 'orders-value', kind: 'JSON', text: payload.schema } as const
  const format = createTopicFormat('orders', subject, payload, counting, clock)
  return { registry, format, clock, subject, asked: () => asked }
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value))

async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run()
  } catch (error) {
    if (error instanceof SluiceError) return `${error.code} ${error.failure}`
    throw error
  }
  return 'fine'
}

describe('the frame', () => {
  test('is a zero and the id in four bytes, most significant first', () => {
    expect([...framed(0x01_02_03_04, Buffer.from('{}'))]).toEqual([0, 1, 2, 3, 4, 0x7b, 0x7d])
    expect([...framed(2_147_483_647, Buffer.alloc(0))]).toEqual([0, 127, 255, 255, 255])
  })

  test('gives back what it was put around, wherever the bytes lie', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2_147_483_647 }),
        fc.uint8Array(),
        fc.nat(9),
        (id, payload, at) => {
          const wire = framed(id, payload)
          const among = new Uint8Array(at + wire.length + 3)
          among.set(wire, at)
          const view = among.subarray(at, at + wire.length)
          expect(schemaIdOf(view)).toBe(id)
          expect([...unframed(view)]).toEqual([...payload])
        },
      ),
    )
  })
})

describe('writing', () => {
  test('needs the schema to be registered, and asks once', async () => {
    const { format, registry, subject } = await setup()
    expect(await codeOf(() => format.encode(json({})))).toBe('SLU1162 transient')
    const id = registry.register(subject)
    expect(await format.encode(json({ id: 'a' }))).toEqual(framed(id, json({ id: 'a' })))
    registry.setAvailable(false)
    expect(schemaIdOf(await format.encode(json({})))).toBe(id)
  })

  test('begins a subject that has no version, and is content with what others have registered', async () => {
    const { format, registry } = await setup()
    await format.begin()
    expect(registry.versions('orders-value')).toEqual([1])
    const theirs = await setup()
    theirs.registry.register({ ...theirs.subject, text: '{"title":"theirs"}' })
    await theirs.format.begin()
    expect(theirs.registry.versions('orders-value')).toEqual([1])
  })

  test('registers the first version of a subject, and no other', async () => {
    const { format, registry, subject } = await setup()
    registry.register({ ...subject, text: '{"type":"string"}' })
    expect(await codeOf(() => format.prepare(true))).toBe('SLU1162 transient')
    const fresh = await setup()
    expect(await codeOf(() => fresh.format.prepare(false))).toBe('SLU1162 transient')
    await fresh.format.prepare(true)
    expect(fresh.registry.versions('orders-value')).toEqual([1])
  })

  test.each<[string, object, string]>([
    ['nothing new', SCHEMA, 'http://json-schema.org/draft-07/schema#'],
    ['a new keyword', { prefixItems: [{}] }, 'https://json-schema.org/draft/2020-12/schema'],
    [
      'a reference with more beside it',
      { properties: { a: { $ref: '#', minLength: 1 } } },
      'https://json-schema.org/draft/2020-12/schema',
    ],
    ['its own word', { $schema: 'https://example.org/mine' }, 'https://example.org/mine'],
  ])(
    'a schema with %s is registered in the dialect in which it means the same',
    (_what, schema, dialect) => {
      expect(JSON.parse(jsonPayload(schema).schema)).toEqual({ $schema: dialect, ...schema })
    },
  )
})

describe('reading', () => {
  const read = async (wire: Uint8Array, made = setup()) => {
    const { format, clock } = await made
    const learning = format.learn(wire)
    if (learning !== undefined) await clock.advance(250)
    await learning
    return format.decode(wire, LIMIT)
  }

  test('an id is asked for once, however many ask, and known from then on without the registry', async () => {
    const { format, registry, subject, asked } = await setup()
    const wire = framed(registry.register(subject), json({ id: 'a' }))
    await Promise.all([format.learn(wire), format.learn(wire), format.learn(wire)])
    registry.setAvailable(false)
    expect(format.learn(wire)).toBeUndefined()
    expect(format.decode(wire, LIMIT)).toEqual({ id: 'a' })
    expect(asked()).toBe(1)
  })

  test('a value of another version is read as well', async () => {
    const { format, registry, subject } = await setup()
    const id = registry.register({ ...subject, text: '{"type":"object","title":"old"}' })
    const wire = framed(id, json({ id: 'old' }))
    await format.learn(wire)
    expect(format.decode(wire, LIMIT)).toEqual({ id: 'old' })
  })

  test('what nobody registered is invalid, and asked for again after a while', async () => {
    const { format, registry, subject, asked, clock } = await setup()
    const wire = framed(1, json({}))
    const learning = format.learn(wire)
    await clock.advance(250)
    await learning
    expect(await codeOf(() => format.decode(wire, LIMIT))).toBe('SLU5012 invalid')
    expect(format.learn(wire)).toBeUndefined()
    expect(asked()).toBe(2)
    registry.register(subject)
    await clock.advance(10_001)
    await format.learn(wire)
    expect(format.decode(wire, LIMIT)).toEqual({})
  })

  test('an id that a node of the registry has not heard of yet is asked for twice', async () => {
    const { format, registry, subject, clock } = await setup()
    const wire = framed(1, json({}))
    const learning = format.learn(wire)
    await clock.advance(100)
    registry.register(subject)
    await clock.advance(150)
    await learning
    expect(format.decode(wire, LIMIT)).toEqual({})
  })

  test('what nobody can ask about is no fault of the message', async () => {
    const { format, registry, subject } = await setup()
    const wire = framed(registry.register(subject), json({}))
    registry.setAvailable(false)
    await expect(format.learn(wire)).rejects.toMatchObject({ code: 'SLU1158', outage: true })
    registry.setAvailable(true)
    await format.learn(wire)
    expect(format.decode(wire, LIMIT)).toEqual({})
  })

  test.each<[string, Uint8Array, string]>([
    ['nothing', Buffer.alloc(0), 'SLU5003 invalid'],
    ['plain JSON', json({ id: 'a' }), 'SLU5011 invalid'],
    ['an id that is cut off', Buffer.from([0, 0, 0, 1]), 'SLU5011 invalid'],
    ['an id beyond what registries count', Buffer.from([0, 128, 0, 0, 0]), 'SLU5011 invalid'],
    ['too many bytes', framed(1, Buffer.alloc(LIMIT)), 'SLU5005 invalid'],
  ])('%s is invalid', async (_what, wire, code) => {
    expect(await codeOf(() => read(wire))).toBe(code)
  })

  test.each<[string, Uint8Array, string]>([
    ['an empty value', Buffer.alloc(0), 'SLU5003 invalid'],
    ['a value that is no JSON', Buffer.from('{"id":'), 'SLU5001 invalid'],
    ['a value that is no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'SLU5006 invalid'],
  ])('%s behind a good id is invalid', async (_what, payload, code) => {
    const made = await setup()
    const wire = framed(made.registry.register(made.subject), payload)
    expect(await codeOf(() => read(wire, Promise.resolve(made)))).toBe(code)
  })

  test.each<[string, { kind: string; text: string; refers: boolean }, string]>([
    ['of another kind', { kind: 'AVRO', text: '"string"', refers: false }, 'SLU5013 invalid'],
    ['that needs others', { kind: 'JSON', text: '{}', refers: true }, 'SLU5014 invalid'],
  ])('a schema %s is of no use', async (_what, found, code) => {
    const clock = createVirtualClock(0)
    const { registry } = (await setup()).format
    const payload = jsonPayload(SCHEMA)
    const strange = { ...registry, schema: () => Promise.resolve(found) }
    const subject = { subject: 's', kind: 'JSON', text: payload.schema } as const
    const format = createTopicFormat('orders', subject, payload, strange, clock)
    const wire = framed(7, json({}))
    await format.learn(wire)
    expect(await codeOf(() => format.decode(wire, LIMIT))).toBe(code)
  })

  test('ids that somebody makes up are not remembered without end', async () => {
    const { format, asked, clock } = await setup()
    const first = Array.from({ length: 16 }, (_, id) => format.learn(framed(id + 1, json({}))))
    await clock.advance(250)
    for (const learning of first) await learning
    // Who makes up many waits for none of them.
    for (let id = 17; id <= 1_500; id++) await format.learn(framed(id, json({})))
    await format.learn(framed(1, json({})))
    expect(asked()).toBe(16 + 1_501)
  })

  test('any bytes are data, or invalid by a code', async () => {
    const made = await setup()
    const id = made.registry.register(made.subject)
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 40 }).map((payload) => framed(id, payload)),
      fc.json().map((text) => framed(id, Buffer.from(text))),
    )
    await fc.assert(
      fc.asyncProperty(bytes, async (wire) => {
        const code = await codeOf(() => read(wire, Promise.resolve(made)))
        expect(code).toMatch(/^(?:fine|SLU50\d\d invalid)$/)
      }),
    )
  })
})
