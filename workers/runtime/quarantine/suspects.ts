// Which messages of a lane were delivered before to a process that ended, and how each is known again: by its offset in a log, else by what it is.
import { createHash } from 'node:crypto'
import type { PlacedMessage, QueueMessage } from '../../core/message.ts'

/** What may reject does so when the store is away. */
export interface Suspects {
  /** Before anything else is asked: what is known from before. */
  open(): Promise<void>
  has(message: PlacedMessage): boolean
  /** The same whenever it is delivered, and another one's for no other message. */
  keyOf(message: PlacedMessage): string
  /** False: `note` them before they are handed out. */
  covers(messages: readonly PlacedMessage[], from: number): boolean
  note(messages: readonly PlacedMessage[], from: number): Promise<void>
  /** Some may be left. */
  readonly any: boolean
  /** All of them have passed. */
  over(): Promise<void>
  /** The lane is given up in order. */
  close(): Promise<void>
}

/** Of queues and jobs: their broker says of each message whether it may have been delivered before, and nothing need be noted. */
export const deliveredAgain: Suspects = {
  open: () => Promise.resolve(),
  has: (message) => (message as QueueMessage).redelivered,
  // Whoever sends takes any id; together with what was sent it is no other message's.
  keyOf(message) {
    const { id = '', type = '', value } = message as QueueMessage
    const hash = createHash('sha256').update(JSON.stringify([id, type]))
    return hash
      .update(value ?? '')
      .digest('base64url')
      .slice(0, 22)
  },
  covers: () => true,
  note: () => Promise.resolve(),
  any: false,
  over: () => Promise.resolve(),
  close: () => Promise.resolve(),
}
