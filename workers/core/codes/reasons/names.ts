// Why: names, schemas and handlers (SLU030x–SLU032x).
import type { Reason } from './entry.ts'

export const NAMES = {
  SLU0301: {
    why: 'A resource lives on a connection, and a worker connects only to what its pipelines use. A name that leads nowhere cannot be reached.',
    example: {
      wrong: `topics:
  orders: { in: event, schema: events/order } # the connection is called events`,
      right: `topics:
  orders: { in: events, schema: events/order }`,
    },
  },
  SLU0302: {
    why: 'Kafka creates a topic for any name that is asked for, on many clusters: a typo then reads from an empty topic for weeks. So only declared topics can be named.',
    example: {
      wrong: 'from: { topic: order }',
      right: 'from: { topic: orders }',
    },
  },
  SLU0303: {
    why: 'RabbitMQ returns, or drops, what is sent to a queue that does not exist: each message of the pipeline would use up its attempts and become a dead letter.',
    example: {
      wrong: `steps:
  - id: total
    command: { to: total, body: '{ amount: price.amount, currency: price.currency }' }`,
      right: `steps:
  - id: total
    command: { to: totals, body: '{ amount: price.amount, currency: price.currency }' }`,
    },
  },
  SLU0304: {
    why: 'The cache decides how long a value lives, what it looks like and what happens while Redis is away. Without a declaration none of that is known.',
    example: {
      wrong: `steps:
  - id: price
    cache: { in: price, key: event.data.items, load: { call: quote, input: event.data } }`,
      right: `steps:
  - id: price
    cache: { in: prices, key: event.data.items, load: { call: quote, input: event.data } }`,
    },
  },
  SLU0305: {
    why: 'Handlers are found by their file name, nothing else. A worker without the handler could not take a single message.',
    example: {
      wrong: `steps:
  - id: risk # workers/handlers/score.ts
    call: { handler: scores, input: '{ amount: price.amount, customer: event.data.customer.id }' }`,
      right: `steps:
  - id: risk
    call: { handler: score, input: '{ amount: price.amount, customer: event.data.customer.id }' }`,
    },
  },
  SLU0306: {
    why: 'A schema is what a message is held to and what types are made from. Its name is its path below schemas/, without the ending.',
    example: {
      wrong: `topics:
  orders: { in: events, schema: order } # schemas/events/order.json`,
      right: `topics:
  orders: { in: events, schema: events/order }`,
    },
  },
  SLU0307: {
    why: 'Messages would be let through, or refused, by rules that are not the ones that were meant. Words that are not of JSON Schema 2020-12 are ignored by validators, so they are refused here.',
    example: {
      wrong: 'type: objekt',
      right: 'type: object',
    },
  },
  SLU0308: {
    why: 'Topics live on Kafka, queues and exchanges on RabbitMQ, caches on Redis. What is bound together must also live on the same broker.',
    example: {
      wrong: `queues:
  invoices: { in: events, schema: commands/invoice } # events is Kafka`,
      right: `queues:
  invoices: { in: work, schema: commands/invoice }`,
    },
  },
  SLU0309: {
    why: 'Types of expressions and the check of every message come from the schema of the topic. Without one nothing could be promised of either.',
    example: {
      wrong: `topics:
  billed: { in: events }`,
      right: `topics:
  billed: { in: events, schema: events/billed }`,
    },
  },
  SLU0310: {
    why: 'Dead letters are bytes of any kind and events fit a schema: whoever reads one kind cannot read the other. Sent to the source itself, they would be read again and fail again, for ever.',
    example: {
      wrong: `failure:
  defect: { deadLetter: billed }`,
      right: `failure:
  defect: { deadLetter: orders.dlq } # a topic with deadLetters: true`,
    },
  },
  SLU0311: {
    why: 'The id of a step is a name in later expressions. A word of JavaScript, or `event`, already means something there.',
    example: {
      wrong: `steps:
  - id: event
    call: { handler: score, input: '{ amount: 5, customer: event.data.customer.id }' }`,
      right: `steps:
  - id: rating
    call: { handler: score, input: '{ amount: 5, customer: event.data.customer.id }' }`,
    },
  },
  SLU0312: {
    why: 'Later expressions, dead letters and effect ids name a step by its id. Two of one name could not be told apart, and consumers would take one effect for a repeat of the other.',
    example: {
      wrong: `steps:
  - id: bill
    event: { to: billed, body: '{ order_id: event.data.order_id, amount: price.amount }' }
  - id: bill
    command: { to: totals, body: '{ amount: price.amount, currency: price.currency }' }`,
      right: `steps:
  - id: bill
    event: { to: billed, body: '{ order_id: event.data.order_id, amount: price.amount }' }
  - id: total
    command: { to: totals, body: '{ amount: price.amount, currency: price.currency }' }`,
    },
  },
  SLU0313: {
    why: 'The name is the consumer group and stands in the identity of every effect. Two pipelines of one name would take messages from each other.',
    example: {
      wrong: `pipeline: billing # in pipelines/refunds.yaml
from: { topic: changes }`,
      right: `pipeline: refunds
from: { topic: changes }`,
    },
  },
  SLU0314: {
    why: 'A worker is a list of pipelines. One that is not there would be missing in production without a word.',
    example: {
      wrong: `workers:
  all: { pipelines: [biling] }`,
      right: `workers:
  all: { pipelines: [billing] }`,
    },
  },
  SLU0315: {
    why: 'RabbitMQ refuses to declare a queue or an exchange whose name begins with amq., and closes the channel of whoever tries: the worker could not start.',
    example: {
      wrong: `queues:
  amq.notes: { in: work, schema: commands/notice }`,
      right: `queues:
  shop.notes: { in: work, schema: commands/notice }`,
    },
  },
  SLU0316: {
    why: 'A pattern that repeats a repetition takes twice as long for every character that is added: one hostile message of forty characters stops the worker for hours.',
    example: {
      wrong: `type: string
pattern: ^(a+)+$`,
      right: `type: string
pattern: ^a+$`,
    },
  },
  SLU0317: {
    why: 'Destinations are named by their names only. If a queue and an exchange share one, nobody can tell where a command goes; what goes to jobs is counted, and found again among dead letters, by its name.',
    example: {
      wrong: `queues:
  invoices: { in: work, schema: commands/invoice }
exchanges:
  invoices: { in: work, type: fanout, schema: commands/invoice }`,
      right: `queues:
  invoices: { in: work, schema: commands/invoice }
exchanges:
  invoicing: { in: work, type: fanout, schema: commands/invoice }`,
    },
  },
  SLU0318: {
    why: 'Exchanges are created from fleet.yaml. A binding to one that is not declared is refused by the broker, or hangs on what somebody once made there by hand.',
    example: {
      wrong: `queues:
  notes: { in: work, schema: commands/notice, bindings: [{ exchange: notice, key: '#' }] }`,
      right: `queues:
  notes: { in: work, schema: commands/notice, bindings: [{ exchange: notices, key: '#' }] }`,
    },
  },
  SLU0319: {
    why: 'The policy says how often and how long a message is tried. A name that leads nowhere would leave that undecided.',
    example: {
      wrong: `policies: # in fleet.yaml
  retry: { patient: { attempts: 9, first: 1s, max: 1m, jitter: full } }
failure: # in the pipeline
  transient: { policy: patience, deadLetter: orders.dlq }`,
      right: `policies: # in fleet.yaml
  retry: { patient: { attempts: 9, first: 1s, max: 1m, jitter: full } }
failure: # in the pipeline
  transient: { policy: patient, deadLetter: orders.dlq }`,
    },
  },
  SLU0320: {
    why: 'Such a pattern looks at a text again from each of its places. On short texts nobody notices; a long one takes seconds in which the worker does nothing else.',
    example: {
      wrong: `type: string
pattern: a+b`,
      right: `type: string
maxLength: 200
pattern: a+b`,
    },
  },
  SLU0321: {
    why: 'A value is written to a store that pipelines/fleet.yaml declares, with its Redis, its schema and how long it stays.',
    example: {
      wrong: `stores: # in fleet.yaml
  totals_by_order: { in: hot, ttl: 1h, schema: commands/total }
steps: # in the pipeline
  - id: remember
    store: { in: totals, key: event.data.order_id, value: "{ order_id: event.data.order_id, total: 1 }" }`,
      right: `stores: # in fleet.yaml
  totals_by_order: { in: hot, ttl: 1h, schema: commands/total }
steps: # in the pipeline
  - id: remember
    store: { in: totals_by_order, key: event.data.order_id, value: "{ order_id: event.data.order_id, total: 1 }" }`,
    },
  },
  SLU0329: {
    why: 'A job goes to a queue that pipelines/fleet.yaml declares, with its Redis and its schema.',
    example: {
      wrong: `jobs: # in fleet.yaml
  trainings: { in: hot, schema: commands/total }
steps: # in the pipeline
  - id: train
    job: { to: training, body: "{ order_id: event.data.order_id, total: 1 }" }`,
      right: `jobs: # in fleet.yaml
  trainings: { in: hot, schema: commands/total }
steps: # in the pipeline
  - id: train
    job: { to: trainings, body: "{ order_id: event.data.order_id, total: 1 }" }`,
    },
  },
} as const satisfies Record<string, Reason>
