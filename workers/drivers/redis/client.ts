// Makes ioredis clients that neither reconnect nor resend by themselves: whoever holds one decides what its end means.
import { Cluster, Redis } from 'ioredis'
import type { DriverContext } from '../../core/contract.ts'
import { SCRIPTS } from './scripts.ts'
import type { Place, RedisSettings } from './settings.ts'

/** Of one server, or of a cluster: it finds the node of each key by itself. */
export type RedisClient = Redis | Cluster

export const isCluster = (client: RedisClient): client is Cluster => client instanceof Cluster

/** Each of them holds a part of the keys, or the one server all. */
export const serversOf = (client: RedisClient): readonly Redis[] =>
  isCluster(client) ? client.nodes('master') : [client]

/** A node that is waited for in vain for so long is given up: longer than BullMQ waits for a job. */
const NODE_SILENCE_MS = 15_000

export function clientOf({ settings }: Place, context: DriverContext): RedisClient {
  const common = commonOptions(settings, context)
  if (!('cluster' in settings))
    return new Redis({
      host: settings.host,
      port: settings.port,
      ...common,
      lazyConnect: true,
      scripts: SCRIPTS,
      enableOfflineQueue: false,
      enableAutoPipelining: true,
      // The supervisor opens another client: each has one connection in its life.
      retryStrategy: () => null,
    })
  // Automatic pipelines would mix commands of slots that are on the move with others, and then say of none what became of it.
  return new Cluster([...settings.cluster], {
    lazyConnect: true,
    scripts: SCRIPTS,
    // What is asked of a new client says more.
    enableReadyCheck: false,
    // With its last node the client ends, and the supervisor opens another one.
    clusterRetryStrategy: () => null,
    // Whether a command was carried out when its node went away nobody knows: that is for whoever sent it to decide.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    slotsRefreshTimeout: 2_000,
    slotsRefreshInterval: 5_000,
    redisOptions: { ...common, connectTimeout: 3_000, socketTimeout: NODE_SILENCE_MS },
  })
}

const commonOptions = ({ password }: RedisSettings, { clientId }: DriverContext) => ({
  ...(password === undefined ? {} : { password }),
  connectionName: clientId.replace(/[^!-~]/g, '-'),
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  keepAlive: 10_000,
  disconnectTimeout: 200,
})
