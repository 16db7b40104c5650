// Why: where dead letters go, and looking at them, replaying and dropping them (SLU0328, SLU054x, SLU57xx).
import type { Reason } from './entry.ts'

export const DEAD_LETTER_REASONS = {
  SLU1150: {
    why: 'What is done to dead letters is done in the open: a letter counts as replayed or dropped once its line is written, so the command stops where no line can be.',
  },
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
  SLU0543: {
    why: 'Sluice writes the lines of its audit log in a form of its own, which readers may rely on. Messages of a schema would stand among them, or fail it.',
    example: {
      wrong: `audit: { topic: orders }`,
      right: `audit: { topic: trail }
topics:
  trail: { in: events }`,
    },
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
  SLU5704: {
    why: 'Somebody replayed it with other bytes, and was stopped before the broker answered. Where the message went, nobody can see whether it arrived; a second one with another id might have a second effect.',
  },
  SLU5705: {
    why: 'A letter says itself where it came from, and whoever can write to the topic can write anything. Replays go only to sources of pipelines that send their dead letters here.',
  },
  SLU5706: {
    why: 'The message was too large for its letter, which holds only the coordinates of where it stood. The broker has forgotten it there meanwhile.',
  },
  SLU5707: {
    why: 'A message that failed again after each replay will most likely fail once more. The limit keeps scripts from sending it round for ever.',
  },
  SLU5708: {
    why: 'The expression threw, or its value is undefined, for this letter. It went nowhere, and is as it was.',
  },
  SLU5709: {
    why: 'It lacks the headers that every dead letter has, or they are not of the right form: nobody knows where it came from.',
  },
  SLU5710: {
    why: 'The replay ended between its send and the note of it. A topic shows what arrived, and a pipeline with once, or BullMQ, knows a message that comes again; here neither is so, and sending it again might do it twice.',
  },
  SLU5711: {
    why: 'BullMQ keeps the data of a job as JSON. The job that failed held something else, which no client of BullMQ can have written.',
  },
} as const satisfies Record<string, Reason>
