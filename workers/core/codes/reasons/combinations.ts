// Why: pipeline tests, simulation, contracts, changes and combinations that cannot work (SLU035x–SLU039x, SLU05xx).
import type { Reason } from './entry.ts'

export const COMBINATIONS = {
  SLU0350: {
    why: 'Each of these fields says the same thing in another way, so one of them decides and the others would be ignored.',
    example: { wrong: '- { value: { a: 1 }, raw: "x" }', right: '- { value: { a: 1 } }' },
  },
  SLU0351: {
    why: 'Reports, and --name, find a case by its name. A CI server would show one result for two cases.',
  },
  SLU0352: {
    why: 'The message would become a dead letter before the pipeline saw it, so the case would test something else than it says.',
    example: {
      wrong: 'given: [{ value: { total: "ten" } }]',
      right: 'given: [{ value: { total: "ten" }, invalid: true }]',
    },
  },
  SLU0353: {
    why: 'The case is about a message that is refused, and this one is not: its dead letter would never come.',
  },
  SLU0354: {
    why: 'Nothing that may be sent there fits what is expected, so the case could only ever fail.',
  },
  SLU0355: {
    why: 'The pipeline never touches it: what is given there is never read, and what is expected there never comes.',
  },
  SLU0356: {
    why: 'An object whose only key begins with $ is a matcher, and there is none of this form. As plain data it would never be equal to anything.',
    example: {
      wrong: 'score: { $about: 0.9 }',
      right: 'score: { $approx: { value: 0.9, within: 0.01 } }',
    },
  },
  SLU0357: {
    why: 'A connection is there or away. Where two outages overlap, the end of the first would end the second.',
  },
  SLU0360: {
    why: 'A test run that finds no case would pass for ever, whatever breaks. So it fails.',
  },
  SLU0361: {
    why: 'Simulation makes up messages from the schema of the topic. Some patterns and combinations cannot be met by guessing.',
    example: {
      wrong: 'model_id: { type: string, pattern: "^[A-Z]{3}-(?:19|20)[0-9]{6}$" }',
      right: 'model_id: { type: string, examples: ["ABC-20260101"] }',
    },
  },
  SLU0370: {
    why: 'What changed is found by comparing with files of a commit. Outside of a repository, or without git, there is nothing to compare with.',
  },
  SLU0371: {
    why: 'The name leads to no commit here. CI servers often fetch the branch that is built and nothing else.',
  },
  SLU0372: {
    why: 'A shallow clone holds the newest commits only, and the one that is asked for is older.',
  },
  SLU0373: {
    why: 'In that commit, or now, the schema cannot be read. Saying that nothing broke would be a guess.',
  },
  SLU0374: {
    why: 'Messages of this kind may still stand on the broker, and readers of the old version may still wait for them.',
  },
  SLU0375: {
    why: 'The two versions differ in a way that the comparison cannot judge. It says so instead of guessing either way.',
  },
  SLU0376: {
    why: 'One side leaves the property out and the other insists on it: messages that one version writes are refused by the other while both run, and every deployment has such a time.',
  },
  SLU0377: {
    why: 'One side writes a property that the other refuses. During a deployment both versions run, and in the topic old messages stay.',
  },
  SLU0378: {
    why: 'A value that one version writes has a type that the other does not take; every message with it becomes a dead letter there.',
  },
  SLU0379: {
    why: 'One version writes a value of an enumeration that the other does not know.',
  },
  SLU0380: {
    why: 'One version writes values beyond what the other takes: longer texts, larger numbers, more items.',
  },
  SLU0381: {
    why: 'Whether every text of one form is also one of the other cannot be relied on, so messages of one version may be refused by the other.',
  },
  SLU0382: {
    why: 'One version writes a kind of message for which the other has no place.',
  },
  SLU0383: {
    why: 'A rule such as `not` or `dependentRequired` holds on one side only, so that side refuses what the other writes.',
  },
  SLU0391: {
    why: 'Kafka chooses the partition of a key by the number of partitions. With another number, new messages of a key go elsewhere and may be handled before old ones that still wait.',
  },
  SLU0392: {
    why: 'With less retention the broker deletes what it keeps today, within minutes. Nobody can bring it back.',
  },
  SLU0393: {
    why: 'RabbitMQ fixes type and arguments of a queue when it is declared; the only way to another one is to delete it with all it holds.',
  },
  SLU0394: {
    why: 'Somebody bound the queue by hand, or an older version did. Removing it stops messages that may be wanted.',
  },
  SLU0395: {
    why: 'The broker offers no way from what is there to what is declared, such as fewer partitions.',
  },
  SLU0396: {
    why: 'What was reviewed is not what would be done now: somebody else changed the brokers, or the fleet was edited.',
  },
  SLU0397: {
    why: 'A saved plan carries a hash of itself. This file was changed, cut off, or is something else.',
  },
  SLU0398: {
    why: 'Between deleting and making anew, messages on the queue would be lost, and those that arrive would have nowhere to go. So it must be empty and without senders and consumers.',
  },
  SLU0501: {
    why: 'Waits grow from first to max. If max is smaller, every wait is max, and first means nothing.',
    example: {
      wrong: 'retry: { attempts: 5, first: 10s, max: 1s, jitter: full }',
      right: 'retry: { attempts: 5, first: 1s, max: 10s, jitter: full }',
    },
  },
  SLU0502: {
    why: 'The window is all that is taken and unsettled, what is at work included. A smaller one would keep some of the slots empty for ever.',
    example: { wrong: 'concurrency: 64\nwindow: 10', right: 'concurrency: 64\nwindow: 1000' },
  },
  SLU0503: {
    why: 'The guard looks at the latest messages and pauses when more of them failed than it tolerates. If it tolerates all of them, it never pauses, and a bad release drains the topic into its dead letters.',
    example: {
      wrong: 'guard: { of: 100, tolerate: 100, then: pause }',
      right: 'guard: { of: 100, tolerate: 20, then: pause }',
    },
  },
  SLU0504: {
    why: 'At a shutdown or a rebalance, work is waited for until drain.within. A step that takes longer is cut off and done again elsewhere, each time.',
    example: {
      wrong: 'call: { handler: train, input: event.data, timeout: 5m } # drain: { within: 25s }',
      right: 'call: { handler: train, input: event.data, timeout: 20s }',
    },
  },
  SLU0505: {
    why: 'A dead letter is the message and up to 64 KiB of headers that say why. If the topic refuses it for its size, the payload must be left out, and cannot be replayed.',
    example: {
      wrong: 'orders.dlq: { in: events, deadLetters: true, maxBytes: 1MiB } # orders takes 2MiB',
      right: 'orders.dlq: { in: events, deadLetters: true }',
    },
  },
  SLU0506: {
    why: 'Kafka gives each partition to one member of a group. Two pipelines in one group would each see a part of the messages, chosen by chance.',
    example: {
      wrong: 'from: { topic: orders, group: billing } # in two pipelines',
      right: 'from: { topic: orders } # the group is the pipeline’s name',
    },
  },
  SLU0507: {
    why: 'Kafka’s metrics replace dots by underscores, so it refuses a topic whose name collides with another one there.',
    example: { wrong: 'orders.new and orders_new', right: 'orders.new and orders.old' },
  },
  SLU0508: {
    why: 'Only topic and direct exchanges look at the key. Where it is missing a message reaches no queue; where nobody looks, it promises a choice that is not made.',
    example: {
      wrong: 'bindings: [{ exchange: alerts }] # of type topic',
      right: "bindings: [{ exchange: alerts, key: 'high.*' }]",
    },
  },
  SLU0509: {
    why: 'Kafka confirms a message once minInSync copies have it. With fewer copies than that in all, no message is ever confirmed.',
    example: { wrong: 'replication: 1\nminInSync: 2', right: 'replication: 3\nminInSync: 2' },
  },
  SLU0510: {
    why: 'Compaction keeps the latest message of each key. Of ten dead letters of one customer nine would vanish before anybody looked at them.',
    example: {
      wrong: 'orders.dlq: { in: events, deadLetters: true, cleanup: compact }',
      right: 'orders.dlq: { in: events, deadLetters: true, retention: { time: 30d } }',
    },
  },
  SLU0511: {
    why: 'RabbitMQ ignores, or refuses, what a type of queue has no notion of: only quorum queues count deliveries, and only streams forget by age.',
    example: {
      wrong: 'jobs: { in: work, type: classic, schema: commands/job, deliveryLimit: 5 }',
      right: 'jobs: { in: work, type: quorum, schema: commands/job, deliveryLimit: 5 }',
    },
  },
  SLU0512: {
    why: 'A stale answer is given while a fresh one is loaded. If entries may be stale for much longer than they are fresh, most answers are old ones.',
  },
  SLU0513: {
    why: 'What happens to one message too many can be decided only when it is known how many are enough.',
    example: {
      wrong: 'limit: { overflow: reject }',
      right: 'limit: { messages: 100000, overflow: reject }',
    },
  },
  SLU0514: {
    why: 'A Redis hash holds named fields. A number or a list has none.',
  },
  SLU0520: {
    why: 'A message is often dead exactly because it fits no schema. Held to one, such letters could not be written, and the source would stop.',
  },
  SLU0521: {
    why: 'What the pipeline sends is what it reads: one message makes another, for ever, as fast as the brokers can.',
  },
  SLU0522: {
    why: 'Everything that comes through the exchange fits the exchange’s schema. Whoever reads the queue was promised something else.',
  },
} as const satisfies Record<string, Reason>
