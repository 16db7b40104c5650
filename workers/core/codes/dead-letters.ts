// What can go wrong with dead letters: where they are declared to go, and when people look at them, replay or drop them.
import type { CodeEntry } from './entry.ts'

export const DEAD_LETTERS = {
  SLU0328: {
    title: 'a topic and a stream of dead letters that share a name',
    fix: 'Give one of them another name.',
  },
  SLU0540: {
    title: 'dead letters on a queue that is no stream',
    fix: 'Write type: stream.',
  },
  SLU0541: {
    title: 'a stream of dead letters that is bound to an exchange',
    fix: 'Remove the bindings.',
  },
  SLU0542: {
    title: 'nowhere to remember what was replayed or dropped',
    fix: 'Add to pipelines/fleet.yaml: state: { in: <a redis connection> }.',
  },
  SLU5701: {
    title: 'there is no dead letter at that place',
    fix: 'Look at what there is: npx sluice dlq list --letters.',
  },
  SLU5702: {
    title: 'RabbitMQ does not show the stream',
    fix: 'Create it with npx sluice apply --yes; a queue of another type cannot hold dead letters.',
    failure: 'transient',
  },
  SLU5703: {
    title: 'the stream does not exist',
    fix: 'Create it: npx sluice apply --yes.',
    failure: 'transient',
  },
} as const satisfies Record<string, CodeEntry>
