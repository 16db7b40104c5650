// The driver of a schema registry against the contract of all registries, on a real one; and what only a real one can do.
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startRegistry, type IsolatedBroker } from '../../infra/brokers/index.ts'
import { systemWorld } from '../../workers/core/clock.ts'
import { silentLog } from '../../workers/core/log.ts'
import type { RegistryDriver } from '../../workers/core/registry.ts'
import { createRegistryDriver } from '../../workers/drivers/registry/index.ts'
import { eventually } from '../support/eventually.ts'
import { avroSchema, registryContract } from './registry.contract.ts'

const context = {
  world: systemWorld,
  log: silentLog,
  origin: 'connection events (pipelines/fleet.yaml:6)',
  clientId: 'contract',
}
let broker: IsolatedBroker
let url: string
const opened: RegistryDriver[] = []
const driverAt = (at = url, user?: string, password?: string) => {
  const driver = createRegistryDriver({ url: at, user, password }, context)
  opened.push(driver)
  return driver
}

beforeAll(async () => {
  broker = await startRegistry()
  url = broker.env['KAFKA_SCHEMA_REGISTRY_URL'] as string
}, 180_000)
afterAll(() => broker.stop())
afterEach(async () => {
  await Promise.all(opened.splice(0).map((driver) => driver.close()))
})

registryContract('Apicurio', () => ({ driver: () => driverAt() }))

test('a level of compatibility that is set there is heeded: by objections, and by refusing', async () => {
  const driver = driverAt()
  await driver.connect()
  const subject = `levels-${systemWorld.ids.next()}`
  await driver.register({ subject, kind: 'AVRO', text: avroSchema('Order', 'id') })
  const level = await fetch(`${url}/config/${subject}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ compatibility: 'BACKWARD' }),
  })
  expect(level.status).toBe(200)
  const next = { subject, kind: 'AVRO', text: avroSchema('Order', 'id', 'total') } as const
  const objections = await driver.objections(next)
  expect(objections.join(' ')).toMatch(/\S/)
  await expect(driver.register(next)).rejects.toMatchObject({ code: 'SLU0386', outage: false })
  expect(await driver.versions(subject)).toEqual([1])
})

test('killed, it is known to be away; started again on its data, it knows every id', async () => {
  const driver = driverAt()
  await driver.connect()
  const text = avroSchema('Kept', 'id')
  const id = await driver.register({
    subject: `kept-${systemWorld.ids.next()}`,
    kind: 'AVRO',
    text,
  })
  await broker.kill('SIGKILL')
  await expect(driver.schema(id)).rejects.toMatchObject({ code: 'SLU1158', outage: true })
  expect(driver.isUp()).toBe(false)
  const back = driver.whenUp()
  await broker.restart()
  await back
  const found = await eventually('it answers', () => driver.schema(id).catch(() => undefined))
  expect(JSON.parse(found.text)).toEqual(JSON.parse(text))
}, 180_000)

describe('what answers in its place', () => {
  let server: Server
  const answering = async (listener: RequestListener) => {
    server = createServer(listener).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })
  const answer = (status: number, body: string): RequestListener => {
    return (request, response) => {
      const asked = request.url === '/schemas/types' ? [200, '["JSON"]'] : [status, body]
      response.writeHead(asked[0] as number).end(asked[1])
    }
  }
  const rejection = async (listener: RequestListener, ask: (driver: RegistryDriver) => unknown) => {
    const driver = driverAt(await answering(listener))
    await driver.connect()
    return (await Promise.resolve(ask(driver)).catch((error: unknown) => error)) as {
      code: string
      outage: boolean
      message: string
    }
  }
  const lookUp = (driver: RegistryDriver) => driver.schema(1)

  test.each<[string, RequestListener, string]>([
    ['no registry at all', answer(404, '<html>not found</html>'), 'SLU1160'],
    ['another API that lacks the path', answer(404, '{"error":"not found"}'), 'SLU1160'],
    ['another API', answer(200, '{"swagger":"2.0"}'), 'SLU1160'],
    ['no JSON', answer(200, 'hello'), 'SLU1160'],
    ['a refusal', answer(401, '{"message":"who are you"}'), 'SLU1159'],
    ['a server that is unwell', answer(503, '{}'), 'SLU1158'],
    ['a redirect', answer(302, ''), 'SLU1160'],
  ])('%s gives up no message', async (_what, listener, code) => {
    expect(await rejection(listener, lookUp)).toMatchObject({ code, outage: true })
  })

  test('its own word for what is not there is believed', async () => {
    const body = '{"error_code":40403,"message":"Schema 1 not found"}'
    expect(await rejection(answer(404, body), lookUp)).toBeUndefined()
  })

  test('what it does not take for a schema is not registered there', async () => {
    const body = '{"error_code":42201,"message":"Invalid schema"}'
    const ours = { subject: 'orders-value', kind: 'JSON', text: '{}' } as const
    const idOf = (driver: RegistryDriver) => driver.idOf(ours)
    expect(await rejection(answer(422, body), idOf)).toBeUndefined()
  })

  test('an answer without end is cut off', async () => {
    const endless: RequestListener = (request, response) => {
      if (request.url === '/schemas/types') response.end('[]')
      else response.write('x'.repeat(9 * 1024 * 1024))
    }
    expect(await rejection(endless, lookUp)).toMatchObject({ code: 'SLU1158' })
  })

  test('user and password go along, and are in no message', async () => {
    const seen: (string | undefined)[] = []
    const at = await answering((request, response) => {
      seen.push(request.headers.authorization)
      response.writeHead(403).end('{}')
    })
    const error = await driverAt(at, 'ann', 's3cret')
      .connect()
      .catch((thrown: unknown) => thrown)
    expect(seen).toEqual([`Basic ${Buffer.from('ann:s3cret').toString('base64')}`])
    expect(String(error)).not.toContain('s3cret')
  })
})
