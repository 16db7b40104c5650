// A Redis that is cut off, refuses, hangs or answers nonsense: every call is answered fast, and the driver comes back by itself.
import { randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startRedis } from '../../../infra/brokers/index.ts'
import { systemWorld } from '../../../workers/core/clock.ts'
import { createRedisDriver } from '../../../workers/drivers/redis/index.ts'
import { rejectionOf } from '../../contract/queue.contract.ts'
import { eventually } from '../../support/eventually.ts'
import { fastWorld } from '../../support/fast-world.ts'
import { recordedLog } from '../../support/recorded-log.ts'
import { openRedisView, redisSettings, removeKeys } from '../../support/redis.ts'
import { createTcpProxy } from '../../support/tcp-proxy.ts'

const ORIGIN = 'connection hot (pipelines/fleet.yaml:6)'
/** What the driver promises is 300 ms; the rest is for a busy machine. */
const BOUND_MS = 1_000

const elapsed = async (work: Promise<unknown>) => {
  const from = performance.now()
  await work
  return performance.now() - from
}

function driverOf(
  changed: Partial<ReturnType<typeof redisSettings>> = {},
  log = recordedLog(),
  world = systemWorld,
) {
  const driver = createRedisDriver(
    { ...redisSettings(), ...changed },
    { world, log, origin: ORIGIN, clientId: 'faults of "sluice"' },
  )
  onTestFinished(() => driver.close())
  return driver
}

async function behindProxy(world = systemWorld) {
  const proxy = await createTcpProxy(redisSettings())
  const log = recordedLog()
  const cache = driverOf({ host: proxy.host, port: proxy.port }, log, world)
  const view = await openRedisView()
  const prefix = `faults-${randomUUID()}:`
  onTestFinished(async () => {
    await proxy.close()
    await removeKeys(view, prefix)
    view.disconnect()
  })
  await cache.connect()
  return { proxy, log, cache, view, key: `${prefix}key` }
}

describe('a Redis that is away', () => {
  it('is an outage at once, lets waits be given up, and is found again', async () => {
    const { proxy, cache, log, key } = await behindProxy()
    await cache.set(key, 'kept', 60_000)
    await proxy.refuse()
    await eventually('the loss is noticed', () => !cache.isUp())
    const call = rejectionOf(cache.get(key))
    expect(await elapsed(call)).toBeLessThan(50)
    expect(await call).toMatchObject({ code: 'SLU5401', outage: true })
    expect((await call).message).toContain(`127.0.0.1:${proxy.port}`)
    await cache.whenUp(AbortSignal.timeout(20))
    expect(cache.isUp()).toBe(false)

    await proxy.restore()
    await cache.whenUp()
    expect(await cache.get(key)).toBe('kept')
    const said = log.lines.map(({ level, message }) => `${level}: ${message}`)
    expect(said.filter((line) => line.startsWith('warn'))).toHaveLength(1)
    expect(said.some((line) => /^info: .* is up again/.test(line))).toBe(true)
  })

  it('answers everything that was under way when it is cut off, and comes back each time', async () => {
    const { proxy, cache, key } = await behindProxy()
    for (let round = 0; round < 4; round++) {
      const calls = Array.from({ length: 2_000 }, (_, n) => cache.set(`${key}${n}`, 'x', 60_000))
      proxy.cut()
      const took = elapsed(Promise.allSettled(calls))
      for (const outcome of await Promise.allSettled(calls))
        if (outcome.status === 'rejected')
          expect(outcome.reason).toMatchObject({ code: 'SLU5401', outage: true })
      expect(await took).toBeLessThan(BOUND_MS)
      await cache.whenUp()
    }
    await cache.ping()
    expect(proxy.connections()).toBe(1)
  })

  it('names host, port and origin, and is found later without being asked', async () => {
    const proxy = await createTcpProxy(redisSettings())
    onTestFinished(() => proxy.close())
    await proxy.refuse()
    const cache = driverOf({ host: proxy.host, port: proxy.port })
    const error = await rejectionOf(cache.connect())
    expect(error).toMatchObject({ code: 'SLU5401', outage: true })
    for (const part of [`127.0.0.1:${proxy.port}`, 'ECONNREFUSED', ORIGIN])
      expect(error.message).toContain(part)
    await proxy.restore()
    await cache.whenUp()
    await cache.ping()
  })

  it('closes at once although it is away', async () => {
    const { proxy, cache } = await behindProxy()
    await proxy.refuse()
    await eventually('the loss is noticed', () => !cache.isUp())
    expect(await elapsed(cache.close())).toBeLessThan(BOUND_MS)
  })
})

describe('a Redis that stops answering', () => {
  it('costs each call the bound, then the connection; then calls fail at once', async () => {
    const { proxy, cache, key } = await behindProxy()
    proxy.blackhole()
    const calls = Array.from({ length: 500 }, () => rejectionOf(cache.get(key)))
    // These wait behind the others in the client: the bound holds for them too.
    const later = new Promise((resolve) => setImmediate(resolve)).then(() =>
      Array.from({ length: 500 }, () => rejectionOf(cache.set(key, 'x', 1_000))),
    )
    const all = async () => Promise.all([...calls, ...(await later)])
    expect(await elapsed(all())).toBeLessThan(BOUND_MS)
    for (const error of await all())
      expect(error).toMatchObject({ code: 'SLU5402', failure: 'transient', outage: false })

    await eventually('the half-open connection is given up', async () => {
      await rejectionOf(cache.get(key))
      return !cache.isUp()
    })
    expect(await elapsed(rejectionOf(cache.get(key)))).toBeLessThan(50)
    await proxy.restore()
    await cache.whenUp()
    await cache.set(key, 'back', 1_000)
  })

  it('does not lose its connection over a pause that is shorter than its patience', async () => {
    const { proxy, cache, key } = await behindProxy()
    proxy.blackhole()
    expect((await rejectionOf(cache.get(key))).code).toBe('SLU5402')
    await proxy.restore()
    expect(await cache.get(key)).toBeUndefined()
    expect(proxy.connections()).toBe(1)
    expect(cache.isUp()).toBe(true)
  })

  it('counts its patience from the last answer', async () => {
    const { proxy, cache, key } = await behindProxy(fastWorld(3))
    const from = performance.now()
    while (performance.now() - from < 1_000) await cache.ping().catch(() => {})
    proxy.blackhole()
    expect((await rejectionOf(cache.get(key))).code).toBe('SLU5402')
    expect(cache.isUp()).toBe(true)
  })

  it('closes at once', async () => {
    const { proxy, cache, key } = await behindProxy()
    proxy.blackhole()
    const call = rejectionOf(cache.get(key))
    expect(await elapsed(cache.close())).toBeLessThan(BOUND_MS)
    expect(['SLU5401', 'SLU5402']).toContain((await call).code)
  })
})

describe('a Redis that refuses', () => {
  it('is SLU5403 over a value of another type, and its neighbours are answered', async () => {
    const { cache, view, key } = await behindProxy()
    await view.rpush(`${key}list`, 'a')
    await cache.set(key, 'text', 60_000)
    const [wrong, right] = await Promise.allSettled([cache.get(`${key}list`), cache.get(key)])
    expect(wrong).toMatchObject({ reason: { code: 'SLU5403', outage: false } })
    expect(right).toEqual({ status: 'fulfilled', value: 'text' })
    // Writing and deleting do not mind.
    await cache.set(`${key}list`, 'now text', 60_000)
    expect(await cache.get(`${key}list`)).toBe('now text')
  })

  it('says so when the password is wrong or missing, without repeating it', async () => {
    const server = await startRedis()
    onTestFinished(() => server.stop())
    const at = { host: '127.0.0.1', port: server.port }
    const view = await openRedisView({ ...at, password: undefined })
    await view.config('SET', 'requirepass', 'right')
    view.disconnect()
    for (const password of ['wrong-canary', undefined]) {
      const error = await rejectionOf(driverOf({ ...at, password }).connect())
      expect(error).toMatchObject({ code: 'SLU5404', outage: true })
      expect(error.message).toContain(ORIGIN)
      expect(error.message).not.toContain('wrong-canary')
    }
    const cache = driverOf({ ...at, password: 'right' })
    await cache.connect()
    await cache.ping()
  })

  it('is found again after it was killed, and after it hung', async () => {
    const server = await startRedis()
    onTestFinished(() => server.stop())
    const cache = driverOf({ host: '127.0.0.1', port: server.port, password: undefined })
    await cache.connect()
    await cache.set('key', 'kept', 60_000)
    await server.kill('SIGKILL')
    await eventually('the loss is noticed', () => !cache.isUp())
    await server.restart()
    await cache.whenUp()
    await server.kill('SIGSTOP')
    expect((await rejectionOf(cache.get('key'))).code).toBe('SLU5402')
    await server.kill('SIGCONT')
    await eventually('it answers', () =>
      cache.get('key').then(
        () => true,
        () => false,
      ),
    )
  })
})
