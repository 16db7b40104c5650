// What can go wrong with schemas that stand in a registry, and with values whose meaning stands there.
import type { CodeEntry } from './entry.ts'

export const REGISTRY = {
  // ---- what fleet.yaml says
  SLU0587: {
    title: 'a topic needs a schema registry that its connection does not name',
    fix: 'Add registry: { url: "${KAFKA_SCHEMA_REGISTRY_URL:-}" } to the connection, or write format: json.',
  },
  SLU0588: {
    title: 'a format without a schema',
    fix: 'Name the schema of the topic, or write format: json.',
  },

  SLU0591: {
    title: 'versions of a schema that stands in no registry',
    fix: 'Remove `registers`, or give the topic a format whose schemas stand in a registry.',
  },
  SLU0589: {
    title: 'an Avro schema that cannot be used',
    fix: 'Write one that stands by itself and says what JSON can: no bytes, no unions of what JSON cannot tell apart.',
  },
  SLU0590: {
    title: 'an Avro schema and the JSON Schema of its topic differ',
    fix: 'Let each field be a property and each property a field, of the same type; what may be absent is ["null", …] with the default null.',
  },

  // ---- the registry's own opinion
  SLU0386: {
    title: 'the registry refuses a schema',
    fix: 'Make the change one that its level of compatibility allows, or change that level there: the message has its words.',
  },

  SLU0384: {
    title: 'a schema that is not compatible with the versions of its subject',
    fix: 'Make the change one that its level of compatibility allows, as a new field with a default; or give the topic a new name.',
  },

  // ---- as operators see it
  SLU1203: {
    title: 'the registry lacks a schema of the fleet',
    fix: 'Register it: npx sluice plan; npx sluice apply --yes.',
  },

  // ---- environment
  SLU1158: {
    title: 'the schema registry is away',
    fix: 'Start it, or mend KAFKA_SCHEMA_REGISTRY_URL; what is known already goes on without it.',
    outage: true,
  },
  SLU1159: {
    title: 'the schema registry refused us',
    fix: 'Mend user and password of `registry`; the user needs to read, and for `apply` to write.',
    outage: true,
  },
  SLU1160: {
    title: 'the schema registry answered something else',
    fix: "Let KAFKA_SCHEMA_REGISTRY_URL lead to Confluent's API, its path included: Apicurio has it below /apis/ccompat/v7.",
    outage: true,
  },
  SLU1161: {
    title: 'no schema registry is named',
    fix: 'Set KAFKA_SCHEMA_REGISTRY_URL, or whatever variable `registry.url` reads.',
  },
  SLU1162: {
    title: 'the schema of a topic is not registered',
    fix: 'Look at what is there and register it: npx sluice plan; npx sluice apply --yes. A topic that only services write needs registers: true.',
  },

  // ---- messages
  SLU5011: {
    title: "the value is not in the registry's wire format",
    fix: 'Mend the producer: a zero, four bytes of schema id, then the value; or write format: json on the topic.',
    failure: 'invalid',
  },
  SLU5012: {
    title: 'the schema id of the value is unknown',
    fix: 'Let the producer use the registry that the fleet uses; once the id is there, replay the letter.',
    failure: 'invalid',
  },
  SLU5013: {
    title: 'the schema of the value is of another kind than the topic holds',
    fix: 'Mend the producer, or the `format` of the topic.',
    failure: 'invalid',
  },
  SLU5014: {
    title: 'the schema of the value cannot be used',
    fix: 'Register one that stands by itself, and let the producer use it.',
    failure: 'invalid',
  },
  SLU5015: {
    title: 'the schema of the value does not resolve to that of the topic',
    fix: 'Mend the producer, or give the fields that it lacks a default in the Avro schema of the topic; then replay the letter.',
    failure: 'invalid',
  },
  SLU5016: {
    title: 'the bytes of the value are none of its schema',
    fix: 'Mend the producer.',
    failure: 'invalid',
  },
  SLU5017: {
    title: 'a body has no place in the Avro schema of its topic',
    fix: 'Mend the body: whole numbers fit their int or long, and each property is a field.',
    failure: 'defect',
  },
} as const satisfies Record<string, CodeEntry>
