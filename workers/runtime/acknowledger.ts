// Acknowledges messages of a queue one by one, at once; what a lost channel swallows comes again.
import type { JobEnd, QueueSource } from '../core/contract.ts'
import type { PlacedMessage } from '../core/message.ts'
import type { Settlement } from './settlement.ts'
import type { LaneState } from './task.ts'

/** The acks of what is at work may be lost with the channel; nothing finished ever waits for its ack. */
export class Acknowledger implements Settlement {
  readonly exposed = 0
  private readonly source: Pick<QueueSource, 'ack'>

  constructor(source: Pick<QueueSource, 'ack'>) {
    this.source = source
  }

  add(): void {}

  remove(): void {}

  finished({ lane }: LaneState, { offset }: PlacedMessage, end?: JobEnd): void {
    this.source.ack(lane, offset, end)
  }

  hurry(): void {}

  /** A channel keeps the order of what it is told: whoever closes it after the last ack loses none. */
  flush(): Promise<void> {
    return Promise.resolve()
  }

  stop(): void {}
}
