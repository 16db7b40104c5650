// The shop of project.ts with a registry, and both of its topics in it.
import { FILES } from './project.ts'

const KAFKA = "kafka: { brokers: '${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}'"

const fleetIn = (format: string) =>
  (FILES['pipelines/fleet.yaml'] ?? '')
    .replace(KAFKA, `${KAFKA}, registry: { url: '\${KAFKA_SCHEMA_REGISTRY_URL:-}' }`)
    .replace('schema: events/order,', `schema: events/order, format: ${format},`)
    .replace(
      'billed: { in: events, schema: events/bill }',
      `billed: { in: events, schema: events/bill, format: ${format} }`,
    )

const avro = (name: string, ...fields: object[]) =>
  JSON.stringify({ type: 'record', name, namespace: 'shop', fields })

export const IN_FORMATS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'json-registry': { 'pipelines/fleet.yaml': fleetIn('json-registry') },
  avro: {
    'pipelines/fleet.yaml': fleetIn('avro'),
    'schemas/events/order.avsc': avro(
      'Order',
      { name: 'id', type: 'string' },
      { name: 'sku', type: 'string' },
    ),
    'schemas/events/bill.avsc': avro(
      'Bill',
      { name: 'total', type: 'double' },
      { name: 'note', type: ['null', 'string'], default: null },
    ),
  },
}
