// A broker that takes connections and says nothing is told from one that answers, in time; an inspector comes back when its broker does.
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { startRedis } from '../../infra/brokers/index.ts'
import { systemWorld } from '../../workers/core/clock.ts'
import type { Inspector } from '../../workers/core/facts.ts'
import { createKafkaInspector } from '../../workers/drivers/kafka/kafkajs/inspector.ts'
import { createRabbitmqInspector } from '../../workers/drivers/rabbitmq/inspector.ts'
import { createRedisInspector } from '../../workers/drivers/redis/inspector.ts'
import { rejectionOf } from '../contract/queue.contract.ts'
import { fromEnvironment } from '../support/environment.ts'
import { eventually } from '../support/eventually.ts'
import { rabbitmqSettings } from '../support/rabbitmq.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { createTcpProxy } from '../support/tcp-proxy.ts'

const context = {
  world: systemWorld,
  log: recordedLog(),
  origin: 'connection x (pipelines/fleet.yaml:6)',
  clientId: 'test',
}
const WITHIN_MS = 1_000
/** What a busy machine adds. */
const SLACK_MS = 4_000

const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close()
})
const kept = <T extends { close(): Promise<void> }>(one: T): T => {
  closing.push(one)
  return one
}

/** Takes connections as a kernel does for a process that hangs. */
async function silentServer(): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  kept({
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  })
  return (server.address() as AddressInfo).port
}

const nothing = { queues: [], exchanges: [] }

describe.each<[string, (port: number) => () => Promise<unknown>]>([
  ['Redis', (port) => looker(createRedisInspector({ ...redisAt(port) }, context), undefined)],
  [
    'RabbitMQ',
    (port) =>
      looker(
        createRabbitmqInspector(
          { ...rabbitmqSettings(), host: '127.0.0.1', port, managementPort: undefined },
          context,
        ),
        nothing,
      ),
  ],
  [
    'Kafka',
    (port) =>
      looker(createKafkaInspector({ brokers: [`127.0.0.1:${port}`] }, context), {
        topics: [],
        groups: [],
      }),
  ],
])('%s', (_name, at) => {
  it('that says nothing is away within the time given, twice', async () => {
    const look = at(await silentServer())
    for (let times = 0; times < 2; times++) {
      const asked = performance.now()
      const error = await rejectionOf(look())
      expect(error).toMatchObject({ code: 'SLU1183', outage: true })
      expect(error.message).toContain('pipelines/fleet.yaml:6')
      expect(performance.now() - asked).toBeLessThan(WITHIN_MS + SLACK_MS)
    }
  })

  it('that is not there is an outage', async () => {
    expect(await rejectionOf(at(1)())).toMatchObject({ outage: true })
  })
})

const redisAt = (port: number) => ({ host: '127.0.0.1', port, password: undefined })

function looker<W>(inspector: Inspector<W, unknown>, wanted: W): () => Promise<unknown> {
  kept(inspector)
  return () => inspector.look(wanted, WITHIN_MS)
}

it('sees a Redis that is stopped and goes on', async () => {
  const broker = await startRedis()
  onTestFinished(() => broker.stop())
  const look = looker(createRedisInspector(redisAt(broker.port), context), undefined)
  expect(await look()).toMatchObject({ cluster: { role: 'master' } })
  await broker.kill('SIGSTOP')
  expect((await rejectionOf(look())).code).toBe('SLU1183')
  await broker.kill('SIGCONT')
  expect(await eventually('it answers again', () => look().catch(() => undefined))).toMatchObject({
    cluster: { role: 'master' },
  })
})

it('sees a RabbitMQ whose network swallows everything, and finds it again', async () => {
  const { host, port } = rabbitmqSettings()
  const proxy = kept(await createTcpProxy({ host, port }))
  const look = looker(
    createRabbitmqInspector(
      {
        ...rabbitmqSettings(),
        host: proxy.host,
        port: proxy.port,
        managementPort: undefined,
      },
      context,
    ),
    nothing,
  )
  expect(await look()).toMatchObject({ version: expect.any(String) as string, connections: null })
  proxy.blackhole()
  expect((await rejectionOf(look())).code).toBe('SLU1183')
  await proxy.restore()
  expect(await eventually('it answers again', () => look().catch(() => undefined))).toBeTruthy()
})

it('opens another connection after one that failed, and after one that never opened', async () => {
  const { host, port } = rabbitmqSettings()
  const proxy = kept(await createTcpProxy({ host, port }))
  const settings = { ...rabbitmqSettings(), host: proxy.host, port: proxy.port }
  const look = looker(
    createRabbitmqInspector({ ...settings, managementPort: undefined }, context),
    nothing,
  )
  const answers = () => eventually('it answers', () => look().catch(() => undefined))
  await proxy.refuse()
  expect(await rejectionOf(look())).toMatchObject({ outage: true })
  await proxy.restore()
  expect(await answers()).toBeTruthy()
  proxy.cut()
  expect(await answers()).toBeTruthy()
})

describe('RabbitMQ without its management API', () => {
  const look = (managementPort: number) =>
    createInspectorFor(managementPort).look(nothing, WITHIN_MS)
  const createInspectorFor = (managementPort: number) =>
    kept(createRabbitmqInspector({ ...rabbitmqSettings(), managementPort }, context))

  it('is looked at all the same when the API is away', async () => {
    const facts = await look(1)
    expect(facts).toMatchObject({ cluster: { nodes: null }, unasked: { code: 'SLU1140' } })
    expect(facts.version).toMatch(/^\d+\./)
  })

  it('is looked at all the same when the API says nothing', async () => {
    expect(await look(await silentServer())).toMatchObject({ unasked: { code: 'SLU1140' } })
  })

  it('is looked at all the same when something else answers there', async () => {
    expect(await look(Number(fromEnvironment('RABBITMQ_PORT')))).toMatchObject({
      unasked: { code: expect.stringMatching(/^SLU114[03]$/) as string },
    })
  })
})
