// What can go wrong when people look at dead letters, replay or drop them.
import type { CodeEntry } from './entry.ts'

export const DEAD_LETTERS = {
  SLU5701: {
    title: 'there is no dead letter at that place',
    fix: 'Look at what there is: npx sluice dlq list --letters.',
  },
  SLU5702: {
    title: 'RabbitMQ does not show the stream',
    fix: 'Create it with npx sluice apply --yes; a queue of another type cannot hold dead letters.',
    failure: 'transient',
  },
} as const satisfies Record<string, CodeEntry>
