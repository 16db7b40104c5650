// What queues are declared with, by the version of the broker: none drops what it was not told to drop.
import { expect, test } from 'vitest'
import { queueArguments } from '../../../workers/drivers/rabbitmq/queue-arguments.ts'
import { queueDetails } from '../../../workers/drivers/rabbitmq/found.ts'
import { codeOfDifference } from '../../../workers/drivers/rabbitmq/topology.ts'
import { queueOf } from '../../ops/support.ts'

const LIMIT = 'x-delivery-limit'

test.each(['4.0.0', '4.1.2', '4.3.0-rc.1', '5.0.0', '10.1.0'])(
  'RabbitMQ %s is told not to drop what came back too often',
  (version) => {
    expect(queueArguments(queueOf({ type: 'quorum' }), version)[LIMIT]).toBe(-1)
  },
)

test.each(['3.10.8', '3.13.7', 'unknown', ''])(
  'RabbitMQ %s would drop everything then',
  (version) => {
    expect(queueArguments(queueOf({ type: 'quorum' }), version)).not.toHaveProperty(LIMIT)
  },
)

test('a limit that is declared is as it is declared, and other queues have none', () => {
  expect(queueArguments(queueOf({ type: 'quorum', deliveryLimit: 5 }), '4.1.0')[LIMIT]).toBe(5)
  for (const type of ['classic', 'stream'] as const)
    expect(queueArguments(queueOf({ type }), '4.1.0')).not.toHaveProperty(LIMIT)
})

test('a queue without a limit is found as one without', () => {
  const found = { durable: true, auto_delete: false, arguments: { [LIMIT]: -1 } }
  expect(queueDetails(found, []).settings).not.toHaveProperty('deliveryLimit')
  const limited = { ...found, arguments: { [LIMIT]: 5 } }
  expect(queueDetails(limited, []).settings).toMatchObject({ deliveryLimit: 5 })
})

test('one that exists with the limit of the broker is named as what it is', () => {
  const said = (name: string, value: string) =>
    `406 (PRECONDITION-FAILED) with message "PRECONDITION_FAILED - inequivalent arg '${name}' for queue 'tasks' in vhost '/': received the value '${value}' of type 'byte' but current is none"`
  expect(codeOfDifference(said(LIMIT, '-1'))).toBe('SLU5314')
  expect(codeOfDifference(said(LIMIT, '7'))).toBe('SLU5306')
  expect(codeOfDifference(said('x-max-length', '-1'))).toBe('SLU5306')
})
