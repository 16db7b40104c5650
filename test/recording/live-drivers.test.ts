// A message of a queue is acknowledged once what it led to stands in the file, and waits as long as that cannot be written.
import { expect, test } from 'vitest'
import type { DriverContext, QueueSource } from '../../workers/core/contract.ts'
import { SluiceError } from '../../workers/core/errors.ts'
import { silentLog } from '../../workers/core/log.ts'
import type { QueuePlan, RabbitmqPlan } from '../../workers/core/plan.ts'
import { createVirtualClock } from '../../workers/core/virtual-clock.ts'
import { recordedDrivers } from '../../workers/recording/live-drivers.ts'
import type { Recorder } from '../../workers/recording/recorder.ts'
import type { DriverFactories } from '../../workers/runtime/connections.ts'

const LANE = { id: 'alerts', partition: 0, live: () => true }

test('acknowledgements wait for the file, and come in their order', async () => {
  const clock = createVirtualClock(0)
  const acked: number[] = []
  let full = false
  const source: Partial<QueueSource> = { ack: (_lane, tag) => void acked.push(tag) }
  const recorder: Partial<Recorder> = {
    flush() {
      if (full) throw new SluiceError('SLU5516')
    },
  }
  const drivers = recordedDrivers({
    factories: { rabbitmq: () => ({ source: () => source }) } as unknown as DriverFactories,
    recorder: recorder as Recorder,
    clock,
    log: silentLog,
  })
  const queue = { name: 'alerts', parked: false } as QueuePlan & { address: string }
  const driver = drivers.rabbitmq({} as RabbitmqPlan, {} as DriverContext)
  const watched = driver.source({ queue, prefetch: 1 })
  watched.ack(LANE, 1)
  expect(acked).toEqual([1])
  full = true
  for (const tag of [2, 3, 4]) watched.ack(LANE, tag)
  await clock.advance(5_000)
  expect(acked).toEqual([1])
  full = false
  watched.ack(LANE, 5)
  await clock.advance(1_000)
  expect(acked).toEqual([1, 2, 3, 4, 5])
  watched.ack(LANE, 6)
  expect(acked).toEqual([1, 2, 3, 4, 5, 6])
})
