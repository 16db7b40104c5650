// What the operations API answers with, as JSON Schema; tests hold every answer against it.
import type { Component } from '../health/health.ts'
import { KAFKA, RABBITMQ, REDIS } from './fact-schemas.ts'
import { list, named, number, object, orNull, ref, text, type Schema } from './schema-parts.ts'

const STATUS: Schema = {
  type: 'string',
  enum: ['pass', 'warn', 'fail'],
  description: 'The worst of what it is made of.',
}

const CHECK = object(
  {
    name: text('What was looked at.'),
    status: STATUS,
    detail: text('What was found.'),
    code: text('A code of the reference, of what is wrong.'),
    next: text('What to do about it.'),
  },
  'One thing that was looked at.',
  ['code', 'next'],
)

const checks = list(ref('Check'), 'What was looked at.')

const connection = (component: Component, facts: Schema) =>
  object(
    {
      status: STATUS,
      where: text('Where it is written.'),
      target: text('Which broker, or what stands in for it.'),
      driver: { type: 'string', enum: ['embedded', component], description: 'What it is.' },
      latencyMs: orNull(number('One round trip; null: there was no answer.')),
      version: orNull(text('Null: it does not tell.')),
      checks,
      facts: orNull(facts),
    },
    'A connection of fleet.yaml.',
  )

const component = (name: Component, facts: Schema) =>
  object(
    {
      status: STATUS,
      component: { type: 'string', const: name, description: 'Which.' },
      connections: named(connection(name, facts), 'By their names in fleet.yaml.'),
    },
    'A component of the fleet.',
  )

const WORKERS = object(
  {
    status: STATUS,
    declared: number('Processes that fleet.yaml asks for.'),
    ready: number('Processes that are ready.'),
    byName: named(
      object(
        { declared: number('Processes that fleet.yaml asks for.'), ready: number('Ready ones.') },
        'One of them.',
      ),
      'The same for each of `workers` in fleet.yaml.',
    ),
    caches: named(
      object({ asked: number('Questions.'), hits: number('Answers.') }, 'A cache.'),
      'Of each cache, within the latest quarter of an hour.',
    ),
    checks,
    processes: list(
      { type: 'object', description: 'As `sluice top --format json` has it.' },
      'What each says of itself.',
    ),
  },
  'Worker processes.',
)

export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Check: CHECK,
  RedisHealth: component('redis', REDIS),
  RabbitMQHealth: component('rabbitmq', RABBITMQ),
  KafkaHealth: component('kafka', KAFKA),
  OverallHealth: object(
    {
      version: { type: 'integer', const: 1, description: 'Of this form.' },
      status: STATUS,
      fleet: text('Its name.'),
      profile: text('development or production.'),
      at: { ...text('When it was asked.'), format: 'date-time' },
      components: object(
        {
          redis: ref('RedisHealth'),
          rabbitmq: ref('RabbitMQHealth'),
          kafka: ref('KafkaHealth'),
        },
        'Those that fleet.yaml connects to.',
        ['redis', 'rabbitmq', 'kafka'],
      ),
      workers: orNull(WORKERS),
    },
    'The whole fleet.',
  ),
  Metrics: object(
    {
      version: { type: 'integer', const: 1, description: 'Of this form.' },
      metrics: list(
        object(
          {
            name: text('As in Prometheus’ text.'),
            help: text('What it counts.'),
            kind: { type: 'string', enum: ['counter', 'gauge'], description: 'What it is.' },
            points: list(
              object(
                {
                  labels: named(text('A value.'), 'By their names.'),
                  value: number('The number.'),
                },
                'A point.',
              ),
              'Points.',
            ),
          },
          'A metric.',
        ),
        'All of them.',
      ),
    },
    'Metrics.',
  ),
  Probe: object(
    {
      status: STATUS,
      checks: named(
        object({ status: STATUS, detail: text('What was found.') }, 'One thing.'),
        'By their names.',
      ),
    },
    'A probe.',
  ),
  Document: { type: 'object', description: 'OpenAPI 3.1.' },
  Problem: object(
    {
      type: text('urn:sluice:problem:<code>'),
      title: text('The words of its status.'),
      status: { type: 'integer', description: 'That of the answer.' },
      code: text('A code of the reference.'),
      detail: text('What is wrong.'),
      next: text('What to do about it.'),
    },
    'A problem, as RFC 9457 has it.',
  ),
}
