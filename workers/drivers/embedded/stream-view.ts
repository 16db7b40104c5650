// Looks at an embedded stream, whose messages stay: their places are their offsets.
import type { LogView } from '../../core/log-view.ts'
import { SluiceError } from '../../core/errors.ts'
import type { EmbeddedQueues } from './queues.ts'

const PAGE = 500

/** `present` throws while the broker is away. */
export function streamView(queues: EmbeddedQueues, address: string, present: () => void): LogView {
  const messages = () => {
    present()
    const type = queues.typeOf(address)
    if (type === undefined)
      throw new SluiceError('SLU5703', { message: `there is no stream ${address}` })
    if (type !== 'stream')
      throw new SluiceError('SLU5702', {
        message: `stream ${address} cannot be looked at: it is a queue of type ${type}`,
      })
    return queues.peek(address)
  }
  return {
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async ranges() {
      return [{ partition: 0, from: 0, to: messages().length }]
    },
    async *read({ partition, from, to }) {
      if (partition !== 0) return
      for (let at = from; at < to; at += PAGE) {
        const page = messages()
          .slice(at, Math.min(at + PAGE, to))
          .map(({ key, value, headers, timestamp }, index) => ({
            key,
            // As in AMQP, where a body is never absent and time is counted in seconds.
            value: value ?? Buffer.alloc(0),
            headers,
            timestamp: Math.floor(timestamp / 1_000) * 1_000,
            offset: at + index,
          }))
        if (page.length === 0) return
        yield page
      }
    },
  }
}
