// What the typed client promises other services, embedded and on real brokers: checked, confirmed, read at least once, one answer.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createClient } from '../../workers/client/client.ts'
import type { FleetClient, ReadEvent } from '../../workers/client/shape.ts'
import { makeWorker } from '../../workers/cli/make-worker.ts'
import { loadCode } from '../../workers/cli/project.ts'
import { compileFleet } from '../../workers/compile/compile.ts'
import { checkerOf } from '../../workers/compile/schemas.ts'
import { fleetTypes } from '../../workers/compile/types/fleet-types.ts'
import { createComposition } from '../../workers/composition.ts'
import type { FleetPlan } from '../../workers/core/plan.ts'
import type { DriverFactories } from '../../workers/runtime/connections.ts'
import { noCounts } from '../../workers/runtime/counts.ts'
import type { Worker } from '../../workers/runtime/worker.ts'
import { openFleet } from '../../workers/index.ts'
import { rejectionOf } from './queue.contract.ts'
import type { Fleet } from './client-fleet/workers/generated/fleet.ts'

const PROJECT = join(import.meta.dirname, 'client-fleet')
const compiled = compileFleet(PROJECT)
const plan = compiled.plan as FleetPlan

describe.each(['embedded', 'real'])('client of a fleet: %s', (kind) => {
  let prefix: string
  let factories: DriverFactories
  let worker: Worker
  let fleet: FleetClient<Fleet>
  const clients: FleetClient<Fleet>[] = []
  const env = () => ({ ...process.env, SLUICE_PREFIX: prefix, SLUICE_LOG_LEVEL: 'error' })

  const opened = () => {
    const composition = createComposition(env())
    const { world, log } = composition
    const client = createClient<Fleet>({
      plan,
      prefix,
      factories,
      checkOf: checkerOf(plan),
      world,
      log,
      tracer: composition.telemetry(noCounts, { complete: false }).tracer,
    })
    clients.push(client)
    return client
  }

  beforeEach(async () => {
    prefix = `client-${randomUUID().slice(0, 8)}.`
    const composition = createComposition(env())
    factories = composition.drivers(kind === 'embedded')
    const pipelines = Object.keys(plan.pipelines)
    worker = makeWorker(
      {
        plan,
        pipelines,
        code: await loadCode({ ...compiled, plan }, pipelines),
        factories,
        telemetry: composition.telemetry(noCounts, { complete: false }),
      },
      composition,
    )
    await worker.start()
    fleet = opened()
  })
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()))
    await worker.stop()
  })

  /** The next notes that pipelines made of what arrived. */
  async function notes(count: number) {
    const seen: ReadEvent<Fleet['topics']['notes']>[] = []
    for await (const note of fleet.topic('notes').events({ group: 'reader' })) {
      seen.push(note)
      if (seen.length === count) break
    }
    return seen.map(({ data }) => data)
  }

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

  test('a job is one by its id', async () => {
    const chores = fleet.jobs('chores')
    expect(await chores.add({ text: 'sweep' }, { id: 'c1' })).toEqual({ id: 'c1' })
    await chores.add({ text: 'sweep again' }, { id: 'c1' })
    await chores.add({ text: 'wash' }, { id: 'c2', priority: 5 })
    const seen = await notes(2)
    expect(seen.map(({ id, text }) => `${id} ${text}`).toSorted()).toEqual(['c1 sweep', 'c2 wash'])
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
      expect(await rejectionOf(cache.get(() => 1))).toMatchObject({ code: 'SLU5107' })
    },
  )

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
