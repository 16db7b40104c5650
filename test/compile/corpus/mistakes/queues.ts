// Queues that are read, asked and answered: what cannot be asked, and answers that do not fit.
import { BILLING, FLEET, RATE_DESK, seeded } from '../corpus.ts'

const CACHED = `    cache:
      in: rates
      key: '[event.data.currency, "EUR"]'
      load:
        call: exchange-rate
        input: '{ from: event.data.currency, to: "EUR" }'
        timeout: 10s
`
const BODY = '\'{ from: event.data.currency, to: "EUR" }\''
const ask = (to: string, body = BODY, more = '') =>
  `    request:\n      to: ${to}\n      body: ${body}\n${more}`

export const queues = seeded('queues', {
  [RATE_DESK]: [
    {
      what: 'a misspelt queue',
      from: 'queue: rate_desk',
      to: 'queue: rate_dsk',
      hint: 'rate_desk',
    },
    {
      what: 'a topic read as a queue',
      from: 'queue: rate_desk',
      to: 'queue: orders',
      hint: 'topic',
    },
    {
      what: 'a stream as a source',
      from: 'queue: rate_desk',
      to: 'queue: audit_log',
      hint: 'stream',
    },
    {
      what: 'two sources',
      from: '{ queue: rate_desk }',
      to: '{ queue: rate_desk, topic: orders }',
      line: 'topic: orders',
      hint: 'two pipelines',
    },
    {
      what: 'an order that a shared queue cannot keep',
      from: 'order: none',
      to: 'order: key',
      hint: 'singleActiveConsumer',
    },
    {
      what: 'questions that are parked',
      from: 'transient: { policy: quick, deadLetter: failed }',
      to: 'transient: { retry: { attempts: 9, first: 1s, max: 1m, jitter: full, park: { after: 3, tiers: [10m] } }, deadLetter: failed }',
      line: 'park: {',
      hint: 'who asks',
    },
    {
      what: 'a window that RabbitMQ cannot hand over',
      from: 'concurrency: 16',
      to: 'concurrency: 16\nwindow: 100000',
      line: 'window: 100000',
      hint: '65535',
    },
    {
      what: 'a field of the queue that the schema has not',
      from: "reply: '{ from: event.data.from",
      to: "reply: '{ from: event.data.form",
      hint: 'did you mean "from"',
    },
    {
      what: 'an answer that lacks a field',
      from: 'rate: rate.rate, ',
      to: '',
      line: 'reply: ',
      hint: /rate/,
    },
    {
      what: 'an answer with a misspelt field',
      from: 'rate: rate.rate, as_of',
      to: 'rate: rate.rate, as_off',
      hint: /as_of/,
    },
    {
      what: 'an answer of the wrong type',
      from: 'rate: rate.rate, ',
      to: 'rate: `${rate.rate}`, ',
      hint: /number/,
    },
    {
      what: 'questions that are never answered',
      from: "reply: '{ from: event.data.from, to: event.data.to, rate: rate.rate, as_of: event.time }'\n",
      to: '',
      line: 'from: { queue',
      hint: 'reply',
    },
    {
      what: 'questions that are filtered',
      from: 'order: none',
      to: "when: event.data.from !== 'EUR'\norder: none",
      line: 'when: ',
      hint: 'route',
    },
  ],
  [BILLING]: [
    {
      what: 'a request to a queue without answers',
      from: CACHED,
      to: ask('alerts'),
      line: 'to: alerts',
      hint: 'reply',
    },
    {
      what: 'a request to a topic',
      from: CACHED,
      to: ask('metrics'),
      line: 'to: metrics',
      hint: /nobody answers/,
    },
    {
      what: 'a question with a misspelt field',
      from: CACHED,
      to: ask('rate_desk', '\'{ form: event.data.currency, to: "EUR" }\''),
      line: 'form: event',
      hint: /from/,
    },
    {
      what: 'a question outside of its values',
      from: CACHED,
      to: ask('rate_desk', '\'{ from: event.data.currency, to: "CHF" }\''),
      line: 'CHF',
      hint: /EUR/,
    },
    {
      what: 'a field that no answer has',
      from: CACHED,
      to: ask('rate_desk'),
      also: [{ file: BILLING, from: 'rate: rate?.rate ?? 1', to: 'rate: rate?.rte ?? 1' }],
      line: 'rate?.rte',
      hint: 'did you mean "rate"',
    },
    {
      what: 'an answer that is waited for longer than a drain',
      from: CACHED,
      to: ask('rate_desk', BODY, '      timeout: 50s\n'),
      line: 'timeout: 50s',
      hint: /drain/,
    },
    {
      what: 'an answer to nobody',
      from: 'failure:\n',
      to: "reply: '{ ok: true }'\nfailure:\n",
      line: 'reply: ',
      hint: 'only queues are asked',
    },
  ],
  [FLEET]: [
    {
      what: 'a queue that drops what a pipeline reads',
      from: 'reply: values/exchange-rate }',
      to: 'reply: values/exchange-rate, deliveryLimit: 5 }',
      at: RATE_DESK,
      line: 'queue: rate_desk',
      hint: 'deliveryLimit',
    },
    {
      what: 'answers of a schema that is not there',
      from: 'reply: values/exchange-rate }',
      to: 'reply: values/exchange-rates }',
      hint: /exchange-rate/,
    },
  ],
})
