// Why: combinations that cannot work (SLU05xx).
import type { Reason } from './entry.ts'

export const COMBINATIONS = {
  SLU0501: {
    why: 'Waits grow from first to max. If max is smaller, every wait is max, and first means nothing.',
    example: {
      wrong: `failure:
  transient:
    retry: { attempts: 5, first: 10s, max: 1s, jitter: full }
    deadLetter: orders.dlq`,
      right: `failure:
  transient:
    retry: { attempts: 5, first: 1s, max: 10s, jitter: full }
    deadLetter: orders.dlq`,
    },
  },
  SLU0502: {
    why: 'The window is all that is taken and unsettled, what is at work included. A smaller one would keep some of the slots empty for ever.',
    example: {
      wrong: `concurrency: 64
window: 10`,
      right: `concurrency: 64
window: 1000`,
    },
  },
  SLU0503: {
    why: 'The guard looks at the latest messages and pauses when more of them failed than it tolerates. If it tolerates all of them, it never pauses, and a bad release drains the topic into its dead letters.',
    example: {
      wrong: `failure:
  guard: { of: 100, tolerate: 100, then: pause }`,
      right: `failure:
  guard: { of: 100, tolerate: 20, then: pause }`,
    },
  },
  SLU0504: {
    why: 'At a shutdown or a rebalance, work is waited for until drain.within. A step that takes longer is cut off and done again elsewhere, each time.',
    example: {
      wrong: `drain: { within: 25s } # in fleet.yaml
steps: # in the pipeline
  - id: risk
    call:
      handler: score
      input: '{ amount: price.amount, customer: event.data.customer.id }'
      timeout: 5m`,
      right: `drain: { within: 25s } # in fleet.yaml
steps: # in the pipeline
  - id: risk
    call:
      handler: score
      input: '{ amount: price.amount, customer: event.data.customer.id }'
      timeout: 20s`,
    },
  },
  SLU0505: {
    why: 'A dead letter is the message and up to 64 KiB of headers that say why. If the topic refuses it for its size, the payload must be left out, and cannot be replayed.',
    example: {
      wrong: `topics:
  orders: { in: events, schema: events/order } # Kafka’s own limit: 1 MiB
  orders.dlq: { in: events, deadLetters: true, maxBytes: 512KiB }`,
      right: `topics:
  orders: { in: events, schema: events/order }
  orders.dlq: { in: events, deadLetters: true } # what orders takes, and 64 KiB more`,
    },
  },
  SLU0506: {
    why: 'Kafka gives each partition to one member of a group, whatever it reads. Two pipelines in one group would each see a part of the messages, chosen by chance.',
    example: {
      wrong: `pipeline: refunds
from: { topic: orders, group: billing } # as pipeline billing does`,
      right: `pipeline: refunds
from: { topic: orders } # its group is called refunds`,
    },
  },
  SLU0507: {
    why: 'Kafka’s metrics write dots as underscores, so that two such names become one there; Kafka refuses to create the second, and the worker that needs it cannot start.',
    example: {
      wrong: `topics:
  orders.new: { in: events, schema: events/order }
  orders_new: { in: events, schema: events/order }`,
      right: `topics:
  orders.new: { in: events, schema: events/order }
  orders.old: { in: events, schema: events/order }`,
    },
  },
  SLU0508: {
    why: 'Only topic and direct exchanges look at the key. Where it is missing a message reaches no queue; where nobody looks, it promises a choice that is not made.',
    example: {
      wrong: `queues: # notices is of type topic
  notes: { in: work, schema: commands/notice, bindings: [{ exchange: notices }] }`,
      right: `queues:
  notes: { in: work, schema: commands/notice, bindings: [{ exchange: notices, key: 'risk.#' }] }`,
    },
  },
  SLU0509: {
    why: 'Kafka confirms a message once minInSync copies have it. With fewer copies than that in all, no message is ever confirmed.',
    example: {
      wrong: `topics:
  orders: { in: events, schema: events/order, replication: 1, minInSync: 2 }`,
      right: `topics:
  orders: { in: events, schema: events/order, replication: 3, minInSync: 2 }`,
    },
  },
  SLU0510: {
    why: 'Compaction keeps the latest message of each key. Of ten dead letters of one customer nine would vanish before anybody looked at them.',
    example: {
      wrong: `topics:
  orders.dlq: { in: events, deadLetters: true, cleanup: compact }`,
      right: `topics:
  orders.dlq: { in: events, deadLetters: true, retention: { time: 30d } }`,
    },
  },
  SLU0511: {
    why: 'RabbitMQ ignores, or refuses, what a type of queue has no notion of: only quorum queues count deliveries, and only streams forget by age.',
    example: {
      wrong: `queues:
  invoices: { in: work, type: classic, schema: commands/invoice, deliveryLimit: 5 }`,
      right: `queues:
  invoices: { in: work, type: quorum, schema: commands/invoice, deliveryLimit: 5 }`,
    },
  },
  SLU0513: {
    why: 'What is to happen to one message too many never happens: the broker does not know how many are enough, and the queue grows until its disk is full.',
    example: {
      wrong: `queues:
  invoices: { in: work, schema: commands/invoice, limit: { overflow: reject } }`,
      right: `queues:
  invoices: { in: work, schema: commands/invoice, limit: { messages: 100000, overflow: reject } }`,
    },
  },
  SLU0520: {
    why: 'A message is often dead exactly because it fits no schema. Held to one, such letters could not be written, and the source would stop.',
    example: {
      wrong: `topics:
  orders.dlq: { in: events, deadLetters: true, schema: events/order }`,
      right: `topics:
  orders.dlq: { in: events, deadLetters: true }`,
    },
  },
  SLU0521: {
    why: 'What the pipeline sends comes back to it, by itself or by way of others: one message makes another, for ever, as fast as the brokers can.',
    example: {
      wrong: `from: { topic: orders } # in a pipeline without a when
steps:
  - id: announce
    event: { to: orders, body: event.data }`,
      right: `from: { topic: orders }
steps:
  - id: announce
    event: { to: changes, body: event.data }`,
    },
  },
  SLU0522: {
    why: 'Everything that comes through the exchange fits the exchange’s schema. Whoever reads the queue was promised something else.',
    example: {
      wrong: `queues: # notices holds commands/notice
  notes: { in: work, schema: commands/total, bindings: [{ exchange: notices, key: '#' }] }`,
      right: `queues:
  notes: { in: work, schema: commands/notice, bindings: [{ exchange: notices, key: '#' }] }`,
    },
  },
  SLU0523: {
    why: 'A pipeline promises an order, commits or acknowledges, and drains, all of it for one source. Two would be two pipelines with one name.',
    example: {
      wrong: `from: { topic: orders, queue: totals }`,
      right: `from: { topic: orders }`,
    },
  },
  SLU0524: {
    why: 'RabbitMQ hands messages over until so many are unsettled, and counts them in 16 bits.',
    example: {
      wrong: `from: { queue: totals }
order: none
window: 100000`,
      right: `from: { queue: totals }
order: none
window: 512`,
    },
  },
  SLU0525: {
    why: 'RabbitMQ shares the messages of a queue among its consumers: two messages of one key may be at work in two processes at once. With singleActiveConsumer one of them gets all, and the others wait to take its place.',
    example: {
      wrong: `from: { queue: totals }
order: key`,
      right: `from: { queue: totals }
order: none`,
    },
  },
  SLU0526: {
    why: 'A stream keeps what was read, and RabbitMQ does not know who has read what: after a restart nobody could say which messages are done.',
    example: {
      wrong: `queues:
  totals: { in: work, type: stream, schema: commands/total }
from: { queue: totals }
order: none`,
      right: `queues:
  totals: { in: work, type: quorum, schema: commands/total }
from: { queue: totals }
order: none`,
    },
  },
  SLU0527: {
    why: 'Who asks waits until the answer comes or the deadline passes. A queue that says what its answers look like is asked; one that does not is sent commands, and nobody waits.',
    example: {
      wrong: `from: { queue: totals }
order: none
reply: '{ total: 1 }'`,
      right: `from: { queue: totals }
order: none`,
    },
  },
  SLU0528: {
    why: 'What a condition filters is acknowledged and done. Whoever asked would wait for the whole of its deadline, each time.',
  },
  SLU0529: {
    why: 'RabbitMQ counts deliveries, those after a crash of the worker included, and drops the message beyond the limit: it would be lost, and no dead letter would say so.',
    example: {
      wrong: `queues:
  totals: { in: work, schema: commands/total, deliveryLimit: 5 }
from: { queue: totals }
order: none`,
      right: `queues:
  totals: { in: work, schema: commands/total }
from: { queue: totals }
order: none`,
    },
  },
  SLU0535: {
    why: 'A route takes the first branch whose condition holds. This one is known beforehand never to be that, or to be it each time, so one of the branches is not what was meant.',
    example: {
      wrong: `steps:
  - id: by_size
    route:
      branches:
        - when: event.data.items.length > 9
          steps: [{ id: many, map: { value: event.data.items.length } }]
        - when: event.data.items.length > 9
          steps: [{ id: few, map: { value: event.data.items.length } }]
      otherwise: { steps: [] }`,
      right: `steps:
  - id: by_size
    route:
      branches:
        - when: event.data.items.length > 9
          steps: [{ id: many, map: { value: event.data.items.length } }]
        - when: event.data.items.length > 4
          steps: [{ id: few, map: { value: event.data.items.length } }]
      otherwise: { steps: [] }`,
    },
  },
  SLU0536: {
    why: 'The route says that a message which no branch takes is a defect, and the schema allows such messages: each of them would become a dead letter. That may be meant, so it is a warning.',
  },
  SLU0537: {
    why: 'A split runs its steps for each item of a list. Of anything else nobody knows what its items are.',
    example: {
      wrong: `steps:
  - id: every_item
    split:
      over: event.data.customer
      as: item
      steps: [{ id: twice, map: { value: '[item, item]' } }]`,
      right: `steps:
  - id: every_item
    split:
      over: event.data.items
      as: item
      steps: [{ id: twice, map: { value: '[item, item]' } }]`,
    },
  },
  SLU0538: {
    why: 'Jobs with the same id are one job. If the id does not depend on the item, the first item adds the job, and all others are taken for repeats of it.',
    example: {
      wrong: `jobs: # in fleet.yaml
  trainings: { in: hot, schema: commands/total }
steps: # in the pipeline
  - id: every_item
    split:
      over: event.data.items
      as: item
      steps:
        - id: train
          job: { to: trainings, id: event.id, body: "{ order_id: event.data.order_id, total: 1 }" }`,
      right: `jobs: # in fleet.yaml
  trainings: { in: hot, schema: commands/total }
steps: # in the pipeline
  - id: every_item
    split:
      over: event.data.items
      as: item
      steps:
        - id: train
          job: { to: trainings, id: event.id + item.sku, body: "{ order_id: event.data.order_id, total: 1 }" }`,
    },
  },
  SLU0545: {
    why: 'A message that is done again after a crash adds its job again. It is no second job as long as Redis remembers the first one; a job that was forgotten by then would be done twice.',
    example: {
      wrong: `jobs: # in fleet.yaml
  trainings: { in: hot, schema: commands/total, retention: { completed: 1s } }
steps: # in the pipeline
  - id: train
    job: { to: trainings, body: "{ order_id: event.data.order_id, total: 1 }" }`,
      right: `jobs: # in fleet.yaml
  trainings: { in: hot, schema: commands/total, retention: { completed: 1d } }
steps: # in the pipeline
  - id: train
    job: { to: trainings, body: "{ order_id: event.data.order_id, total: 1 }" }`,
    },
  },
  SLU0530: {
    why: 'Whether a message was done before is asked after a crash, by another process. So it has to be kept somewhere that is still there then, and the fleet names no such place.',
    example: {
      wrong: `once: { window: 1h }`,
      right: `state: { in: hot } # in pipelines/fleet.yaml
once: { window: 1h }`,
    },
  },
  SLU0532: {
    why: 'What dedupe suppresses is the rest of a message. In the middle of its items nobody could say what becomes of the items before and after.',
    example: {
      wrong: `state: { in: hot }
steps:
  - id: lines
    split:
      over: event.data.lines
      as: line
      steps: [{ id: seen, dedupe: { key: line, window: 1h } }]`,
      right: `state: { in: hot }
steps:
  - id: seen
    dedupe: { key: event.data.order_id, window: 1h }`,
    },
  },
  SLU0531: {
    why: 'The record of a message protects from its repeats as long as it is there. One that ends while the message is still tried lets a repeat through in the middle of the work.',
    example: {
      wrong: `state: { in: hot }
once: { window: 1m } # five attempts of up to 20 s each, and the waits between them`,
      right: `state: { in: hot }
once: { window: 1h }`,
    },
  },
  SLU0546: {
    why: 'BullMQ gives each job to whoever asks first, by priority and not by key, and what a killed worker left comes later again. An order that holds most of the time is none.',
  },
  SLU0547: {
    why: 'A schedule that nobody can read would never fire, and nobody would notice.',
    example: {
      wrong: `from: { schedule: { cron: '61 3 * * *' }, in: hot }
order: none
when: event.data.scheduled_at !== ''
steps: [{ id: now, map: { value: event.data.scheduled_at } }]`,
      right: `from: { schedule: { cron: '1 3 * * *' }, in: hot }
order: none
when: event.data.scheduled_at !== ''
steps: [{ id: now, map: { value: event.data.scheduled_at } }]`,
    },
  },
  SLU0548: {
    why: 'Three in the morning is another moment in each zone, and an interval has the same length in all of them.',
  },
} as const satisfies Record<string, Reason>
