// The queue to which parked messages come when they are due, as a source of them: each as it was before it was parked.
import type { Intake, JobEnd, Lane, QueueSource } from '../core/contract.ts'
import type { QueueMessage } from '../core/message.ts'
import { returnedQueued } from './parked-queued.ts'

export class DueSource implements QueueSource {
  private readonly inner: QueueSource

  constructor(inner: QueueSource) {
    this.inner = inner
  }

  start(intake: Intake): Promise<void> {
    return this.inner.start({
      granted: (grants) => intake.granted(grants),
      offer: (lane, copies, from) => {
        const messages = copies.slice(from).map((copy) => returnedQueued(copy as QueueMessage))
        return intake.offer(lane, messages, 0)
      },
      room: (lane) => intake.room(lane),
      revoke: (lanes) => intake.revoke(lanes),
      lost: (lanes) => intake.lost(lanes),
    })
  }

  stop(): Promise<void> {
    return this.inner.stop()
  }

  ack(lane: Lane, tag: number, end?: JobEnd): void {
    this.inner.ack(lane, tag, end)
  }

  backlog(): Promise<number | undefined> {
    return this.inner.backlog()
  }

  progress(): ReadonlyMap<string, { caughtUp: boolean; at: number }> {
    return this.inner.progress()
  }
}
