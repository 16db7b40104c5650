// The brokers of the suite: one of each, its own, to be killed, paused and starved; each also behind a proxy for the faults of networks.
import {
  startKafka,
  startRabbit,
  startRedis,
  type IsolatedBroker,
} from '../../../infra/brokers/index.ts'
import { freePort } from '../../../infra/brokers/ports.ts'
import { rabbitmqctl } from '../../support/rabbitmqctl.ts'
import { openRedisView } from '../../support/redis.ts'
import { createTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts'

export const BROKERS = ['kafka', 'rabbitmq', 'redis'] as const
export type BrokerName = (typeof BROKERS)[number]

export interface Brokers {
  readonly own: Readonly<Record<BrokerName, IsolatedBroker>>
  readonly proxies: Readonly<Record<BrokerName, TcpProxy>>
  /** The variables that lead there directly. */
  readonly env: Readonly<Record<string, string>>
  /** The variables that lead there by the proxies. */
  readonly proxied: Readonly<Record<string, string>>
  rabbitmqctl(...args: string[]): Promise<string>
  /** One command, as its operator would give it. */
  redis(command: string, ...args: string[]): Promise<unknown>
  /** Undoes what a scenario that broke off may have left: paused or killed brokers, shut proxies. */
  heal(): Promise<void>
  stop(): Promise<void>
}

export async function startBrokers(): Promise<Brokers> {
  const [front, behind] = [await freePort(), await freePort()]
  const started = await Promise.allSettled([
    startKafka({ ports: { front, behind } }),
    startRabbit(),
    startRedis(),
  ])
  const failed = started.find((one) => one.status === 'rejected')
  const up = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  if (failed !== undefined) {
    await Promise.all(up.map((broker) => broker.stop()))
    throw failed.reason
  }
  const [kafka, rabbitmq, redis] = up as [IsolatedBroker, IsolatedBroker, IsolatedBroker]
  const own = { kafka, rabbitmq, redis }
  const to = (port: number) => ({ host: '127.0.0.1', port })
  const proxies = {
    kafka: await createTcpProxy(to(behind), front),
    rabbitmq: await createTcpProxy(to(rabbitmq.port)),
    redis: await createTcpProxy(to(redis.port)),
  }
  const env = { ...kafka.env, ...rabbitmq.env, ...redis.env }
  return {
    own,
    proxies,
    env,
    proxied: {
      ...env,
      KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${proxies.kafka.port}`,
      RABBITMQ_PORT: String(proxies.rabbitmq.port),
      REDIS_PORT: String(proxies.redis.port),
    },
    rabbitmqctl: (...args) => rabbitmqctl(rabbitmq, ...args),
    async redis(command, ...args) {
      const view = await openRedisView({ host: '127.0.0.1', port: redis.port, password: undefined })
      return view.call(command, ...args).finally(() => view.disconnect())
    },
    async heal() {
      for (const name of BROKERS) await proxies[name].restore()
      for (const name of BROKERS) await own[name].kill('SIGCONT')
      await Promise.all(BROKERS.map((name) => answersOrStarts(own[name])))
    },
    async stop() {
      await Promise.all(BROKERS.map((name) => proxies[name].close()))
      // A paused process ends when it goes on.
      await Promise.all(BROKERS.map((name) => own[name].kill('SIGCONT')))
      await Promise.all(BROKERS.map((name) => own[name].stop()))
    },
  }
}

async function answersOrStarts(broker: IsolatedBroker): Promise<void> {
  if (!broker.alive()) await broker.restart()
}
