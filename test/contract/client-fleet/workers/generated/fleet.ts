// generated from pipelines/fleet.yaml by `npx sluice types`; do not edit
import type { Thing } from './commands/thing.ts'
import type { Happening } from './events/happening.ts'
import type { Note } from './events/note.ts'
import type { Price } from './values/price.ts'
import type { Session } from './values/session.ts'

/** What travels in this fleet, for clients: `openFleet<Fleet>()`. */
export interface Fleet {
  /** Events on topics. */
  topics: {
    happenings: Happening
    notes: Note
  }
  /** To queues and exchanges. */
  commands: {
    heard: Thing
    orders: Thing
    shouts: Thing
  }
  /** Over queues that are answered. */
  requests: {
    quotes: { question: Thing; answer: Price }
  }
  /** Queues of jobs. */
  jobs: {
    chores: Thing
  }
  /** The values of stores. */
  stores: {
    facts: Session
    sessions: Session
  }
  /** The values of caches. */
  caches: {
    pages: Price
    prices: Price
  }
}
