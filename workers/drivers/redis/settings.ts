// Where a Redis is: one server, or a cluster by some of its nodes; and how that is called for people, never with its password.

export interface RedisEndpoint {
  readonly host: string
  readonly port: number
}

interface Known {
  readonly password: string | undefined
}

export type RedisServerSettings = RedisEndpoint & Known
/** These nodes lead to all others: one that answers is enough. */
export type RedisClusterSettings = { readonly cluster: readonly RedisEndpoint[] } & Known
export type RedisSettings = RedisServerSettings | RedisClusterSettings

/** Which server an error speaks of, and who asked for it. */
export interface Place {
  readonly settings: RedisSettings
  readonly origin: string
}

export const addressOf = ({ host, port }: RedisEndpoint): string => `${host}:${port}`

export const nameOf = ({ settings }: Place): string =>
  'cluster' in settings
    ? `the Redis cluster at ${settings.cluster.map(addressOf).join(', ')}`
    : `Redis at ${addressOf(settings)}`
