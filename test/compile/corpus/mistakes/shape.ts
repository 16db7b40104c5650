// Keys and values that the language does not have: unknown keys, missing ones, text for maps, values outside their list.
import { BILLING, FLEET, METRICS, NOTIFICATIONS, PREDICTIONS, RETURNS, seeded } from '../corpus.ts'

export const shape = seeded('shape', {
  [PREDICTIONS]: [
    {
      what: 'a misspelt key',
      from: 'concurrency: 256',
      to: 'concurency: 256',
      hint: 'concurrency',
    },
    { what: 'a misspelt key of a retry', from: 'attempts: 5', to: 'atempts: 5', hint: 'attempts' },
    {
      what: 'an order that does not exist',
      from: 'order: key',
      to: 'order: keys',
      hint: /key, partition, none|key/,
    },
    {
      what: 'a start that does not exist',
      from: 'start: earliest',
      to: 'start: beginning',
      hint: /earliest.*latest/s,
    },
    {
      what: 'a guard that counts what there is not',
      from: 'tolerate: 20, then',
      to: 'tolerate: 20, counts: [exhausted, transient], then',
      hint: /exhausted.*defect.*invalid/s,
    },
    {
      what: 'a jitter that is a flag',
      from: 'jitter: full',
      to: 'jitter: true',
      hint: /full.*none/s,
    },
    {
      what: 'a step without a verb',
      from: '  - id: alert\n',
      to: '  - id: nothing\n  - id: alert\n',
      hint: /call.*cache.*command.*event/s,
    },
    {
      what: 'no failure section',
      from: `failure:
  invalid: { deadLetter: ml_events.dlq }
  transient:
    retry: { attempts: 5, first: 200ms, max: 30s, jitter: full }
    deadLetter: ml_events.dlq
  defect: { deadLetter: ml_events.dlq }
  guard: { of: 200, tolerate: 20, then: pause }
`,
      to: '',
      line: 'pipeline: predictions',
      hint: 'failure',
    },
  ],
  [BILLING]: [
    { what: 'no destination', from: '      to: invoices\n', to: '', line: 'event:', hint: /to/ },
    {
      what: 'two verbs in one step',
      from: '  - id: review\n',
      to: "  - id: review\n    call: { handler: tax, input: '{}' }\n",
      line: 'command:\n      to: audit',
      hint: /(command|call)/,
    },
    {
      what: 'a verb of another product',
      from: '    event:\n',
      to: '    publish:\n',
      hint: /publish.*event/s,
    },
    {
      what: 'a misspelt field of a call',
      from: 'handler: tax',
      to: 'handle: tax',
      hint: 'handler',
    },
    {
      what: 'dead letters forgotten for one class of failures',
      from: 'transient: { policy: patient, deadLetter: orders.dlq }',
      to: 'transient: { policy: patient }',
      hint: 'deadLetter',
    },
    { what: 'a guard with an unknown end', from: 'then: pause', to: 'then: stop', hint: 'pause' },
    {
      what: 'a body that is a YAML map',
      from: 'body: >-\n        { subject',
      to: 'body:\n        { subject',
      line: 'detail: `',
      hint: /quote/,
    },
    {
      what: 'a key that is a list of YAML',
      from: 'key: event.data.customer.id\n',
      to: 'key: [event.data.customer.id]\n',
      hint: /key.*(text|expression)/s,
    },
  ],
  [NOTIFICATIONS]: [
    {
      what: 'no order',
      from: 'order: key\n',
      to: '',
      line: 'pipeline: notifications',
      hint: /order/,
    },
    {
      what: 'a misspelt condition',
      from: '  - id: mail\n    when:',
      to: '  - id: mail\n    if:',
      hint: /if.*when/s,
    },
    {
      what: 'a source with an unknown field',
      from: 'start: latest }',
      to: 'offset: latest }',
      hint: /offset/,
    },
  ],
  [METRICS]: [
    { what: 'a misspelt window', from: 'window: 20000', to: 'windows: 20000', hint: 'window' },
    {
      what: 'a retry and a policy',
      from: '  transient:\n    retry:',
      to: '  transient:\n    policy: quick\n    retry:',
      hint: /retry.*policy|policy.*retry/s,
    },
    {
      what: 'a step without an id',
      from: '- id: page\n    when',
      to: '- when',
      line: '- when',
      hint: 'id',
    },
  ],
  [RETURNS]: [
    { what: 'a misspelt section', from: 'failure:', to: 'failures:', hint: 'failure' },
    {
      what: 'the name forgotten',
      from: 'pipeline: returns\n',
      to: '',
      line: 'from:',
      hint: 'pipeline',
    },
    {
      what: 'a misspelt class of failures',
      from: '  defect: { deadLetter',
      to: '  defects: { deadLetter',
      hint: 'defect',
    },
  ],
  [FLEET]: [
    { what: 'a misspelt section of the fleet', from: '\nqueues:', to: '\nqueue:', hint: 'queues' },
    {
      what: 'a kind of queue that does not exist',
      from: 'alerts: { in: work, type: quorum',
      to: 'alerts: { in: work, type: quorom',
      hint: 'quorum',
    },
    {
      what: 'a kind of exchange that does not exist',
      from: 'type: fanout',
      to: 'type: headers',
      hint: /topic.*direct.*fanout/s,
    },
    {
      what: 'a form of cache that does not exist',
      from: 'as: hash',
      to: 'as: json',
      hint: /string.*hash/s,
    },
    {
      what: 'no word on a cache that is down',
      from: 'schema: values/exchange-rate, whenDown: bypass }',
      to: 'schema: values/exchange-rate }',
      line: 'rates:',
      hint: /whenDown/,
    },
    {
      what: 'a compression that does not exist',
      from: 'compression: zstd',
      to: 'compression: brotli',
      hint: /gzip.*zstd.*snappy.*lz4/s,
    },
    {
      what: 'tombstones as a flag',
      from: 'tombstones: deliver #',
      to: 'tombstones: true #',
      hint: /invalid.*deliver.*skip/s,
    },
    {
      what: 'a connection of no kind',
      from: 'hot:\n    redis:',
      to: 'hot:\n    valkey:',
      hint: /kafka.*rabbitmq.*redis|redis/s,
    },
    {
      what: 'a path of an envelope without data.',
      from: 'id: data.event_id, type',
      to: 'id: event_id, type',
      hint: /data\./,
    },
    {
      what: 'a queue without a schema',
      from: 'alerts: { in: work, type: quorum, schema: commands/alert }',
      to: 'alerts: { in: work, type: quorum }',
      hint: 'schema',
    },
  ],
})
