import { describe, expect, test } from 'vitest'
import { systemWorld } from '../../workers/core/clock.ts'
import { silentLog } from '../../workers/core/log.ts'
import { createKafkaDriver } from '../../workers/drivers/kafka/index.ts'
import { fromEnvironment } from '../support/environment.ts'
import { describeLogDriver } from './log.contract.ts'

const context = {
  world: systemWorld,
  log: silentLog,
  origin: 'connection events (pipelines/fleet.yaml:6)',
  clientId: 'contract',
}
const brokers = () => fromEnvironment('KAFKA_BOOTSTRAP_SERVERS').split(',')

describeLogDriver('Kafka', { driver: () => createKafkaDriver({ brokers: brokers() }, context) })

describe('Kafka that is not there', () => {
  test('connect rejects at once, naming host, port and the line that asked for it', async () => {
    const driver = createKafkaDriver({ brokers: ['127.0.0.1:1'] }, context)
    await expect(driver.connect()).rejects.toMatchObject({
      code: 'SLU5201',
      message: expect.stringMatching(/127\.0\.0\.1:1.*fleet\.yaml:6/) as string,
    })
    expect(driver.isUp()).toBe(false)
    await driver.close()
  })
})

test('no timer runs wild on Node 24', async () => {
  // tulios/kafkajs#1751: negative timeouts, re-armed every millisecond on each idle connection.
  const warnings: Error[] = []
  const listen = (warning: Error) => warnings.push(warning)
  process.on('warning', listen)
  const driver = createKafkaDriver({ brokers: brokers() }, context)
  await driver.connect()
  await driver.ping()
  await driver.close()
  process.off('warning', listen)
  expect(warnings.filter(({ name }) => name === 'TimeoutNegativeWarning')).toEqual([])
})
