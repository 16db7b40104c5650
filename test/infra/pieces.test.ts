import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { ensureBrokers } from '../../infra/brokers/index.ts'
import { freePort } from '../../infra/brokers/ports.ts'
import { find, missingError } from '../../infra/brokers/programs.ts'
import { until } from '../../infra/brokers/until.ts'

describe('programs', () => {
  const absent = { program: 'no-such-broker', packages: ['no-such-package'] } as const

  it('are found on the path or at their own place, or not at all', () => {
    expect(find({ program: 'sh', packages: ['dash'] }, '/usr/bin:/bin')).toMatch(/\/sh$/)
    expect(find({ ...absent, at: process.execPath }, '')).toBe(process.execPath)
    expect(find(absent)).toBeUndefined()
  })

  it('that are missing are named in one error, with the command that brings them', () => {
    const error = missingError([absent, { ...absent, program: 'its-tool' }])
    expect(error.code).toBe('SLU1105')
    expect(error.message).toBe(
      'missing programs: no-such-broker, its-tool. Install them: sudo apt-get install no-such-package',
    )
  })
})

describe('ports', () => {
  it('are free, different, and outside the range that clients are given', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, freePort))
    expect(new Set(ports).size).toBe(20)
    expect(Math.max(...ports)).toBeLessThan(32_768)
    const server = createServer().listen(ports[0], '127.0.0.1')
    await once(server, 'listening')
    server.close()
  })
})

describe('until', () => {
  it('tries again until it works', async () => {
    let tries = 0
    const attempt = () => (++tries < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve())
    await until(attempt, { withinMs: 5_000, alive: () => true })
    expect(tries).toBe(3)
  })

  it('gives up at once on what is dead, with the last reason', async () => {
    const attempt = () => Promise.reject(new Error('refused'))
    const result = until(attempt, { withinMs: 60_000, alive: () => false })
    await expect(result).rejects.toMatchObject({ cause: { message: 'refused' } })
  })

  it('gives up when the time is over', async () => {
    const attempt = () => Promise.reject(new Error('refused'))
    const result = until(attempt, { withinMs: 100, alive: () => true })
    await expect(result).rejects.toThrow('no answer within 0.1 s')
  })
})

describe('ensureBrokers', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('takes what the environment names and starts nothing', async () => {
    vi.stubEnv('KAFKA_BOOTSTRAP_SERVERS', 'kafka.test:9092')
    vi.stubEnv('REDIS_HOST', 'redis.test')
    vi.stubEnv('RABBITMQ_HOST', 'rabbit.test')
    vi.stubEnv('RABBITMQ_PORT', '5673')
    const brokers = await ensureBrokers()
    expect(brokers).toMatchObject({ from: 'environment', owned: false })
    expect(brokers.env).toMatchObject({
      KAFKA_BOOTSTRAP_SERVERS: 'kafka.test:9092',
      REDIS_HOST: 'redis.test',
      RABBITMQ_HOST: 'rabbit.test',
      RABBITMQ_PORT: '5673',
    })
    await brokers.stop()
  })
})

describe('compose.yaml', () => {
  const file = new URL('../../infra/compose.yaml', import.meta.url)
  const compose = parse(readFileSync(file, 'utf8')) as {
    version?: string
    services: Record<string, Service>
  }
  interface Service {
    readonly image: string
    readonly ports: readonly string[]
    readonly healthcheck?: { readonly test: readonly string[] }
    readonly profiles?: readonly string[]
  }
  /** What starts without a profile. */
  const brokers = Object.values(compose.services).filter(({ profiles }) => profiles === undefined)

  it('holds the three with the images of the guide, and no ZooKeeper', () => {
    expect(compose.version).toBeUndefined()
    const images = brokers.map(({ image }) => image)
    expect(images).toEqual([
      'redis:7-alpine',
      'rabbitmq:3-management',
      expect.stringMatching(/^confluentinc\/cp-kafka:/),
    ])
    expect(JSON.stringify(compose).toLowerCase()).not.toContain('zookeeper')
  })

  it('opens ports on loopback only, each movable by a variable, and checks health', () => {
    for (const { ports, healthcheck } of brokers) {
      expect(healthcheck?.test[0]).toBe('CMD')
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z_]+_PORT:-\d+\}:\d+$/)
    }
    expect(brokers.flatMap(({ ports }) => ports)).toHaveLength(4)
  })
})
