// Why: where dead letters go, and looking at them, replaying and dropping them (SLU0328, SLU054x, SLU57xx).
import type { Reason } from './entry.ts'

export const DEAD_LETTER_REASONS = {
  SLU0328: {
    why: 'Pipelines and people name a destination of dead letters by its name only. If a topic and a stream share one, nobody can tell which of them is meant.',
    example: {
      wrong: `topics: # in fleet.yaml
  failed: { in: events, deadLetters: true }
queues:
  failed: { in: work, type: stream, deadLetters: true }`,
      right: `topics: # in fleet.yaml
  failed: { in: events, deadLetters: true }
queues:
  failures: { in: work, type: stream, deadLetters: true }`,
    },
  },
  SLU0540: {
    why: 'People look at dead letters again and again. A stream can be read without a trace; reading any other queue takes messages away, or counts as a delivery until the broker drops them.',
    example: {
      wrong: `queues:
  failed: { in: work, deadLetters: true }`,
      right: `queues:
  failed: { in: work, type: stream, deadLetters: true }`,
    },
  },
  SLU0541: {
    why: 'A dead letter says where it came from and why it failed. What arrives through an exchange says neither, and could never be replayed.',
    example: {
      wrong: `queues:
  failed: { in: work, type: stream, deadLetters: true, bindings: [{ exchange: notices, key: '#' }] }`,
      right: `queues:
  failed: { in: work, type: stream, deadLetters: true }`,
    },
  },
  SLU0542: {
    why: 'Kafka and streams cannot mark a letter. Without a ledger nobody would know that a letter was replayed, and the next one would replay it again.',
  },
  SLU5701: {
    why: 'A place is an offset (of a topic partition/offset), and an id is that of the event. Nothing that is kept now has it; brokers forget letters by their retention.',
  },
  SLU5702: {
    why: 'Only a stream can be read without taking anything away. Any other queue would count the look as a delivery, so it is refused.',
  },
  SLU5703: {
    why: 'Nothing has made the stream yet, or somebody deleted it: RabbitMQ knows no queue of that name.',
  },
} as const satisfies Record<string, Reason>
