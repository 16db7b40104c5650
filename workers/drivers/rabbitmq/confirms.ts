// The publishes of one channel that wait for their confirm; each settles exactly once, whatever the broker or the network does.
import type { Clock } from '../../core/clock.ts'
import { SluiceError } from '../../core/errors.ts'

/** Sent with each message, so that a return finds its publish: message ids may repeat, this number does not. */
export const PUBLISH_HEADER = 'sluice-publish'

export interface Publish {
  readonly number: number
  readonly queue: string
  readonly sentAt: number
  unroutable: boolean
  readonly resolve: () => void
  readonly reject: (error: SluiceError) => void
}

export class Confirms {
  private readonly clock: Clock
  private readonly outstanding = new Map<number, Publish>()
  private next = 1

  constructor(clock: Clock) {
    this.clock = clock
  }

  get size(): number {
    return this.outstanding.size
  }

  add(queue: string, resolve: () => void, reject: (error: SluiceError) => void): Publish {
    const number = this.next++
    const publish = {
      number,
      queue,
      sentAt: this.clock.monotonic(),
      unroutable: false,
      resolve,
      reject,
    }
    this.outstanding.set(number, publish)
    return publish
  }

  /** RabbitMQ returns an unroutable message before it acks it. */
  returned(number: unknown): void {
    const publish = this.outstanding.get(Number(number))
    if (publish !== undefined) publish.unroutable = true
  }

  settle(publish: Publish, failed: boolean): void {
    if (!this.outstanding.delete(publish.number)) return
    const { queue } = publish
    if (failed)
      publish.reject(
        new SluiceError('SLU5303', { message: `RabbitMQ refused a message for ${queue}` }),
      )
    else if (publish.unroutable)
      publish.reject(new SluiceError('SLU5304', { message: `no queue ${queue} took the message` }))
    else publish.resolve()
  }

  /** The channel is gone: nobody can say any more what became of these. */
  abandon(reason: string): void {
    const left = [...this.outstanding.values()]
    this.outstanding.clear()
    for (const { queue, reject } of left)
      reject(
        new SluiceError('SLU5301', {
          message: `the connection was lost before ${queue} confirmed (${reason}); outcome unknown`,
        }),
      )
  }

  /** Rejects what has waited longer than `ms`. Oldest come first, so that the sweep ends early. */
  expire(ms: number): void {
    const before = this.clock.monotonic() - ms
    for (const publish of this.outstanding.values()) {
      if (publish.sentAt > before) return
      this.outstanding.delete(publish.number)
      publish.reject(
        new SluiceError('SLU5302', { message: `${publish.queue} did not confirm within ${ms} ms` }),
      )
    }
  }
}
