// What RabbitMQ refuses: logins, hosts, full queues, unfit messages; each answered with its code, none at the cost of its neighbours.
import { randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemWorld } from '../../../workers/core/clock.ts'
import { createRabbitmqDriver } from '../../../workers/drivers/rabbitmq/index.ts'
import { messageOf, queueNamed, rejectionOf } from '../../contract/queue.contract.ts'
import { rabbitmqSettings } from '../../support/rabbitmq.ts'
import { recordedLog } from '../../support/recorded-log.ts'
import { createTcpProxy } from '../../support/tcp-proxy.ts'
import { behindProxy, ORIGIN } from './support.ts'

async function refusalOf(changed: Partial<ReturnType<typeof rabbitmqSettings>>) {
  const driver = createRabbitmqDriver(
    { ...rabbitmqSettings(), ...changed },
    { world: systemWorld, log: recordedLog(), origin: ORIGIN, clientId: 'refused' },
  )
  onTestFinished(() => driver.close())
  const error = await rejectionOf(driver.connect())
  expect(driver.isUp()).toBe(false)
  expect(error.outage).toBe(true)
  expect(error.message).toContain(ORIGIN)
  expect(error.cause).toBeInstanceOf(Error)
  return error
}

describe('a refused connection', () => {
  it('says who was refused where: a wrong password', async () => {
    const error = await refusalOf({ password: 'wrong-password-canary' })
    const { user, vhost } = rabbitmqSettings()
    expect(error.code).toBe('SLU5305')
    expect(error.message).toContain(`user ${user} on virtual host ${vhost}`)
    expect(error.message).not.toContain('wrong-password-canary')
  })

  it('says who was refused where: an unknown virtual host', async () => {
    const error = await refusalOf({ vhost: 'no/such%host' })
    expect(error.code).toBe('SLU5305')
    expect(error.message).toContain('no/such%host')
  })

  it('names host and port where nobody listens', async () => {
    const proxy = await createTcpProxy(rabbitmqSettings())
    await proxy.close()
    const error = await refusalOf({ host: '127.0.0.1', port: proxy.port })
    expect(error.code).toBe('SLU5301')
    expect(error.message).toContain(`127.0.0.1:${proxy.port}`)
    expect(error.message).toContain('ECONNREFUSED')
  })

  it('names a host that does not exist', async () => {
    const error = await refusalOf({ host: 'rabbitmq.invalid' })
    expect(error.code).toBe('SLU5301')
    expect(error.message).toContain('rabbitmq.invalid')
  })
})

describe('a refused message', () => {
  it('is SLU5303 when the queue is full, and its neighbours in other queues are sent', async () => {
    const { view, driver, queue, sink } = await behindProxy()
    const other = queueNamed(`faults-${randomUUID()}`)
    onTestFinished(() => view.remove([other.address]))
    await driver.ensureQueues([other])
    await view.declare(queue.address, {
      // A quorum queue overshoots its limit: it tells publishers after the fact.
      'x-queue-type': 'classic',
      'x-max-length': 5,
      'x-overflow': 'reject-publish',
    })
    const full: Promise<unknown>[] = []
    const free: Promise<unknown>[] = []
    for (let n = 0; n < 200; n++) {
      full.push(sink.send(messageOf(`full ${n}`)))
      free.push(driver.sink(other).send(messageOf(`free ${n}`)))
    }
    const outcomes = await Promise.allSettled(full)
    await Promise.all(free)
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(refused).toHaveLength(195)
    for (const error of refused)
      expect(error).toMatchObject({ code: 'SLU5303', failure: 'transient', outage: true })
    // Nothing that was refused is present, nothing that was confirmed is missing.
    const kept = outcomes.flatMap((one, n) => (one.status === 'fulfilled' ? [`full ${n}`] : []))
    expect((await view.take(queue.address)).map(({ id }) => id)).toEqual(kept)
    expect(await view.take(other.address)).toHaveLength(200)
  })

  it('is SLU5307 when it does not fit into AMQP, and the connection lives on', async () => {
    const { view, proxy, driver, queue, sink } = await behindProxy()
    await driver.ensureQueues([queue])
    const before = sink.send(messageOf('before'))
    const unfit = [
      { ...messageOf('headers'), headers: { large: 'x'.repeat(70_000) } },
      { ...messageOf('name'), headers: { ['n'.repeat(300)]: 'x' } },
      messageOf('i'.repeat(300), 'id'),
    ]
    for (const message of unfit) {
      const error = await rejectionOf(sink.send(message))
      expect(error).toMatchObject({ code: 'SLU5307', failure: 'defect' })
    }
    await Promise.all([before, sink.send(messageOf('after'))])
    const taken = await view.take(queue.address)
    expect(taken.map(({ id }) => id)).toEqual(['before', 'after'])
    expect(taken.every(({ persistent }) => persistent)).toBe(true)
    expect(proxy.connections()).toBe(1)
  })

  it('cannot steer the broker by its own headers', async () => {
    const { view, driver, queue, sink } = await behindProxy()
    const other = queueNamed(`faults-${randomUUID()}`)
    onTestFinished(() => view.remove([other.address]))
    await driver.ensureQueues([queue, other])
    await sink.send({
      ...messageOf('hostile'),
      headers: {
        CC: [other.address],
        BCC: 'not an array',
        'sluice-key': 'forged',
        ['__proto__']: 'x',
        kept: 'yes',
      },
      timestamp: Number.NaN,
    })
    const [taken] = await view.take(queue.address)
    expect(taken?.headers).toMatchObject({ kept: 'yes' })
    expect(Object.keys(taken?.headers ?? {})).not.toContain('CC')
    expect(await view.take(other.address)).toEqual([])
  })
})
