// What only a RabbitMQ of one's own allows: alarms, limits, server-side closes, kills. Nobody else feels them.
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startRabbit, type IsolatedBroker } from '../../../infra/brokers/index.ts'
import { systemWorld } from '../../../workers/core/clock.ts'
import { createRabbitmqDriver } from '../../../workers/drivers/rabbitmq/index.ts'
import { messageOf, queueNamed, rejectionOf } from '../../contract/queue.contract.ts'
import { eventually } from '../../support/eventually.ts'
import { fastWorld } from '../../support/fast-world.ts'
import { openRabbitmqView } from '../../support/rabbitmq.ts'
import { rabbitmqctl } from '../../support/rabbitmqctl.ts'
import { recordedLog, type RecordedLine } from '../../support/recorded-log.ts'

const isHeldBack = ({ message }: RecordedLine) => /holds publishers back/.test(message)

describe('a RabbitMQ of our own', { timeout: 180_000 }, () => {
  let broker: IsolatedBroker
  const settings = () => ({
    host: '127.0.0.1',
    port: broker.port,
    user: 'guest',
    password: 'guest',
    vhost: '/',
  })
  const ctl = (...args: string[]) => rabbitmqctl(broker, ...args)
  const connected = async (world = systemWorld) => {
    const log = recordedLog()
    const driver = createRabbitmqDriver(settings(), {
      world,
      log,
      origin: 'connection work (pipelines/fleet.yaml:5)',
      clientId: 'own',
    })
    const view = await openRabbitmqView(settings())
    const queue = queueNamed(`own-${Math.random()}`)
    onTestFinished(async () => {
      await driver.close()
      await view.close().catch(() => {})
    })
    await driver.connect()
    await driver.ensureQueues([queue])
    return { driver, log, view, queue, sink: driver.sink(queue) }
  }
  beforeAll(async () => {
    broker = await startRabbit()
  }, 120_000)
  afterAll(() => broker.stop())

  it('holds publishers back when memory is low: sends wait, are answered within the bound, and go on', async () => {
    const { driver, log, view, queue, sink } = await connected(fastWorld(3))
    await ctl('set_vm_memory_high_watermark', '0.0000001')
    onTestFinished(async () => void (await ctl('set_vm_memory_high_watermark', '0.4')))
    // The broker tells a connection at its next publish; what it was handed by then is unknown.
    const first = await eventually('a message is held back', () =>
      sink.send(messageOf('first')).then(
        () => undefined,
        (error: unknown) => error,
      ),
    )
    expect((first as { code: string }).code).toMatch(/^SLU530[28]$/)
    await eventually('the alarm is heard', () => log.lines.some(isHeldBack))
    // A broker that holds back reads nothing: its silence is no reason to connect again.
    const [held] = await Promise.all([
      rejectionOf(sink.send(messageOf('held'))),
      rejectionOf(driver.ping()),
    ])
    expect(driver.isUp()).toBe(true)
    // It costs no attempt.
    expect(held).toMatchObject({ code: 'SLU5308', outage: true })
    expect(held.message).toMatch(/was not sent; RabbitMQ holds publishers back: low on memory/)
    // Its bound is 50 s of ours, so that the command has time to lift the alarm on a busy machine.
    const patient = await connected(fastWorld(0.2))
    const waiting = Array.from({ length: 50 }, (_, n) => patient.sink.send(messageOf(`${n}`)))
    const outcomes = Promise.allSettled(waiting)
    await eventually('the alarm is heard', () => patient.log.lines.some(isHeldBack))
    await ctl('set_vm_memory_high_watermark', '0.4')
    expect((await outcomes).filter(({ status }) => status === 'rejected')).toEqual([])
    expect(await patient.view.take(patient.queue.address)).toHaveLength(50)
    const present = (await view.take(queue.address)).map(({ id }) => id)
    expect(present).not.toContain('held')
  })

  it('refuses a body beyond its limit once, at the cost of one connection, and then of none', async () => {
    await ctl('eval', 'application:set_env(rabbit, max_message_size, 100000).')
    onTestFinished(async () => {
      await ctl('eval', 'application:set_env(rabbit, max_message_size, 134217728).')
    })
    const { driver, view, queue, sink } = await connected()
    const huge = { ...messageOf('huge'), value: Buffer.alloc(200_000) }
    const [refused, neighbour] = await Promise.all([
      rejectionOf(sink.send(huge)),
      rejectionOf(sink.send(messageOf('neighbour'))),
    ])
    expect(refused).toMatchObject({ code: 'SLU5307', failure: 'defect' })
    expect(refused.message).toContain('200000 bytes are more than the broker takes (100000)')
    expect(neighbour).toMatchObject({ code: 'SLU5301', outage: true })
    await driver.whenUp()
    const sends = await Promise.allSettled([
      sink.send(messageOf('a')),
      sink.send(huge),
      sink.send(messageOf('b')),
    ])
    expect(sends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await view.take(queue.address)).map(({ id }) => id)).toEqual(['a', 'b'])
  })

  it('is found on a virtual host whatever its name', async () => {
    const vhost = 'a%2Fb c/ü'
    await ctl('add_vhost', vhost)
    await ctl('set_permissions', '-p', vhost, 'guest', '.*', '.*', '.*')
    const driver = createRabbitmqDriver(
      { ...settings(), vhost },
      { world: systemWorld, log: recordedLog(), origin: 'connection work', clientId: 'own' },
    )
    onTestFinished(() => driver.close())
    await driver.connect()
    const queue = queueNamed('elsewhere')
    await driver.ensureQueues([queue])
    await driver.sink(queue).send(messageOf('there'))
    const view = await openRabbitmqView({ ...settings(), vhost })
    expect(await view.take('elsewhere')).toHaveLength(1)
    await view.close()
  })

  it('closes connections by itself: the driver comes back', async () => {
    const { driver, log, view, queue, sink } = await connected()
    await sink.send(messageOf('before'))
    await ctl('close_all_connections', 'an operator said so')
    // It may be up again before the command is back.
    await eventually('the loss is noticed', () => log.lines.find(({ level }) => level === 'warn'))
    expect(JSON.stringify(log.lines)).toContain('CONNECTION_FORCED')
    await driver.whenUp()
    await sink.send(messageOf('after'))
    const again = await openRabbitmqView(settings())
    expect((await again.take(queue.address)).map(({ id }) => id)).toEqual(['before', 'after'])
    await again.close()
    await view.close().catch(() => {})
  })

  it('is killed: what it confirmed is there when it is back', async () => {
    const { driver, queue, sink } = await connected()
    const outcomes = new Map<string, boolean>()
    let next = 0
    // RabbitMQ 3.10 writes down half a second late that a quorum queue exists: killed before, it never finds it again.
    const from = performance.now()
    let killing: Promise<void> | undefined
    const load = Array.from({ length: 64 }, async () => {
      while (driver.isUp()) {
        const id = `m${next++}`
        outcomes.set(
          id,
          await sink.send(messageOf(id)).then(
            () => true,
            () => false,
          ),
        )
        if (performance.now() - from > 1_500) killing ??= broker.kill('SIGKILL')
      }
    })
    await Promise.all(load)
    await killing
    await broker.restart()
    await driver.whenUp()
    // Its quorum queue may need longer than the bound to find a leader: sending again is the caller's part.
    await eventually('the queue takes messages', () =>
      sink.send(messageOf('after')).then(
        () => true,
        () => false,
      ),
    )
    const view = await openRabbitmqView(settings())
    const present = new Set((await view.take(queue.address)).map(({ id }) => id))
    await view.close()
    const lost = [...outcomes].filter(([id, confirmed]) => confirmed && !present.has(id))
    expect(lost).toEqual([])
    expect(present.has('after')).toBe(true)
  })
})
