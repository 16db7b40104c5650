// What every queue driver promises, embedded or real; the same cases for all of them.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OutMessage, Exchange, Queue, QueueDriver } from '../../workers/core/contract.ts'
import { SluiceError } from '../../workers/core/errors.ts'
import { recordedLog } from '../support/recorded-log.ts'

/** A message as it stands on a queue, without what drivers add for themselves. */
export interface StoredMessage {
  readonly id: string
  readonly contentType: string
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, unknown>>
  readonly key: string | undefined
  readonly seconds: number
}

/** One broker, and how tests look at it past the driver. */
export interface QueueBroker {
  /** A new driver, not connected. */
  driver(log: ReturnType<typeof recordedLog>): QueueDriver
  /** What stands on the queue, oldest first. May take it away. */
  read(address: string): Promise<readonly StoredMessage[]>
  declare(address: string, type: Queue['type']): Promise<void>
  exists(address: string): Promise<boolean>
  close(queues: readonly string[]): Promise<void>
}

export const queueNamed = (address: string, type: Queue['type'] = 'quorum'): Queue => ({
  name: 'alerts',
  connection: 'work',
  at: { file: 'pipelines/fleet.yaml', line: 12, column: 3 },
  type,
  schema: 'commands/alert',
  reply: undefined,
  envelope: {},
  deadLetters: false,
  bindings: [],
  limit: undefined,
  singleActiveConsumer: false,
  deliveryLimit: undefined,
  parked: false,
  waits: undefined,
  retention: {},
  address,
})

export const messageOf = (id: string, body = id): OutMessage => ({
  id,
  key: null,
  value: Buffer.from(body),
  headers: {},
  timestamp: 1_700_000_000_000,
  contentType: 'text/plain',
})

export async function rejectionOf(promise: Promise<unknown>): Promise<SluiceError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(SluiceError)
  return thrown as SluiceError
}

export function queueContract(name: string, open: () => Promise<QueueBroker>): void {
  describe(`queue contract: ${name}`, () => {
    const queues: string[] = []
    const drivers: QueueDriver[] = []
    let broker: QueueBroker
    const fresh = () => {
      const address = `contract-${randomUUID()}`
      queues.push(address)
      return address
    }
    const connected = async () => {
      const log = recordedLog()
      const driver = broker.driver(log)
      drivers.push(driver)
      await driver.connect()
      return { driver, log }
    }
    const withQueue = async () => {
      const { driver } = await connected()
      const queue = queueNamed(fresh())
      await driver.ensureQueues([queue])
      return { driver, queue, sink: driver.sink(queue) }
    }
    beforeAll(async () => {
      broker = await open()
    })
    afterAll(async () => {
      await Promise.all(drivers.map((driver) => driver.close()))
      await broker.close(queues)
    })

    it('carries bytes, headers and properties unchanged', async () => {
      const { queue, sink } = await withQueue()
      const bytes = Uint8Array.from({ length: 256 }, (_, n) => n)
      await sink.send({
        id: 'evt-1/flow/alert',
        key: Buffer.from('user 7 ü'),
        value: bytes,
        headers: {
          'x-text': 'grün 🌱',
          'x-many': ['a', 'b'],
          'x-bytes': Buffer.from([0xff, 0x00, 0xfe]),
          traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        },
        timestamp: 1_700_000_123_456,
        contentType: 'application/json; charset=utf-8',
      })
      const [stored, ...others] = await broker.read(queue.address)
      expect(others).toEqual([])
      expect(stored).toEqual({
        id: 'evt-1/flow/alert',
        contentType: 'application/json; charset=utf-8',
        body: Buffer.from(bytes),
        headers: {
          'x-text': 'grün 🌱',
          'x-many': ['a', 'b'],
          'x-bytes': Buffer.from([0xff, 0x00, 0xfe]),
          traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        },
        key: 'user 7 ü',
        seconds: 1_700_000_123,
      })
    })

    it.each([
      ['an empty body', 0],
      ['a body of one frame', 1_000],
      ['a body of many frames', 1_048_576],
    ])('carries %s', async (_, bytes) => {
      const { queue, sink } = await withQueue()
      const value = Buffer.alloc(bytes, 'sluice ')
      await sink.send({ ...messageOf('sized'), value })
      const [stored] = await broker.read(queue.address)
      expect(value.equals(stored?.body ?? Buffer.from('nothing'))).toBe(true)
    })

    it('confirms 1,000 concurrent sends, each present once, in the order of the calls', async () => {
      const { queue, sink } = await withQueue()
      const ids = Array.from({ length: 1_000 }, (_, n) => `message ${n}`)
      await Promise.all(ids.map((id) => sink.send(messageOf(id))))
      const stored = await broker.read(queue.address)
      expect(stored.map(({ id }) => id)).toEqual(ids)
      expect(stored.map(({ body }) => Buffer.from(body).toString())).toEqual(ids)
    })

    it('rejects what no queue takes with SLU5304, and nothing else, even under the same id', async () => {
      const { driver, queue, sink } = await withQueue()
      const missing = driver.sink(queueNamed(`missing-${randomUUID()}`))
      const sends = Array.from({ length: 400 }, (_, n) =>
        (n % 3 === 1 ? missing : sink).send(messageOf('the same id', String(n))),
      )
      const outcomes = await Promise.allSettled(sends)
      const codes = outcomes.map((outcome) =>
        outcome.status === 'rejected' ? (outcome.reason as SluiceError).code : 'sent',
      )
      expect(codes).toEqual(codes.map((_, n) => (n % 3 === 1 ? 'SLU5304' : 'sent')))
      const stored = await broker.read(queue.address)
      const bodies = stored.map(({ body }) => Buffer.from(body).toString())
      expect(bodies).toEqual(codes.flatMap((code, n) => (code === 'sent' ? [String(n)] : [])))
    })

    it('names the queue that is missing', async () => {
      const { driver } = await connected()
      const error = await rejectionOf(driver.sink(queueNamed('no-such-queue')).send(messageOf('a')))
      expect(error.message).toContain('no-such-queue')
      expect(error.outage).toBe(false)
    })

    it('creates queues that are missing, once', async () => {
      const { driver, log } = await connected()
      const [one, two] = [queueNamed(fresh()), queueNamed(fresh(), 'classic')]
      expect(await driver.ensureQueues([one])).toEqual([one.address])
      expect(await driver.ensureQueues([one, two])).toEqual([two.address])
      expect(await driver.ensureQueues([one, two])).toEqual([])
      expect(await broker.exists(one.address)).toBe(true)
      expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([])
    })

    it('leaves a queue alone that exists as another type, names it in the log, and sends to it', async () => {
      const { driver, log } = await connected()
      const address = fresh()
      await broker.declare(address, 'classic')
      expect(await driver.ensureQueues([queueNamed(address, 'quorum')])).toEqual([])
      const warnings = log.lines.filter(({ level }) => level === 'warn')
      expect(warnings).toHaveLength(1)
      expect(warnings[0]?.fields).toMatchObject({
        code: 'SLU5306',
        name: 'alerts',
        address,
        at: 'pipelines/fleet.yaml:12',
      })
      expect(warnings[0]?.message).toMatch(/classic/)
      await driver.sink(queueNamed(address)).send(messageOf('still works'))
      expect(await broker.read(address)).toHaveLength(1)
    })

    describe('exchanges', () => {
      const routed = async (type: Exchange['type'], keys: readonly string[]) => {
        const { driver } = await connected()
        const exchange: Exchange = {
          name: 'routed',
          connection: 'work',
          at: { file: 'pipelines/fleet.yaml', line: 9, column: 3 },
          type,
          schema: 'commands/alert',
          address: fresh(),
        }
        const bound = keys.map((key) => ({
          ...queueNamed(fresh()),
          bindings: [{ exchange: exchange.address, key }],
        }))
        expect(await driver.ensureExchanges([exchange])).toEqual([exchange.address])
        expect(await driver.ensureExchanges([exchange])).toEqual([])
        await driver.ensureQueues(bound)
        await driver.ensureQueues(bound)
        const sink = driver.exchange(exchange)
        const send = (id: string, routingKey?: string) =>
          sink.send({ ...messageOf(id), ...(routingKey === undefined ? {} : { routingKey }) })
        const arrived = () =>
          Promise.all(
            bound.map(async ({ address }) => (await broker.read(address)).map(({ id }) => id)),
          )
        return { send, arrived }
      }

      it('of type topic route by patterns, to each queue once', async () => {
        const { send, arrived } = await routed('topic', ['high.#', '*.eu', 'high.*.x', '#'])
        await send('a', 'high.eu')
        await send('b', 'high')
        await send('c', 'low.eu')
        await send('d', 'high.eu.x')
        expect(await arrived()).toEqual([['a', 'b', 'd'], ['a', 'c'], ['d'], ['a', 'b', 'c', 'd']])
      })

      it('of type direct route by equal keys; what goes nowhere is returned', async () => {
        const { send, arrived } = await routed('direct', ['high', 'low'])
        await send('a', 'high')
        const error = await rejectionOf(send('b', 'middling'))
        expect(error.code).toBe('SLU5304')
        expect(error.message).toContain('b')
        expect(await arrived()).toEqual([['a'], []])
      })

      it('of type fanout send to all', async () => {
        const { send, arrived } = await routed('fanout', ['', ''])
        await send('a')
        expect(await arrived()).toEqual([['a'], ['a']])
      })
    })

    it('tells the sender of a queue that is full', async () => {
      const { driver } = await connected()
      const queue: Queue = {
        ...queueNamed(fresh(), 'classic'),
        limit: { messages: 1, bytes: undefined, overflow: 'reject' },
      }
      await driver.ensureQueues([queue])
      const sink = driver.sink(queue)
      await sink.send(messageOf('first'))
      expect((await rejectionOf(sink.send(messageOf('second')))).code).toBe('SLU5303')
    })

    it('drops the oldest of a queue that says so', async () => {
      const { driver } = await connected()
      const queue: Queue = {
        ...queueNamed(fresh(), 'classic'),
        limit: { messages: 2, bytes: undefined, overflow: 'drop-oldest' },
      }
      await driver.ensureQueues([queue])
      for (const id of ['a', 'b', 'c']) await driver.sink(queue).send(messageOf(id))
      expect((await broker.read(queue.address)).map(({ id }) => id)).toEqual(['b', 'c'])
    })

    it('connects once however often it is asked, answers pings and is up', async () => {
      const { driver } = await connected()
      await Promise.all([driver.connect(), driver.connect()])
      expect(driver.isUp()).toBe(true)
      await driver.whenUp()
      await driver.ping()
    })

    it('rejects everything before connect, as an outage', async () => {
      const driver = broker.driver(recordedLog())
      drivers.push(driver)
      expect(driver.isUp()).toBe(false)
      const error = await rejectionOf(driver.sink(queueNamed('any')).send(messageOf('early')))
      expect(error).toMatchObject({ code: 'SLU5301', outage: true })
      expect((await rejectionOf(driver.ping())).code).toBe('SLU5301')
      const given = new AbortController()
      const up = driver.whenUp(given.signal)
      given.abort()
      await up
    })

    it('closes twice, confirms what is under way, and rejects what comes after', async () => {
      const { driver, queue, sink } = await withQueue()
      const sends = Array.from({ length: 200 }, (_, n) => sink.send(messageOf(`last ${n}`)))
      await Promise.all([driver.close(), driver.close(), ...sends])
      await driver.close()
      expect(driver.isUp()).toBe(false)
      for (const late of [
        sink.send(messageOf('late')),
        driver.ensureQueues([queue]),
        driver.ping(),
        driver.connect(),
      ])
        expect(await rejectionOf(late)).toMatchObject({ code: 'SLU5301', outage: true })
      expect(await broker.read(queue.address)).toHaveLength(200)
    })
  })
}
