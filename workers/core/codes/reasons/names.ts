// Why: names, schemas, handlers, expressions and types (SLU030x–SLU034x, SLU04xx).
import type { Reason } from './entry.ts'

export const NAMES = {
  SLU0301: {
    why: 'A resource lives on a connection, and a worker connects only to what its pipelines use. A name that leads nowhere cannot be reached.',
    example: {
      wrong: 'topics: { orders: { in: event } } # the connection is called events',
      right: 'topics: { orders: { in: events } }',
    },
  },
  SLU0302: {
    why: 'Kafka creates a topic for any name that is asked for, on many clusters: a typo then reads from an empty topic for weeks. So only declared topics can be named.',
    example: { wrong: 'from: { topic: order }', right: 'from: { topic: orders }' },
  },
  SLU0303: {
    why: 'A command to a queue that does not exist would have nowhere to go, and each message would wait for it.',
    example: {
      wrong: 'command: { to: alert, body: "{ id: event.id }" }',
      right: 'command: { to: alerts, body: "{ id: event.id }" }',
    },
  },
  SLU0304: {
    why: 'The cache decides how long a value lives, what it looks like and what happens while Redis is away. Without a declaration none of that is known.',
  },
  SLU0305: {
    why: 'Handlers are found by their file name, nothing else. A worker without the handler could not take a single message.',
    example: {
      wrong: 'call: { handler: predictions, input: event.data } # workers/handlers/predict.ts',
      right: 'call: { handler: predict, input: event.data }',
    },
  },
  SLU0306: {
    why: 'A schema is what a message is held to and what types are made from. Its name is its path below schemas/, without the ending.',
    example: { wrong: 'schema: order', right: 'schema: events/order' },
  },
  SLU0307: {
    why: 'Messages would be let through, or refused, by rules that are not the ones that were meant. Words that are not of JSON Schema 2020-12 are ignored by validators, so they are refused here.',
    example: { wrong: 'type: objekt', right: 'type: object' },
  },
  SLU0308: {
    why: 'Topics live on Kafka, queues and exchanges on RabbitMQ, caches on Redis. What is bound together must also live on the same broker.',
  },
  SLU0309: {
    why: 'Types of expressions and the check of every message come from the schema of the topic. Without one nothing could be promised of either.',
  },
  SLU0310: {
    why: 'Dead letters are bytes of any kind and events fit a schema: whoever reads one kind cannot read the other.',
    example: {
      wrong: 'failure: { defect: { deadLetter: orders } }',
      right: 'failure: { defect: { deadLetter: orders.dlq } } # with deadLetters: true',
    },
  },
  SLU0311: {
    why: 'The id of a step is a name in later expressions. A word of JavaScript, or `event`, already means something there.',
    example: { wrong: '- id: event', right: '- id: enriched' },
  },
  SLU0312: {
    why: 'Later expressions, dead letters and effect ids name a step by its id. Two of one name could not be told apart, and consumers would take one effect for a repeat of the other.',
  },
  SLU0313: {
    why: 'The name is the consumer group and stands in the identity of every effect. Two pipelines of one name would take messages from each other.',
  },
  SLU0314: {
    why: 'A worker is a list of pipelines. One that is not there would be missing in production without a word.',
  },
  SLU0315: {
    why: 'Brokers keep some names for themselves: Kafka those that begin with two underscores, RabbitMQ those that begin with amq. Creating them is refused, or breaks the broker.',
  },
  SLU0316: {
    why: 'A pattern that repeats a repetition takes twice as long for every character that is added: one hostile message of forty characters stops the worker for hours.',
    example: { wrong: 'pattern: "^(a+)+$"', right: 'pattern: "^a+$"' },
  },
  SLU0320: {
    why: 'Such a pattern looks at a text again from each of its places. On short texts nobody notices; a long one takes seconds in which the worker does nothing else.',
    example: { wrong: 'pattern: "a+b"', right: 'pattern: "^a+b"\nmaxLength: 200' },
  },
  SLU0317: {
    why: 'Commands name their destination by name only. If a queue and an exchange share one, nobody can tell where a command goes.',
  },
  SLU0318: {
    why: 'A queue that is bound to nothing gets no message from there, and nothing would ever say so.',
  },
  SLU0319: {
    why: 'The policy says how often and how long a message is tried. A name that leads nowhere would leave that undecided.',
  },
  SLU0330: {
    why: 'The property is in no message that fits the schema, so the expression would give undefined for every one of them.',
    example: { wrong: 'when: event.data.totl > 10', right: 'when: event.data.total > 10' },
  },
  SLU0331: {
    why: 'JavaScript would convert the value in silence: "10" * 2 is 20, and "10" + 2 is "102". What reaches a queue should not depend on that.',
  },
  SLU0332: {
    why: 'The destination’s schema asks for the field. Each message would fail when its body is checked, and become a dead letter.',
    example: {
      wrong: 'body: "{ event_id: event.id }"',
      right: 'body: "{ event_id: event.id, score: prediction.score }"',
    },
  },
  SLU0333: {
    why: 'The destination’s schema does not know the field: it is a misspelt one, or its readers would refuse the message.',
  },
  SLU0334: {
    why: 'The schema lets the value be absent. For those messages the expression would throw, and each would become a dead letter at three in the morning.',
    example: {
      wrong: 'when: event.data.total > 10 # total is not required',
      right: 'when: (event.data.total ?? 0) > 10',
    },
  },
  SLU0335: {
    why: 'A condition that is a number or a text is true for most values: it rarely means what its author meant, and 0 or an empty text turn it round.',
    example: { wrong: 'when: event.data.items', right: 'when: event.data.items.length > 0' },
  },
  SLU0336: {
    why: 'The two sides can never be equal, by their types: the condition is always false, or always true, and the steps behind it never run, or always do.',
    example: {
      wrong: "when: event.type === 'order_palced'",
      right: "when: event.type === 'order_placed'",
    },
  },
  SLU0337: {
    why: 'The handler would be called with something else than it was written for, and fail at a place that says nothing about the line that gave it.',
  },
  SLU0338: {
    why: 'What a cache holds is read by others, perhaps of another version. So what is loaded is held to the schema of the cache, and this handler cannot keep to it.',
  },
  SLU0339: {
    why: 'Handlers and generated types are checked along with the pipelines, since both must agree. The code below the named line does not pass.',
  },
  SLU0340: {
    why: 'The schema sets a limit that this value breaks whatever the message holds: every message would be refused by its own destination.',
  },
  SLU0341: {
    why: 'Two parts of the expression do not go together. The words of the type checker follow, in the terms of the pipeline where they can be.',
  },
  SLU0342: {
    why: 'A handler is the one function that its file exports by default; anything else could not be called.',
    example: {
      wrong: '# workers/handlers/predict.ts: export const predict = …',
      right: '# workers/handlers/predict.ts: export default predict',
    },
  },
  SLU0343: {
    why: 'Handlers are written against types that stand in the repository. When they differ from schemas and pipelines, an editor shows something else than what runs.',
  },
  SLU0401: {
    why: 'An expression is one JavaScript expression, such as stands on the right of an equals sign: no statement, no declaration, no semicolon.',
    example: {
      wrong: 'body: "const id = event.id; ({ id })"',
      right: 'body: "{ id: event.id }"',
    },
  },
  SLU0402: {
    why: 'Expressions give the same for the same message every time, can be retried and cannot reach the process. Calls, assignments, clocks and loops without an end would break that, so they belong in a handler, which has a deadline.',
    example: {
      wrong: 'body: "{ at: Date.now() }"',
      right: 'body: "{ at: event.time }"',
    },
  },
  SLU0403: {
    why: 'An expression sees the event and the results of the call, cache and map steps before it, and nothing else: no globals, no later steps.',
  },
} as const satisfies Record<string, Reason>
