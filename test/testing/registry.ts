// The shop of project.ts with a registry, and both of its topics in it.
import { FILES } from './project.ts'

export const FLEET_WITH_REGISTRY = (FILES['pipelines/fleet.yaml'] ?? '')
  .replace(
    "events: { kafka: { brokers: '${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}' } }",
    "events: { kafka: { brokers: '${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}', registry: { url: '${KAFKA_SCHEMA_REGISTRY_URL:-}' } } }",
  )
  .replace('schema: events/order,', 'schema: events/order, format: json-registry,')
  .replace(
    'billed: { in: events, schema: events/bill }',
    'billed: { in: events, schema: events/bill, format: json-registry }',
  )
