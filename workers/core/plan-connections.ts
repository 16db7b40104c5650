// Brokers and stores as fleet.yaml names them, and where anything of a plan was written.

/** Where something was written. Line and column are 1-based. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A scalar of fleet.yaml that may name an environment variable; resolved at start, typed by the grammar. */
export type Setting<T> =
  | { readonly value: T }
  | {
      /** With ${VAR} or ${VAR:-default} inside. */
      readonly text: string
      readonly as: 'string' | 'number' | 'boolean'
      readonly at: Position
      /** Least and most, for numbers. */
      readonly between?: readonly [number, number]
      /** What a text must look like, and that in words. */
      readonly form?: TextForm
    }

export interface TextForm {
  readonly pattern: string
  readonly words: string
}

/** A reference to a secret: resolved late, redacted everywhere. */
export interface SecretRef {
  readonly secret: string
  readonly optional: boolean
}

/** A client library. */
export type KafkaClientName = 'kafkajs' | 'platformatic'

/** Where schemas of topics stand, with Confluent's API. */
export interface RegistryPlan {
  readonly at: Position
  /** Empty once it is resolved: there is none. */
  readonly url: Setting<string>
  readonly user: Setting<string> | undefined
  readonly password: SecretRef | undefined
}

export interface KafkaPlan {
  readonly kind: 'kafka'
  readonly name: string
  readonly at: Position
  readonly brokers: Setting<string>
  /** PLAINTEXT; resolved so that anything else is refused. */
  readonly security: Setting<string>
  readonly client: Setting<KafkaClientName>
  readonly registry: RegistryPlan | undefined
  readonly breaker: string | undefined
}
export interface RabbitmqPlan {
  readonly kind: 'rabbitmq'
  readonly name: string
  readonly at: Position
  readonly host: Setting<string>
  readonly port: Setting<number>
  readonly user: Setting<string>
  readonly password: SecretRef | undefined
  readonly vhost: Setting<string>
  /** Port of the HTTP API of the management plugin, if it is to be asked. */
  readonly management: Setting<number> | undefined
  readonly breaker: string | undefined
}
export interface RedisPlan {
  readonly kind: 'redis'
  readonly name: string
  readonly at: Position
  /** Undefined: it is a cluster in every environment. */
  readonly host: Setting<string> | undefined
  readonly port: Setting<number>
  /** Nodes with commas between; where it is not empty, host and port are not used. Undefined: it is one server in every environment. */
  readonly cluster: Setting<string> | undefined
  readonly password: SecretRef | undefined
  readonly breaker: string | undefined
}
export type ConnectionPlan = KafkaPlan | RabbitmqPlan | RedisPlan

/** The one home of what outlives a process. */
export interface StatePlan {
  /** A Redis. */
  readonly connection: string
  readonly at: Position
}
