// A consumer whose connection is cut, silent, or whose queue is deleted: its lane ends at once, and another one comes by itself.
import { describe, expect, it } from 'vitest'
import { messageOf } from '../../contract/queue.contract.ts'
import { eventually } from '../../support/eventually.ts'
import { RecordingIntake } from '../../support/recording-intake.ts'
import { behindProxy, type Faulty } from './support.ts'

async function reading(rabbit: Faulty, ids: readonly string[]) {
  const { driver, queue, sink } = rabbit
  await driver.ensureQueues([queue])
  for (const id of ids) await sink.send(messageOf(id))
  const intake = new RecordingIntake()
  const source = driver.source({ queue, prefetch: 100 })
  await source.start(intake)
  await eventually('everything arrived', () => intake.seen.length === ids.length)
  return { intake, source }
}

describe('a RabbitMQ consumer', () => {
  it('loses its lane when the connection is cut, and gets what it had not acknowledged on the next one', async () => {
    const rabbit = await behindProxy()
    const { intake, source } = await reading(rabbit, ['a', 'b', 'c'])
    const { lane, message } = intake.seen[1] as (typeof intake.seen)[number]
    source.ack(lane, message.offset)
    // The broker has read the ack once it has answered a later question.
    expect(await source.backlog()).toBe(0)
    rabbit.proxy.cut()
    await eventually('the lane is lost', () => intake.gone.length === 1)
    expect(lane.live()).toBe(false)
    await eventually('the rest comes again', () => intake.seen.length === 5)
    expect(intake.texts().slice(3)).toEqual(['a', 'c'])
    expect(intake.grants).toHaveLength(2)
  })

  it('whose queue is deleted waits for the next one', async () => {
    const rabbit = await behindProxy()
    const { intake } = await reading(rabbit, ['a'])
    await rabbit.view.remove([rabbit.queue.address])
    await eventually('the lane is lost', () => intake.gone.length === 1)
    await rabbit.driver.ensureQueues([rabbit.queue])
    await rabbit.sink.send(messageOf('b'))
    await eventually('it reads again', () => intake.seen.length === 2)
    expect(intake.texts()).toEqual(['a', 'b'])
  })

  it('stops within its bounds when the broker answers nothing', async () => {
    const rabbit = await behindProxy()
    const { intake, source } = await reading(rabbit, ['a'])
    rabbit.proxy.blackhole()
    await source.stop()
    expect(intake.revoked).toHaveLength(1)
    await rabbit.proxy.restore()
  })
})
