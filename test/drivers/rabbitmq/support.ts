// A RabbitMQ driver behind a proxy that can fail, with queues of its own that are removed after the test.
import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { systemWorld, type World } from '../../../workers/core/clock.ts'
import { createRabbitmqDriver } from '../../../workers/drivers/rabbitmq/index.ts'
import { queueNamed } from '../../contract/queue.contract.ts'
import { openRabbitmqView, rabbitmqSettings } from '../../support/rabbitmq.ts'
import { recordedLog } from '../../support/recorded-log.ts'
import { createTcpProxy } from '../../support/tcp-proxy.ts'

export const ORIGIN = 'connection work (pipelines/fleet.yaml:5)'

export async function behindProxy({ world = systemWorld }: { world?: World } = {}) {
  const view = await openRabbitmqView()
  const proxy = await createTcpProxy(rabbitmqSettings())
  const log = recordedLog()
  const { host, port } = proxy
  const driver = createRabbitmqDriver(
    { ...rabbitmqSettings(), host, port },
    { world, log, origin: ORIGIN, clientId: 'faults' },
  )
  const queue = queueNamed(`faults-${randomUUID()}`)
  onTestFinished(async () => {
    await driver.close()
    await proxy.close()
    await view.remove([queue.address])
    await view.close()
  })
  await driver.connect()
  return { view, proxy, log, driver, queue, sink: driver.sink(queue) }
}

export type Faulty = Awaited<ReturnType<typeof behindProxy>>
