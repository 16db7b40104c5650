// The tests' own way into Redis, past the driver.
import { Redis } from 'ioredis'
import type { RedisServerSettings } from '../../workers/drivers/redis/settings.ts'
import { fromEnvironment } from './environment.ts'

export const redisSettings = (): RedisServerSettings => ({
  host: fromEnvironment('REDIS_HOST'),
  port: Number(fromEnvironment('REDIS_PORT')),
  password: process.env['REDIS_PASSWORD'] === '' ? undefined : process.env['REDIS_PASSWORD'],
})

/** Connected when it resolves; the caller disconnects it. */
export async function openRedisView({ host, port, password } = redisSettings()): Promise<Redis> {
  const client = new Redis({
    host,
    port,
    lazyConnect: true,
    ...(password === undefined ? {} : { password }),
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

export async function removeKeys(client: Redis, prefix: string): Promise<void> {
  const keys = await client.keys(`${prefix}*`)
  if (keys.length > 0) await client.unlink(...keys)
}
