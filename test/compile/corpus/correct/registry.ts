// Topics whose schemas stand in a registry.
import { FLEET, variants } from '../corpus.ts'

export const registry = variants({
  [FLEET]: [
    {
      what: 'a topic whose schema stands in a registry',
      from: 'invoices: { in: events, partitions: 12, schema: events/invoice-issued }',
      to: 'invoices: { in: events, partitions: 12, schema: events/invoice-issued, format: json-registry }',
      also: [
        {
          file: FLEET,
          from: 'client: kafkajs }',
          to: "client: kafkajs, registry: { url: '${KAFKA_SCHEMA_REGISTRY_URL:-}', user: ann, password: { secret: REGISTRY_PASSWORD } } }",
        },
      ],
    },
  ],
})
