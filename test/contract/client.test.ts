// What the typed client promises other services, embedded and on real brokers: checked, confirmed, read at least once, one answer.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { FleetClient } from '../../workers/client/shape.ts'
import { fleetTypes } from '../../workers/compile/types/fleet-types.ts'
import { createComposition } from '../../workers/composition.ts'
import type { DriverFactories } from '../../workers/runtime/connections.ts'
import { openFleet } from '../../workers/index.ts'
import { clientDesk, compiled, plan, PROJECT } from './client-desk.ts'
import { rejectionOf } from './queue.contract.ts'
import type { Fleet } from './client-fleet/workers/generated/fleet.ts'

describe.each(['embedded', 'real'])('client of a fleet: %s', (kind) => {
  const desk = clientDesk(kind)
  const { opened, notes, env } = desk
  let prefix: string
  let factories: DriverFactories
  let fleet: FleetClient<Fleet>
  beforeEach(() => {
    ;({ prefix, factories, fleet } = desk.now())
  })

  test('a command arrives where it is sent, by queue and by exchange, with its identity', async () => {
    const { id } = await fleet.command('orders').send({ text: 'one' })
    await fleet.command('shouts').send({ text: 'two' }, { id: 'mine', routingKey: 'loud.er' })
    const source = '/clients'
    expect((await notes(2)).toSorted((a, b) => (a.text < b.text ? -1 : 1))).toEqual([
      { from: 'collecting', id, type: 'orders', source, text: 'one' },
      { from: 'hearing', id: 'mine', type: 'shouts', source, text: 'two' },
    ])
  })

  test('what goes to no queue is refused, and so is what does not fit', async () => {
    const quiet = fleet.command('shouts').send({ text: 'two' }, { routingKey: 'quiet' })
    expect(await rejectionOf(quiet)).toMatchObject({ code: 'SLU5304' })
    const unfit = fleet.command('orders').send({ text: 7 } as never)
    expect(await rejectionOf(unfit)).toMatchObject({
      code: 'SLU5105',
      message: expect.stringContaining('text must be string'),
      at: { file: 'pipelines/fleet.yaml' },
    })
  })

  test('an event keeps the identity that its data has; one that is given counts more', async () => {
    const happenings = fleet.topic('happenings')
    const first = await happenings.publish({ id: 'h1', kind: 'begun', text: 'a' }, { key: 'k' })
    const ended = { id: 'h2', kind: 'ended', text: 'b' }
    const second = await happenings.publish(ended, { key: 'k', id: 'other' })
    // As whoever reads them tells them.
    expect([first, second]).toEqual([{ id: 'h1' }, { id: 'other' }])
    const source = '/clients/happenings'
    expect((await notes(2)).toSorted((a, b) => (a.text < b.text ? -1 : 1))).toEqual([
      { from: 'following', id: 'h1', type: 'begun', source, text: 'a' },
      { from: 'following', id: 'other', type: 'happenings', source: '/clients', text: 'b' },
    ])
  })

  test('a question has its own answer, or says why it has none', async () => {
    const quotes = fleet.request('quotes')
    const texts = ['a', 'bb', 'ccc']
    const answers = await Promise.all(texts.map((text) => quotes.ask({ text })))
    expect(answers).toEqual([{ amount: 1 }, { amount: 2 }, { amount: 3 }])
    const refused = await rejectionOf(quotes.ask({ text: 'unknown' }, { withinMs: 5_000 }))
    expect(refused).toMatchObject({ code: 'SLU5311' })
    const given = new AbortController()
    const asked = quotes.ask({ text: 'd' }, { signal: given.signal })
    given.abort(new Error('given up'))
    await expect(asked).rejects.toThrow('given up')
  })

  test.each(['prices', 'pages'] as const)(
    'a cache answers what was put there: %s',
    async (name) => {
      const cache = fleet.cache(name)
      const key = ['model', { b: 2, a: 1 }]
      expect(await cache.get(key)).toBeUndefined()
      await cache.set(key, { amount: 3 }, { ttlMs: 60_000 })
      expect(
        await opened()
          .cache(name)
          .get(['model', { a: 1, b: 2 }]),
      ).toEqual({ amount: 3 })
      let loads = 0
      const load = () => ({ amount: ++loads })
      const all = await Promise.all([1, 2, 3].map(() => cache.getOrLoad('other', load)))
      expect(all).toEqual([{ amount: 1 }, { amount: 1 }, { amount: 1 }])
      expect(await rejectionOf(cache.set('x', { amount: 'much' } as never))).toMatchObject({
        code: 'SLU5105',
      })
      await expect(cache.set('x', { amount: 1 }, { ttlMs: 0 })).rejects.toThrow(RangeError)
      for (const withinMs of [-1, NaN, Infinity])
        await expect(cache.getOrLoad('y', load, { withinMs })).rejects.toThrow(RangeError)
      expect(await rejectionOf(cache.get(() => 1))).toMatchObject({ code: 'SLU5107' })
    },
  )

  test.each(['prices', 'pages'] as const)(
    'whoever forgets a tag ends the entries that have it: %s',
    async (name) => {
      const cache = fleet.cache(name)
      const other = opened().cache(name)
      await cache.set('a', { amount: 1 }, { tags: ['shoes', 7] })
      await other.getOrLoad('b', () => ({ amount: 2 }), { tags: [7] })
      await cache.set('c', { amount: 3 }, { tags: ['shirts'] })
      await other.forget(7)
      expect(await Promise.all(['a', 'b', 'c'].map((key) => cache.get(key)))).toEqual([
        undefined,
        undefined,
        { amount: 3 },
      ])
      const slow = Promise.withResolvers<{ amount: number }>()
      const waiting = cache.getOrLoad('d', () => slow.promise, { tags: ['shirts'] })
      // The load is under way once its generation stands.
      expect(await cache.get('c')).toEqual({ amount: 3 })
      await other.forget('shirts')
      slow.resolve({ amount: 4 })
      expect(await waiting).toEqual({ amount: 4 })
      expect(await cache.get('c')).toBeUndefined()
      expect(await rejectionOf(cache.forget(''))).toMatchObject({ code: 'SLU5409' })
      expect(await rejectionOf(cache.set('x', { amount: 1 }, { tags: [''] }))).toMatchObject({
        code: 'SLU5409',
      })
    },
  )

  test('two clients that miss one key of a fleet-wide cache load it once', async () => {
    const clients = [fleet, opened(), opened()]
    let loads = 0
    const slow = Promise.withResolvers<{ amount: number }>()
    const load = () => {
      loads++
      return slow.promise
    }
    const all = clients.map((client) => client.cache('pages').getOrLoad('once', load))
    const { clock } = createComposition(env()).world
    while (loads === 0) await clock.sleep(5)
    await clock.sleep(50)
    slow.resolve({ amount: 5 })
    expect(await Promise.all(all)).toEqual([{ amount: 5 }, { amount: 5 }, { amount: 5 }])
    expect(loads).toBe(1)
  })

  test.each(['sessions', 'facts'] as const)(
    'a store gives what was put there, whole, in part, and many at once: %s',
    async (name) => {
      const store = fleet.store(name)
      const other = opened().store(name)
      expect(await store.get('s1')).toBeUndefined()
      expect(await store.put('s1', { user: 'ada', visits: 1, note: 'ä' })).toBe(true)
      expect(await store.put(2, { user: 'bob', visits: 2 })).toBe(true)
      expect(await other.get('s1')).toEqual({ user: 'ada', visits: 1, note: 'ä' })
      expect(await other.get('s1', ['visits', 'note'])).toEqual({ visits: 1, note: 'ä' })
      expect(await other.get('2', ['note'])).toEqual({})
      expect(await other.get('2', [])).toEqual({})
      expect(await other.get('nobody', ['user'])).toBeUndefined()
      expect(await other.getMany(['s1', 'nobody', 2], ['user'])).toEqual([
        { user: 'ada' },
        undefined,
        { user: 'bob' },
      ])
      expect(await other.getMany([2])).toEqual([{ user: 'bob', visits: 2 }])
      expect(await store.touch('s1')).toBe(true)
      expect(await other.destroy('s1')).toBe(true)
      expect(await Promise.all([store.touch('s1'), store.destroy('s1')])).toEqual([false, false])
      const refused = [
        [store.put('s1', { user: 'ada' } as never), 'SLU5105'],
        [store.get(''), 'SLU5110'],
        [store.touch(null as never), 'SLU5110'],
        [store.destroy('' as never), 'SLU5110'],
      ] as const
      for (const [call, code] of refused) expect(await rejectionOf(call)).toMatchObject({ code })
      await expect(store.put('s1', { user: 'a', visits: 1 }, { version: -1 })).rejects.toThrow(
        RangeError,
      )
    },
  )

  test('a value of an older version takes the place of none', async () => {
    const sessions = fleet.store('sessions')
    const put = (visits: number) => sessions.put('v', { user: 'ada', visits }, { version: visits })
    expect([await put(3), await put(2), await put(3)]).toEqual([true, false, true])
    expect(await sessions.get('v', ['visits'])).toEqual({ visits: 3 })
  })

  test('what another program wrote is not taken for what the schema promises', async () => {
    const facts = plan.stores['facts'] as never
    const driver = factories.store(plan.connections['hot'] as never, {
      world: createComposition(env()).world,
      log: createComposition(env()).log,
      origin: 'test',
      clientId: 'test',
    })
    await driver.connect()
    const at = { ...(facts as object), address: `${prefix}clients:facts:` } as never
    const write = (key: string, text: string) =>
      driver.put(at, { id: key, key, value: Buffer.from(text), guardMs: 0 })
    await write('odd', '{"user":1}')
    await write('broken', '{')
    await driver.close()
    const store = fleet.store('facts')
    expect(await rejectionOf(store.get('odd'))).toMatchObject({ code: 'SLU5410' })
    expect(await rejectionOf(store.get('broken', ['user']))).toMatchObject({ code: 'SLU5410' })
  })

  test('an event is done when the next is asked for: what was left comes again, to whoever reads for the group', async () => {
    const happenings = fleet.topic('happenings')
    for (const id of ['e1', 'e2', 'e3', 'e4'])
      await happenings.publish({ id, kind: 'k', text: id }, { key: 'one' })
    const read = async (client: FleetClient<Fleet>, until: string) => {
      const seen: string[] = []
      for await (const { id } of client.topic('happenings').events({ group: 'g' })) {
        seen.push(id)
        if (id === until) break
      }
      return seen
    }
    expect(await read(fleet, 'e2')).toEqual(['e1', 'e2'])
    expect(await read(fleet, 'e3')).toEqual(['e2', 'e3'])
    expect(await read(opened(), 'e4')).toEqual(['e3', 'e4'])
  })

  test('an iteration ends with its signal, and with the client, after the event at hand', async () => {
    const happenings = fleet.topic('happenings')
    for (const id of ['e1', 'e2'])
      await happenings.publish({ id, kind: 'k', text: id }, { key: 'a' })
    const stop = new AbortController()
    const seen: string[] = []
    for await (const { id } of happenings.events({ group: 'g', signal: stop.signal })) {
      seen.push(id)
      stop.abort()
    }
    const other = opened()
    for await (const { id } of other.topic('happenings').events({ group: 'g' })) {
      seen.push(id)
      void other.close()
    }
    expect(seen).toEqual(['e1', 'e2'])
  })

  test('what is no valid event is thrown, or given to who asked for it', async () => {
    const sink = factories.kafka(plan.connections['events'] as never, {
      world: createComposition(env()).world,
      log: createComposition(env()).log,
      origin: 'test',
      clientId: 'test',
    })
    await sink.connect()
    const bad = { ...plan.topics['happenings'], address: `${prefix}happenings` } as never
    await sink.sink(bad).send({
      id: 'bad',
      key: Buffer.from('a'),
      value: Buffer.from('{"id": 1}'),
      headers: {},
      timestamp: 0,
      contentType: 'application/json',
    })
    await sink.close()
    await fleet.topic('happenings').publish({ id: 'good', kind: 'k', text: '' }, { key: 'a' })
    const first = async (onInvalid?: (error: Error) => void) => {
      const terms = { group: 'g', ...(onInvalid === undefined ? {} : { onInvalid }) }
      for await (const { id } of fleet.topic('happenings').events(terms)) return id
      return undefined
    }
    expect(await rejectionOf(first())).toMatchObject({
      code: 'SLU1251',
      message: expect.stringMatching(/^happenings\/\d\/0 is no valid event/),
    })
    const passed: unknown[] = []
    expect(await first((error) => passed.push(error))).toBe('good')
    expect(passed).toMatchObject([{ code: 'SLU5002' }])
  })
})

test('names that are not in fleet.yaml are refused with those that are', () => {
  const fleet = openFleet<Fleet>({ project: PROJECT, embedded: true })
  expect(() => fleet.command('order' as never)).toThrow(
    expect.objectContaining({
      code: 'SLU1250',
      message:
        'the fleet has no queue or exchange for commands "order"; there is: orders, heard, shouts',
    }),
  )
  expect(() => fleet.topic('broken' as never)).toThrow(expect.objectContaining({ code: 'SLU1250' }))
  expect(() => fleet.request('constructor' as never)).toThrow(
    expect.objectContaining({ code: 'SLU1250' }),
  )
})

test('its types are those of the fleet', () => {
  const committed = readFileSync(join(PROJECT, 'workers/generated/fleet.ts'), 'utf8')
  expect(fleetTypes(compiled.sources)).toBe(committed)
})

test.each([
  ['embedded', true],
  ['real', false],
] as const)('health is the same as over HTTP, without it: %s', async (kind, embedded) => {
  const env = { ...process.env, SLUICE_PREFIX: `client-${randomUUID().slice(0, 8)}.` }
  const fleet = openFleet<Fleet>({ project: PROJECT, embedded, env })
  try {
    const { components } = await fleet.health.getOverallHealth()
    expect(Object.keys(components).length).toBeGreaterThan(0)
    for (const check of ['checkRedisHealth', 'checkRabbitmqHealth', 'checkKafkaHealth'] as const) {
      const { connections, component } = await fleet.health[check]()
      for (const { driver, facts } of Object.values(connections)) {
        expect(driver).toBe(kind === 'embedded' ? 'embedded' : component)
        expect(facts).not.toBeNull()
      }
    }
  } finally {
    await fleet.close()
  }
})
