// What a stream holds, from reading it: AMQP tells neither its first offset nor its last.
import type { LogView } from '../../core/log-view.ts'
import type { StreamReading, StreamStart } from './stream-reading.ts'

/** `open` starts a reading of the stream. */
export function streamView(open: (start: StreamStart) => Promise<StreamReading>): LogView {
  const from = async <T>(start: StreamStart, use: (reading: StreamReading) => Promise<T>) => {
    const reading = await open(start)
    try {
      return await use(reading)
    } finally {
      await reading.close()
    }
  }
  return {
    async ranges() {
      const first = await from('first', async (reading) => (await reading.next())[0]?.offset)
      if (first === undefined) return [{ partition: 0, from: 0, to: 0 }]
      const last = await from('last', async (reading) => {
        let offset = first
        for (let page = await reading.next(); page.length > 0; page = await reading.next())
          offset = page.at(-1)?.offset ?? offset
        return offset
      })
      return [{ partition: 0, from: first, to: last + 1 }]
    },
    async *read({ partition, from: start, to }) {
      if (partition !== 0 || start >= to) return
      const reading = await open(start)
      try {
        for (let page = await reading.next(); page.length > 0; page = await reading.next()) {
          const wanted = page.filter(({ offset }) => offset < to)
          if (wanted.length > 0) yield wanted
          if ((page.at(-1)?.offset ?? to) >= to - 1) return
        }
      } finally {
        await reading.close()
      }
    },
  }
}
