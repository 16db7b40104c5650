// Where the platform keeps its caches, stores, state and jobs: the Redis that all tests share, or a cluster of its own that loses a master.
import { startRedisCluster } from '../../../../infra/brokers/index.ts'
import type { RedisClient } from '../../../../workers/drivers/redis/client.ts'
import { eventually } from '../../../support/eventually.ts'
import { clusterSettings, openClusterView } from '../../../support/redis-cluster.ts'
import { openRedisView } from '../../../support/redis.ts'

export interface RedisHome {
  /** The variables that lead there. */
  readonly env: Readonly<Record<string, string>>
  /** Connected; the caller disconnects it. */
  view(): Promise<RedisClient>
  /** Resolves when it is whole again. */
  fail(): Promise<void>
  stop(): Promise<void>
}

const nothing = () => Promise.resolve()

export const oneRedis = (): Promise<RedisHome> =>
  Promise.resolve({ env: {}, view: () => openRedisView(), fail: nothing, stop: nothing })

export async function ownCluster(): Promise<RedisHome> {
  const { env, nodes, ask, whole, stop } = await startRedisCluster()
  const [lost, other] = nodes
  if (lost === undefined || other === undefined) throw new Error('a cluster of one node')
  return {
    env,
    view: () => openClusterView(clusterSettings(env.REDIS_CLUSTER_NODES)),
    async fail() {
      await lost.kill('SIGKILL')
      // Not before the others have given it up: until then hardly anybody would notice.
      await eventually(
        'the cluster is down',
        async () => (await ask(other, 'cluster', 'info')).includes('cluster_state:fail'),
        60_000,
      )
      await lost.restart()
      await whole()
    },
    stop,
  }
}
