// Topics whose schemas stand in a registry, and the registry itself.
import { FLEET, seeded } from '../corpus.ts'

const INVOICES = 'invoices: { in: events, partitions: 12, schema: events/invoice-issued }'
const invoices = (format: string) => INVOICES.replace(' }', `, format: ${format} }`)
const CLIENT = 'client: kafkajs }'
const registry = (fields: string) => CLIENT.replace(' }', `, registry: { ${fields} } }`)
const URL = "url: '${KAFKA_SCHEMA_REGISTRY_URL:-}'"
const WITH_REGISTRY = [{ file: FLEET, from: CLIENT, to: registry(URL) }]

export const registries = seeded('registry', {
  [FLEET]: [
    {
      what: 'a format that needs a registry, and none is named',
      from: INVOICES,
      to: invoices('json-registry'),
      hint: /registry.*KAFKA_SCHEMA_REGISTRY_URL/s,
    },
    {
      what: 'a format of dead letters',
      from: 'ml_events.dlq: { in: events, deadLetters: true }',
      to: 'ml_events.dlq: { in: events, deadLetters: true, format: json-registry }',
      also: WITH_REGISTRY,
      line: 'ml_events.dlq: {',
      hint: /schema/,
    },
    {
      what: 'a format that does not exist',
      from: INVOICES,
      to: invoices('json-registri'),
      also: WITH_REGISTRY,
      line: 'invoices: {',
      hint: /json-registry/,
    },
    {
      what: 'a topic in Avro without its Avro schema',
      from: INVOICES,
      to: invoices('avro'),
      also: WITH_REGISTRY,
      line: 'invoices: {',
      hint: /invoice-issued\.avsc/,
    },
    {
      what: 'a registry without its scheme',
      from: CLIENT,
      to: registry("url: 'localhost:8081'"),
      hint: /http/,
    },
    {
      what: 'a registry with a password in its url',
      from: CLIENT,
      to: registry("url: 'http://ann:s3cret@localhost:8081'"),
      hint: /credentials|password/,
    },
    {
      what: 'the password of a registry written down',
      from: CLIENT,
      to: registry(`${URL}, user: ann, password: s3cret`),
      hint: /password.*secret/s,
    },
    {
      what: 'a registry without its url',
      from: CLIENT,
      to: registry('user: ann'),
      hint: /url/,
    },
  ],
})
