// Real brokers for whoever needs them, from the nearest place that has some; never touches brokers that the environment names.
import { composeAnswers, composeUp } from './compose.ts'
import { release, up } from './set.ts'
import type { Say } from './set.ts'

export { startKafka, startRabbit, startRedis, startRegistry } from './isolated.ts'
export { startRedisCluster } from './redis-cluster.ts'
export type { ClusterOptions, IsolatedCluster } from './redis-cluster.ts'
export type { IsolatedBroker, IsolatedOptions } from './isolated.ts'

export interface Brokers {
  readonly from: 'environment' | 'compose' | 'native'
  /** The guide's variables. */
  readonly env: Readonly<Record<string, string>>
  /** Whether `stop` may end them: false for the environment's, and for a set that `npm run brokers -- up` started. */
  readonly owned: boolean
  /** Ends what was started here, unless somebody else uses it by now. */
  stop(): Promise<void>
}

const NEEDED = ['KAFKA_BOOTSTRAP_SERVERS', 'REDIS_HOST', 'RABBITMQ_HOST'] as const
const NAMES = [
  ...NEEDED,
  'REDIS_PORT',
  'REDIS_PASSWORD',
  'RABBITMQ_PORT',
  'RABBITMQ_USER',
  'RABBITMQ_PASSWORD',
  'RABBITMQ_VIRTUAL_HOST',
  'RABBITMQ_MANAGEMENT_PORT',
] as const

/** The environment's brokers if it names all three, else Docker Compose where an engine answers, else native processes. */
export async function ensureBrokers(
  say: Say = (line) => process.stderr.write(line + '\n'),
): Promise<Brokers> {
  if (NEEDED.every((name) => (process.env[name] ?? '') !== '')) {
    return {
      from: 'environment',
      env: fromEnvironment(),
      owned: false,
      stop: () => Promise.resolve(),
    }
  }
  if (await composeAnswers()) {
    say('starting the brokers with docker compose')
    return { from: 'compose', owned: true, ...(await composeUp()) }
  }
  const { env, pinned } = await up({ pin: false, say })
  return {
    from: 'native',
    env,
    owned: !pinned,
    stop: async () => {
      await release()
    },
  }
}

function fromEnvironment(): Record<string, string> {
  const pairs = NAMES.map((name) => [name, process.env[name]] as const)
  return Object.fromEntries(
    pairs.filter((pair): pair is [(typeof NAMES)[number], string] => !!pair[1]),
  )
}
