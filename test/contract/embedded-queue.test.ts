// The embedded queue driver against the contract of all queue drivers, and its own switch.
import { describe, expect, it } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import type { OutMessage } from '../../workers/core/contract.ts'
import { createEmbeddedQueueDriver } from '../../workers/drivers/embedded/queue-driver.ts'
import { EmbeddedQueues } from '../../workers/drivers/embedded/queues.ts'
import { eventually } from '../support/eventually.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { RecordingIntake } from '../support/recording-intake.ts'
import { queueSourceContract } from './queue-source.contract.ts'
import { requestsContract } from './requests.contract.ts'
import {
  messageOf,
  queueContract,
  queueNamed,
  rejectionOf,
  type StoredMessage,
} from './queue.contract.ts'

const context = (log = recordedLog()) => ({
  world: systemWorld,
  log,
  origin: 'connection work (pipelines/fleet.yaml:5)',
  clientId: 'test',
})

const stored = ({
  id,
  contentType,
  value,
  headers,
  key,
  timestamp,
}: OutMessage): StoredMessage => ({
  id,
  contentType,
  body: Buffer.from(value ?? []),
  headers,
  key: key === null ? undefined : Buffer.from(key).toString(),
  seconds: Math.floor(timestamp / 1_000),
})

queueContract('embedded', () => {
  const queues = new EmbeddedQueues(systemWorld.clock)
  return Promise.resolve({
    driver: (log) => createEmbeddedQueueDriver(queues, context(log)),
    read: (address) => Promise.resolve(queues.peek(address).map(stored)),
    declare: (address, type) => Promise.resolve(void queues.create(address, type)),
    exists: (address) => Promise.resolve(queues.typeOf(address) !== undefined),
    close: () => Promise.resolve(),
  })
})

const shared = new EmbeddedQueues(systemWorld.clock)
const sharing = {
  driver: (log: ReturnType<typeof recordedLog>) => createEmbeddedQueueDriver(shared, context(log)),
  remove: () => Promise.resolve(),
}
queueSourceContract('embedded', sharing)
requestsContract('embedded', sharing)

describe('an embedded broker that is away', () => {
  it('rejects as RabbitMQ does, keeps its messages, and comes back for all who wait', async () => {
    const queues = new EmbeddedQueues(systemWorld.clock)
    const driver = createEmbeddedQueueDriver(queues, context())
    await driver.connect()
    await driver.ensureQueues([queueNamed('alerts')])
    const sink = driver.sink(queueNamed('alerts'))
    await sink.send(messageOf('before'))
    queues.setAvailable(false)
    expect(driver.isUp()).toBe(false)
    for (const call of [sink.send(messageOf('meanwhile')), driver.ping(), driver.connect()])
      expect(await rejectionOf(call)).toMatchObject({ code: 'SLU5301', outage: true })
    let up = 0
    const waits = [driver.whenUp(), driver.whenUp()].map((wait) => wait.then(() => up++))
    await Promise.resolve()
    expect(up).toBe(0)
    queues.setAvailable(true)
    await Promise.all(waits)
    expect(driver.isUp()).toBe(true)
    await sink.send(messageOf('after'))
    expect(queues.peek('alerts').map(({ id }) => id)).toEqual(['before', 'after'])
    expect(queues.depth('alerts')).toBe(2)
  })

  it('comes up by itself after a first connect that was rejected', async () => {
    const queues = new EmbeddedQueues(systemWorld.clock)
    queues.setAvailable(false)
    const driver = createEmbeddedQueueDriver(queues, context())
    expect((await rejectionOf(driver.connect())).message).toContain('pipelines/fleet.yaml:5')
    const up = driver.whenUp()
    queues.setAvailable(true)
    await up
    expect(driver.isUp()).toBe(true)
  })

  it('takes the lane of a source away, and hands over again what was not acknowledged', async () => {
    const queues = new EmbeddedQueues(systemWorld.clock)
    const driver = createEmbeddedQueueDriver(queues, context())
    await driver.connect()
    const queue = queueNamed('alerts')
    await driver.ensureQueues([queue])
    for (const id of ['a', 'b']) await driver.sink(queue).send(messageOf(id))
    const intake = new RecordingIntake()
    const source = driver.source({ queue, prefetch: 10 })
    await source.start(intake)
    await eventually('both', () => intake.seen.length === 2)
    const { lane, message } = intake.seen[0] as (typeof intake.seen)[number]
    source.ack(lane, message.offset)
    queues.setAvailable(false)
    expect(intake.gone).toEqual([lane])
    expect(lane.live()).toBe(false)
    queues.setAvailable(true)
    await eventually('the rest', () => intake.seen.length === 3)
    expect(intake.texts()).toEqual(['a', 'b', 'b'])
    expect(intake.seen[2]?.lane).not.toBe(lane)
  })
})
