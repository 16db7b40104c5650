// A real Redis Cluster for tests: the one that the environment names, else one that is started here and ends with the tests of the file.
import { Cluster } from 'ioredis'
import { startRedisCluster } from '../../infra/brokers/index.ts'
import type { RedisClusterSettings } from '../../workers/drivers/redis/settings.ts'

/** Where `setup` puts the nodes that the environment names. */
export const CLUSTER_NODES = 'SLUICE_TEST_CLUSTER_NODES'

export interface ClusterSite {
  readonly settings: RedisClusterSettings
  /** The tests' own way into it, past the driver. */
  readonly view: Cluster
  removeKeys(prefix: string): Promise<void>
  close(): Promise<void>
}

export async function openClusterSite(): Promise<ClusterSite> {
  const named = process.env[CLUSTER_NODES] ?? ''
  const own = named === '' ? await startRedisCluster() : undefined
  const settings = clusterSettings(own?.env.REDIS_CLUSTER_NODES ?? named)
  const view = await openClusterView(settings)
  return {
    settings,
    view,
    async removeKeys(prefix) {
      for (const node of view.nodes('master'))
        for (const key of await node.keys(`${prefix}*`)) await node.unlink(key)
    },
    async close() {
      view.disconnect()
      await own?.stop()
    },
  }
}

export const clusterSettings = (nodes: string): RedisClusterSettings => ({
  cluster: nodes.split(',').map((node) => {
    const [host = '', port] = node.split(':')
    return { host, port: Number(port) }
  }),
  password: process.env['REDIS_PASSWORD'] === '' ? undefined : process.env['REDIS_PASSWORD'],
})

/** Connected when it resolves; the caller disconnects it. */
export async function openClusterView({
  cluster,
  password,
}: RedisClusterSettings): Promise<Cluster> {
  const view = new Cluster([...cluster], {
    lazyConnect: true,
    ...(password === undefined ? {} : { redisOptions: { password } }),
  })
  view.on('error', () => {})
  await view.connect()
  return view
}
