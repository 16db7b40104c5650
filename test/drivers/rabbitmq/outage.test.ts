// A connection that is cut, refused or silent: everything under way is answered, and the driver comes back by itself.
import { describe, expect, it } from 'vitest'
import type { SluiceError } from '../../../workers/core/errors.ts'
import { messageOf, queueNamed, rejectionOf } from '../../contract/queue.contract.ts'
import { eventually } from '../../support/eventually.ts'
import { fastWorld } from '../../support/fast-world.ts'
import { behindProxy, type Faulty } from './support.ts'

const TIMES = 5
const elapsed = async (work: Promise<unknown>) => {
  const from = performance.now()
  await work
  return performance.now() - from
}

/** Sends `count` messages, 256 at once, and says what became of each. */
async function load({ sink }: Faulty, count: number, onSettled: (done: number) => void) {
  const outcomes = new Map<string, 'confirmed' | SluiceError>()
  let next = 0
  const worker = async () => {
    while (next < count) {
      const id = `m${next++}`
      outcomes.set(
        id,
        await sink.send(messageOf(id)).then(
          () => 'confirmed' as const,
          (error: unknown) => error as SluiceError,
        ),
      )
      onSettled(outcomes.size)
    }
  }
  await Promise.all(Array.from({ length: 256 }, worker))
  return outcomes
}

describe('a RabbitMQ connection that is cut under load', () => {
  it('rejects what is unconfirmed as unknown, loses nothing that was confirmed, and goes on', async () => {
    const rabbit = await behindProxy()
    const { view, proxy, driver, queue, sink } = rabbit
    await driver.ensureQueues([queue])
    const outcomes = await load(rabbit, 6_000, (done) => {
      if (done === 2_000) proxy.cut()
    })
    expect(outcomes.size).toBe(6_000)
    const errors = [...outcomes.values()].filter((outcome) => outcome !== 'confirmed')
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['SLU5301']))
    expect(errors.every(({ outage }) => outage)).toBe(true)
    const unknown = errors.filter(({ message }) => message.includes('unknown outcome'))
    expect(unknown.length).toBeGreaterThan(0)
    expect(unknown.length).toBeLessThanOrEqual(256)

    await driver.whenUp()
    expect(driver.isUp()).toBe(true)
    await Promise.all(Array.from({ length: 100 }, (_, n) => sink.send(messageOf(`after ${n}`))))

    const present = (await view.take(queue.address)).map(({ id }) => id)
    expect(new Set(present).size).toBe(present.length)
    const confirmed = [...outcomes].flatMap(([id, outcome]) =>
      outcome === 'confirmed' ? [id] : [],
    )
    const missing = new Set(present)
    expect(confirmed.filter((id) => !missing.has(id))).toEqual([])
    const known = new Set([...confirmed, ...Array.from({ length: 100 }, (_, n) => `after ${n}`)])
    const surplus = present.filter((id) => !known.has(id))
    expect(surplus.length).toBeLessThanOrEqual(unknown.length)
  })

  it('has its queues again before it is up', async () => {
    const { view, proxy, driver, queue, sink } = await behindProxy()
    await driver.ensureQueues([queue])
    await view.remove([queue.address])
    proxy.cut()
    await eventually('the loss is noticed', () => !driver.isUp())
    await driver.whenUp()
    await sink.send(messageOf('first'))
    expect(await view.take(queue.address)).toHaveLength(1)
  })

  it('comes back each time', async () => {
    const { proxy, driver, queue, sink } = await behindProxy()
    await driver.ensureQueues([queue])
    for (let round = 0; round < 4; round++) {
      await sink.send(messageOf(`round ${round}`))
      proxy.cut()
      await eventually('the loss is noticed', () => !driver.isUp())
      await driver.whenUp()
    }
    await sink.send(messageOf('last'))
    expect(proxy.connections()).toBe(1)
  })
})

describe('a RabbitMQ that is away', () => {
  it('rejects sends at once, lets waits be given up, and is found again', async () => {
    const { proxy, log, driver, queue, sink } = await behindProxy()
    await driver.ensureQueues([queue])
    await proxy.refuse()
    await eventually('the loss is noticed', () => !driver.isUp())
    const took = await elapsed(rejectionOf(sink.send(messageOf('meanwhile'))))
    expect(took).toBeLessThan(50)
    const error = await rejectionOf(driver.ping())
    expect(error).toMatchObject({ code: 'SLU5301', outage: true })
    expect(error.message).toContain(`127.0.0.1:${proxy.port}`)
    await driver.whenUp(AbortSignal.timeout(20))
    expect(driver.isUp()).toBe(false)

    await proxy.restore()
    await driver.whenUp()
    await sink.send(messageOf('back'))
    const said = log.lines.map(({ level, message }) => `${level}: ${message}`)
    expect(said.filter((line) => line.startsWith('warn'))).toHaveLength(1)
    expect(said.some((line) => /^info: .* is up again/.test(line))).toBe(true)
  })

  it('closes at once although it is away', async () => {
    const { proxy, driver } = await behindProxy()
    await proxy.refuse()
    await eventually('the loss is noticed', () => !driver.isUp())
    expect(await elapsed(driver.close())).toBeLessThan(1_000)
  })
})

describe('a RabbitMQ that stops answering', () => {
  it('answers every send within the bound, gives the connection up, and comes back', async () => {
    const { proxy, driver, queue, sink } = await behindProxy({ world: fastWorld(TIMES) })
    await driver.ensureQueues([queue])
    proxy.blackhole()
    const sends = Array.from({ length: 500 }, (_, n) => rejectionOf(sink.send(messageOf(`${n}`))))
    expect(await elapsed(Promise.all(sends))).toBeLessThan(11_000 / TIMES + 500)
    for (const error of await Promise.all(sends)) {
      expect(error).toMatchObject({ code: 'SLU5302', outage: false })
      expect(error.message).toContain('unknown outcome')
    }
    await eventually('the half-open connection is given up', () => !driver.isUp(), 6_000 / TIMES)
    expect((await rejectionOf(sink.send(messageOf('later')))).code).toBe('SLU5301')

    await proxy.restore()
    await driver.whenUp()
    await sink.send(messageOf('back'))
  })

  it('hands it at most 1,000 unconfirmed messages, and answers those that wait for room', async () => {
    const { view, proxy, driver, queue, sink } = await behindProxy({ world: fastWorld(TIMES) })
    await driver.ensureQueues([queue])
    proxy.blackhole()
    const sends = Array.from({ length: 1_500 }, (_, n) => rejectionOf(sink.send(messageOf(`${n}`))))
    expect(await elapsed(Promise.all(sends))).toBeLessThan(11_000 / TIMES + 500)
    const errors = await Promise.all(sends)
    const unknown = errors.filter(({ message }) => message.includes('unknown outcome'))
    expect(unknown).toEqual(errors.slice(0, 1_000))
    // What waited was not sent, and nothing says that it may have been.
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['SLU5302', 'SLU5301']))
    await proxy.restore()
    await driver.whenUp()
    await sink.send(messageOf('back'))
    const present = (await view.take(queue.address)).map(({ id }) => Number(id))
    expect(present.filter((id) => id >= 1_000)).toEqual([])
  })

  it('answers pings and questions within the bound', async () => {
    const { proxy, driver } = await behindProxy({ world: fastWorld(TIMES) })
    proxy.blackhole()
    const took = await elapsed(rejectionOf(driver.ping()))
    expect(took).toBeLessThan(6_000 / TIMES + 500)
    expect((await rejectionOf(driver.ensureQueues([queueNamed('never')]))).code).toBe('SLU5301')
  })

  it('closes within the bound, and everything under way is answered', async () => {
    const { proxy, driver, queue, sink } = await behindProxy({ world: fastWorld(TIMES) })
    await driver.ensureQueues([queue])
    proxy.blackhole()
    const send = rejectionOf(sink.send(messageOf('under way')))
    expect(await elapsed(driver.close())).toBeLessThan(8_000 / TIMES + 500)
    expect((await send).message).toContain('unknown outcome')
  })

  it('gives up connecting within the bound', async () => {
    const { proxy, driver } = await behindProxy({ world: fastWorld(TIMES) })
    proxy.blackhole()
    proxy.cut()
    await eventually('the loss is noticed', () => !driver.isUp())
    const connecting = rejectionOf(driver.connect())
    expect(await elapsed(connecting)).toBeLessThan(11_000 / TIMES + 500)
    expect((await connecting).code).toBe('SLU5301')
    expect(await elapsed(driver.close())).toBeLessThan(1_000)
  })
})
