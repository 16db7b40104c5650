// What operators set: thresholds of health, and how Kafka is spoken to.
import { FLEET, seeded } from '../corpus.ts'

const STATE = 'state: { in: hot }\n'
const health = (text: string) => `${STATE}health:\n${text}`

export const operations = seeded('operations', {
  [FLEET]: [
    {
      what: 'a latency that fails before it warns',
      from: STATE,
      to: health('  latency: { warn: 500ms, fail: 200ms }\n'),
      line: 'latency:',
      hint: /warn.*below.*fail/s,
    },
    {
      what: 'a latency beyond what is waited for',
      from: STATE,
      to: health('  within: 2s\n  latency: { warn: 1s, fail: 5s }\n'),
      line: 'latency:',
      hint: /within/,
    },
    {
      what: 'a wait that is shorter than the latency that fails',
      from: STATE,
      to: health('  within: 800ms\n'),
      line: 'within: 800ms',
      hint: /latency\.fail.*within/s,
    },
    {
      what: 'memory that fails at the percentage where it warns',
      from: STATE,
      to: health('  memory: { warn: 90, fail: 90 }\n'),
      line: 'memory:',
      hint: /warn.*below.*fail/s,
    },
    {
      what: 'memory in bytes',
      from: STATE,
      to: health('  memory: { warn: 2GiB }\n'),
      line: 'memory:',
      hint: /warn.*(number|integer|whole)/s,
    },
    {
      what: 'memory beyond everything',
      from: STATE,
      to: health('  memory: { fail: 120 }\n'),
      line: 'memory:',
      hint: /100/,
    },
    {
      what: 'a lag as a number alone',
      from: STATE,
      to: health('  lag: 10000\n'),
      line: 'lag:',
      hint: /lag/,
    },
    {
      what: 'hits of a cache that fail above where they warn',
      from: STATE,
      to: health('  hits: { warn: 20, fail: 50 }\n'),
      line: 'hits:',
      hint: /fail.*below.*warn/s,
    },
    {
      what: 'rebalances that fail before they warn',
      from: STATE,
      to: health('  rebalances: { warn: 9, fail: 3 }\n'),
      line: 'rebalances:',
      hint: /warn.*below.*fail/s,
    },
    {
      what: 'a threshold by another name',
      from: STATE,
      to: health('  depth: { warning: 500 }\n'),
      line: 'depth:',
      hint: 'warn',
    },
    {
      what: 'a wait for answers without its unit',
      from: STATE,
      to: health('  within: 2\n'),
      line: '  within: 2',
      hint: /within.*(ms|2s)/s,
    },
    {
      what: 'the token of the API written out',
      from: STATE,
      to: `${STATE}ops: { token: hunter2hunter2hunter2 }\n`,
      line: 'ops:',
      hint: /token.*secret/s,
    },
    {
      what: 'a port for the API in its section',
      from: STATE,
      to: `${STATE}ops: { port: 9300 }\n`,
      line: 'ops:',
      hint: /port.*token/s,
    },
    {
      what: 'Kafka over TLS',
      from: "'${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}', client",
      to: "'${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}', security: SASL_SSL, client",
      hint: /PLAINTEXT/,
    },
    {
      what: 'Kafka over TLS by a default',
      from: "'${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}', client",
      to: "'${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}', security: '${KAFKA_SECURITY_PROTOCOL:-SSL}', client",
      hint: /PLAINTEXT/,
    },
  ],
})
