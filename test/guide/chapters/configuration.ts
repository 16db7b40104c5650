// Guide, "Configuration": the Compose file and the variables, named exactly so.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import { PLATFORM } from '../../e2e/support/platform/platform.ts'
import { sluice } from '../../e2e/support/worker-process.ts'
import { holds, type Exercise } from '../exercise.ts'

interface Config {
  readonly sections: readonly {
    readonly values: readonly { readonly origin: { readonly set?: readonly string[] } }[]
  }[]
}

/** The configuration says that each of these variables is what some field has its value from. */
async function read(values: Readonly<Record<string, string>>): Promise<string> {
  const { code, stdout, stderr } = await sluice(
    ['explain', '--config', '--project', PLATFORM, '--format', 'json'],
    { ...values, NO_COLOR: '1' },
  ).finished
  holds(code === 0 || code === 1, stderr)
  const config = JSON.parse(stdout) as Config
  const all = config.sections.flatMap((section) => section.values)
  for (const name of Object.keys(values))
    holds(
      all.some(({ origin }) => origin.set?.includes(name) ?? false),
      `nothing reads ${name}`,
    )
  return Object.keys(values).join(', ')
}

export const CONFIGURATION: readonly Exercise[] = [
  {
    row: 'Docker Compose setup',
    does() {
      const text = readFileSync(resolve(PLATFORM, 'infra/compose.yaml'), 'utf8')
      const { services } = parse(text) as { services: Record<string, { image?: string }> }
      for (const name of ['redis', 'rabbitmq', 'kafka']) holds(services[name]?.image, name)
      return Promise.resolve(Object.keys(services).join(', '))
    },
  },
  {
    row: '`REDIS_HOST`, `REDIS_PORT`, `REDIS_PASSWORD`, `REDIS_CLUSTER_NODES`',
    async does() {
      const one = await read({ REDIS_HOST: 'redis-1', REDIS_PORT: '6380', REDIS_PASSWORD: 'a' })
      const several = await read({ REDIS_CLUSTER_NODES: 'redis-1:6379,redis-2:6379,redis-3:6379' })
      return `${one}; or ${several}`
    },
  },
  {
    row: '`RABBITMQ_HOST`, `RABBITMQ_PORT`, `RABBITMQ_USER`, `RABBITMQ_PASSWORD`, `RABBITMQ_VIRTUAL_HOST`',
    does: () =>
      read({
        RABBITMQ_HOST: 'rabbit-1',
        RABBITMQ_PORT: '5673',
        RABBITMQ_USER: 'admin',
        RABBITMQ_PASSWORD: 'a',
        RABBITMQ_VIRTUAL_HOST: '/ml',
      }),
  },
  {
    row: '`KAFKA_BOOTSTRAP_SERVERS`, `KAFKA_SECURITY_PROTOCOL`, `KAFKA_SCHEMA_REGISTRY_URL`',
    does: () =>
      read({
        KAFKA_BOOTSTRAP_SERVERS: 'kafka-1:9092',
        KAFKA_SECURITY_PROTOCOL: 'PLAINTEXT',
        KAFKA_SCHEMA_REGISTRY_URL: 'http://registry-1:8081',
      }),
  },
]
