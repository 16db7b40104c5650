// The variables that are read beside fleet.yaml, and those that people know from elsewhere and expect to be read.

export interface OwnVariable {
  readonly name: string
  /** What holds when it is not set. */
  readonly usual: string | null
  readonly secret: boolean
}

const variable = (name: string, usual: string | null = null): OwnVariable => ({
  name,
  usual,
  secret: false,
})

export const OWN_VARIABLES: readonly OwnVariable[] = [
  variable('SLUICE_LOG_LEVEL', 'info'),
  variable('SLUICE_ACTOR'),
  variable('NO_COLOR'),
  variable('OTEL_SDK_DISABLED', 'false'),
  variable('OTEL_SERVICE_NAME', 'sluice'),
  variable('OTEL_RESOURCE_ATTRIBUTES'),
  variable('OTEL_TRACES_EXPORTER'),
  variable('OTEL_TRACES_SAMPLER', 'parentbased_always_on'),
  variable('OTEL_TRACES_SAMPLER_ARG'),
  variable('OTEL_EXPORTER_OTLP_ENDPOINT'),
  variable('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'),
  variable('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/protobuf'),
  { name: 'OTEL_EXPORTER_OTLP_HEADERS', usual: null, secret: true },
  { name: 'OTEL_EXPORTER_OTLP_TRACES_HEADERS', usual: null, secret: true },
]

/** Names that deployments of the three brokers have in common. One that is set and has no effect is a surprise. */
export const EXPECTED_VARIABLES: readonly string[] = [
  'REDIS_HOST',
  'REDIS_PORT',
  'REDIS_PASSWORD',
  'REDIS_CLUSTER_NODES',
  'RABBITMQ_HOST',
  'RABBITMQ_PORT',
  'RABBITMQ_USER',
  'RABBITMQ_PASSWORD',
  'RABBITMQ_VIRTUAL_HOST',
  'RABBITMQ_MANAGEMENT_PORT',
  'KAFKA_BOOTSTRAP_SERVERS',
  'KAFKA_SCHEMA_REGISTRY_URL',
  'KAFKA_SECURITY_PROTOCOL',
  'SLUICE_PROFILE',
  'SLUICE_PREFIX',
  'SLUICE_OPS_TOKEN',
]
