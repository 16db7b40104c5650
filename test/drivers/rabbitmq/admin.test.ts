// What the RabbitMQ admin sees and does on a real virtual host, and what it says when the management API does not answer as it should.
import { randomUUID } from 'node:crypto'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { systemWorld } from '../../../workers/core/clock.ts'
import { createRabbitmqAdmin } from '../../../workers/drivers/rabbitmq/admin.ts'
import { diffQueues } from '../../../workers/ops/queue-diff.ts'
import { exchangeOf, queueOf } from '../../ops/support.ts'
import { fromEnvironment } from '../../support/environment.ts'
import { eventually } from '../../support/eventually.ts'
import { management } from '../../support/management.ts'
import { openRabbitmqView, rabbitmqSettings } from '../../support/rabbitmq.ts'
import { recordedLog } from '../../support/recorded-log.ts'
import { ORIGIN } from './support.ts'

async function open(changed: { managementPort?: number | undefined; user?: string } = {}) {
  const prefix = `admin+${randomUUID().slice(0, 8)}/`
  const admin = createRabbitmqAdmin(
    {
      ...rabbitmqSettings(),
      managementPort: Number(fromEnvironment('RABBITMQ_MANAGEMENT_PORT')),
      ...changed,
    },
    { world: systemWorld, log: recordedLog(), origin: ORIGIN, clientId: 'admin-test' },
  )
  onTestFinished(async () => {
    await admin.close()
    await management.removeBelow(prefix)
  })
  await admin.connect()
  const exchange = exchangeOf({ address: `${prefix}shipping` })
  const queue = queueOf({
    address: `${prefix}parcels`,
    bindings: [{ exchange: exchange.address, key: 'eu.#' }],
  })
  const wanted = { exchanges: [exchange], queues: [queue] }
  return { admin, prefix, exchange, queue, wanted, look: () => admin.look(wanted, prefix) }
}

test('what was carried out is seen, and doing it again changes nothing', async () => {
  const { admin, exchange, queue, look } = await open()
  expect(await look()).toMatchObject({ compared: true, exchanges: new Map(), queues: new Map() })
  const bind = {
    exchange: exchange.address,
    to: queue.address,
    key: 'eu.#',
    arguments: {},
  }
  for (const _ of ['once', 'and again']) {
    await admin.carryOut({ do: 'create-exchange', exchange })
    await admin.carryOut({ do: 'create-queue', queue })
    await admin.carryOut({ do: 'bind', ...bind })
    await admin.carryOut({ do: 'bind', ...bind, key: 'us' })
    const { exchanges, queues, undeclared } = await look()
    expect(exchanges.get(exchange.address)?.details?.settings).toEqual({
      type: 'topic',
      durable: true,
      autoDelete: false,
      internal: false,
    })
    expect(queues.get(queue.address)).toMatchObject({
      messages: 0,
      consumers: 0,
      details: { settings: { type: 'quorum', durable: true }, others: {} },
    })
    const keys = queues.get(queue.address)?.details?.bindings.map(({ key }) => key)
    expect(keys?.toSorted()).toEqual(['eu.#', 'us'])
    expect(undeclared).toEqual([])
  }
  for (const _ of ['once', 'and again']) await admin.carryOut({ do: 'unbind', ...bind, key: 'us' })
  expect((await look()).queues.get(queue.address)?.details?.bindings).toEqual([bind])
})

test('a queue in which messages wait is found as it was declared, and told from one that drops what it moves', async () => {
  const { admin, prefix, queue } = await open()
  const view = await openRabbitmqView()
  onTestFinished(() => view.close())
  const waits = { ms: 60_000, then: queue.address }
  const tier = queueOf({ address: `${prefix}tier`, bindings: [], parked: true, waits })
  const lossy = { ...tier, address: `${prefix}lossy` }
  await admin.carryOut({ do: 'create-queue', queue: tier })
  await view.declare(lossy.address, {
    'x-queue-type': 'quorum',
    'x-message-ttl': 60_000,
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': queue.address,
  })
  const declared = { exchanges: [], queues: [tier, lossy] }
  const found = await admin.look(declared, prefix)
  const { changes } = diffQueues({ connection: 'work', ...declared }, found, new Set())
  const told = changes.map(({ name, field, to }) => `${name} ${field} ${JSON.stringify(to)}`)
  expect(new Set(told)).toEqual(
    new Set([
      `${lossy.address} limit.overflow "reject"`,
      `${lossy.address} x-dead-letter-strategy "at-least-once"`,
    ]),
  )
})

describe('a queue is made anew', () => {
  test.each(['classic', 'quorum'])('when it is empty and idle: from %s', async (type) => {
    const { admin, exchange, queue, look } = await open()
    const view = await openRabbitmqView()
    onTestFinished(() => view.close())
    await admin.carryOut({ do: 'create-exchange', exchange })
    await view.declare(queue.address, { 'x-queue-type': type, 'x-max-length': 9 })
    await view.put(queue.address, 'kept')
    await expect(admin.carryOut({ do: 'replace-queue', queue })).rejects.toMatchObject({
      code: 'SLU0398',
      message: expect.stringContaining('1 messages') as string,
    })
    expect((await view.take(queue.address)).map(({ body }) => String(body))).toEqual(['kept'])
    await eventually('nobody holds a message any more', async () => {
      const found = (await look()).queues.get(queue.address)
      return found?.messages === 0 && found.consumers === 0
    })
    await admin.carryOut({ do: 'replace-queue', queue })
    const { details } = (await look()).queues.get(queue.address) ?? {}
    expect(details?.settings).not.toHaveProperty('limit.messages')
    expect(details?.settings.type).toBe('quorum')
    expect(details?.bindings.map(({ key }) => key)).toEqual(['eu.#'])
  })
})

test('an exchange is made anew with what is bound to it', async () => {
  const { admin, exchange, queue, look } = await open()
  await admin.carryOut({ do: 'create-exchange', exchange: { ...exchange, type: 'fanout' } })
  await admin.carryOut({ do: 'create-queue', queue })
  await admin.carryOut({ do: 'replace-exchange', exchange, queues: [queue] })
  const { exchanges } = await look()
  expect(exchanges.get(exchange.address)?.details).toMatchObject({
    settings: { type: 'topic' },
    bindings: [{ to: queue.address, key: 'eu.#' }],
  })
})

test('arguments and policies of others, and what is there beside, are seen', async () => {
  const { admin, prefix, queue, look } = await open()
  const view = await openRabbitmqView()
  onTestFinished(() => view.close())
  await view.declare(queue.address, {
    'x-queue-type': 'quorum',
    'x-max-length': 9,
    'x-delivery-limit': 4,
    'x-message-ttl': 5_000,
  })
  await admin.carryOut({ do: 'create-queue', queue: queueOf({ address: `${prefix}old` }) })
  await management.putPolicy(`${prefix}short`, prefix, { 'max-length': 5 })
  const found = await eventually('the policy is applied', async () => {
    const { queues, undeclared } = await look()
    const details = queues.get(queue.address)?.details
    return details?.others['policy'] === undefined ? undefined : { details, undeclared }
  })
  expect(found.details?.settings).toMatchObject({
    'limit.messages': 9,
    'limit.overflow': 'drop-oldest',
    deliveryLimit: 4,
    'x-message-ttl': 5_000,
  })
  expect(found.details?.others).toEqual({
    policy: `${prefix.replaceAll('/', '-')}short: {"max-length":5}`,
  })
  expect(found.undeclared).toEqual([{ kind: 'queue', name: `${prefix}old` }])
})

test('without the management API only what is missing is known', async () => {
  const { admin, exchange, queue, look } = await open({ managementPort: undefined })
  expect(await look()).toMatchObject({ compared: false, exchanges: new Map(), queues: new Map() })
  await admin.carryOut({ do: 'create-exchange', exchange })
  await admin.carryOut({ do: 'create-queue', queue })
  expect(await look()).toEqual({
    compared: false,
    exchanges: new Map([[exchange.address, { details: undefined }]]),
    queues: new Map([[queue.address, { messages: 0, consumers: 0, details: undefined }]]),
    undeclared: [],
  })
})

/** More and more, until nobody listens. */
function flood(response: ServerResponse): void {
  if (!response.destroyed) response.write('x'.repeat(65_536), () => flood(response))
}

describe('a management API that does not answer as it should', () => {
  const answering = async (listener: RequestListener) => {
    const server = createServer(listener)
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => server.close().closeAllConnections())
    return (server.address() as AddressInfo).port
  }
  const failure = async (managementPort: number) => {
    const { look } = await open({ managementPort })
    return look().then(
      () => 'it was taken',
      (error: unknown) => error,
    )
  }
  test('it is silent: SLU1140 with host, port and line', async () => {
    const silent = await answering(() => {})
    const { look } = await open({ managementPort: silent })
    await expect(look()).rejects.toMatchObject({
      code: 'SLU1140',
      message: expect.stringMatching(
        new RegExp(`127\\.0\\.0\\.1:${silent} did not answer.*fleet\\.yaml:5`),
      ) as string,
    })
  })
  test.each<[string, RequestListener, string, string]>([
    [
      'refuses us',
      (_, res) => void res.writeHead(401).end('{"reason":"Not_Authorized"}'),
      'SLU1141',
      'Not_Authorized',
    ],
    ['forbids it', (_, res) => void res.writeHead(403).end('no'), 'SLU1141', 'refused user'],
    ['is broken', (_, res) => void res.writeHead(500).end('oh'), 'SLU1143', 'answered 500'],
    ['is something else', (_, res) => void res.end('<html>'), 'SLU1143', 'JSON'],
    [
      'sends us elsewhere',
      (_, res) => void res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'SLU1140',
      'redirect',
    ],
    ['hangs up', (req) => void req.socket.destroy(), 'SLU1140', 'is away'],
    ['never ends', (_, res) => flood(res), 'SLU1140', 'more than'],
  ])('it %s', async (_, listener, code, words) => {
    const error = await failure(await answering(listener))
    expect(error).toMatchObject({ code })
    expect((error as Error).message).toContain(words)
    expect((error as Error).message).toContain(ORIGIN)
    expect(JSON.stringify(error) + String(error)).not.toContain(
      Buffer.from(`${rabbitmqSettings().user}:${rabbitmqSettings().password}`).toString('base64'),
    )
  })
})
