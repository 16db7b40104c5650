// The Redis driver for caches on ioredis: fails fast when Redis is away or slow, so that a cache never holds work up for long.
import { Redis } from 'ioredis'
import type { Clock } from '../../core/clock.ts'
import type { CacheDriver, DriverContext } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import { redisError } from './errors.ts'

export interface RedisConfig {
  readonly host: string
  readonly port: number
  readonly password: string | undefined
}

/** A cache that takes longer than this is slower than what it saves, milliseconds. */
const COMMAND_MS = 300
/** ioredis promises that can never settle (redis/ioredis#2193) are given up after this. */
const OUTER_MS = 1_000
const CONNECT_MS = 3_000

export function createRedisDriver(config: RedisConfig, context: DriverContext): CacheDriver {
  const { clock } = context.world
  const { host, port } = config
  const client = makeClient(config, context)
  const waiting = new Set<() => void>()
  let up = false
  let closed = false
  let lastError: Error | undefined
  client.on('error', (error: Error) => {
    lastError = error
    context.log.debug({ err: error }, 'Redis connection error.')
  })
  client.on('ready', () => {
    up = true
    for (const go of waiting) go()
    waiting.clear()
  })
  client.on('close', () => {
    if (up && !closed) context.log.warn({ origin: context.origin }, 'Redis is away.')
    up = false
  })

  const call = async <T>(doing: string, command: () => Promise<T>): Promise<T> => {
    if (!up)
      throw new SluiceError('SLU5401', { message: `${doing}: Redis at ${host}:${port} is away` })
    try {
      return await within(command(), clock, doing)
    } catch (error) {
      throw redisError(error, doing)
    }
  }

  return {
    async connect() {
      if (up) return
      try {
        if (client.status === 'wait' || client.status === 'end') await client.connect()
        else await whenReady(client, clock)
      } catch (error) {
        // ioredis rejects with "Connection is closed"; why it was closed came before, as an event.
        const { message } = redisError(lastError ?? error, 'connecting')
        throw new SluiceError('SLU5401', {
          message: `Redis at ${host}:${port} is away: ${message}; asked for by ${context.origin}`,
          cause: error,
        })
      }
    },
    isUp: () => up,
    whenUp: (signal) =>
      up || signal?.aborted
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.add(resolve)
            signal?.addEventListener('abort', () => resolve(), { once: true })
          }),
    async ping() {
      await call('ping', () => client.ping())
    },
    close() {
      closed = true
      up = false
      client.disconnect()
      return Promise.resolve()
    },
    async get(key) {
      return (await call('get', () => client.get(key))) ?? undefined
    },
    async set(key, value, ttlMs) {
      await call('set', () => client.set(key, value, 'PX', Math.max(1, Math.round(ttlMs))))
    },
    async delete(key) {
      await call('del', () => client.del(key))
    },
  }
}

function makeClient(
  { host, port, password }: RedisConfig,
  { world, clientId }: DriverContext,
): Redis {
  return new Redis({
    host,
    port,
    ...(password === undefined ? {} : { password }),
    connectionName: clientId,
    lazyConnect: true,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_MS,
    commandTimeout: COMMAND_MS,
    keepAlive: 10_000,
    retryStrategy: (times) =>
      50 + world.random.next() * Math.min(2_000, 100 * 2 ** Math.min(times, 10)),
  })
}

/** Settles as `answer` does, or rejects after the outer bound. */
function within<T>(answer: Promise<T>, clock: Clock, doing: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(OUTER_MS, () =>
      reject(new SluiceError('SLU5402', { message: `${doing}: no answer within ${OUTER_MS} ms` })),
    )
    answer.then(
      (value) => {
        timer.cancel()
        resolve(value)
      },
      (error: unknown) => {
        timer.cancel()
        reject(error as Error)
      },
    )
  })
}

/** A client that is connecting by itself: its next `ready`, or its next failure. */
function whenReady(client: Redis, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => {
      timer.cancel()
      client.off('ready', ready)
      client.off('error', failed)
      done()
    }
    const ready = () => settle(resolve)
    const failed = (error: Error) => settle(() => reject(error))
    const timer = clock.after(CONNECT_MS, () => failed(new Error('Command timed out')), {
      keepAlive: true,
    })
    client.on('ready', ready)
    client.on('error', failed)
  })
}
