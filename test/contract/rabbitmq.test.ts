// The RabbitMQ driver against the contract of all queue drivers, on a real RabbitMQ.
import { systemWorld } from '../../workers/core/clock.ts'
import { createRabbitmqDriver } from '../../workers/drivers/rabbitmq/index.ts'
import { openRabbitmqView, rabbitmqSettings } from '../support/rabbitmq.ts'
import type { Logger } from '../../workers/core/log.ts'
import { queueSourceContract } from './queue-source.contract.ts'
import { requestsContract } from './requests.contract.ts'
import { queueContract } from './queue.contract.ts'

const driver = (log: Logger) =>
  createRabbitmqDriver(rabbitmqSettings(), {
    world: systemWorld,
    log,
    origin: 'connection work (pipelines/fleet.yaml:5)',
    clientId: 'contract',
  })

const setup = {
  driver,
  async remove(addresses: readonly string[]) {
    const view = await openRabbitmqView()
    await view.remove(addresses)
    await view.close()
  },
}
queueSourceContract('RabbitMQ', setup)
requestsContract('RabbitMQ', setup)

queueContract('RabbitMQ', async () => {
  const view = await openRabbitmqView()
  return {
    driver,
    async read(address) {
      const messages = await view.take(address)
      return messages.map(({ id, contentType, body, headers, seconds }) => {
        const { 'sluice-key': key, ...others } = headers
        // Quorum queues write it themselves.
        delete others['x-delivery-count']
        return { id, contentType, body, headers: others, key: key as string | undefined, seconds }
      })
    },
    declare: (address, type) => view.declare(address, { 'x-queue-type': type }),
    exists: (address) => view.exists(address),
    async close(queues) {
      await view.remove(queues)
      await view.close()
    },
  }
})
