// Looks at the failed jobs of an embedded queue, each as its dead letter; changes none of them.
import type { LogView } from '../../core/log-view.ts'
import type { EmbeddedJobs } from './jobs.ts'

/** `present` throws while the server is away. The oldest failure is 0. */
export function failedView(jobs: EmbeddedJobs, address: string, present: () => void): LogView {
  const messages = () => {
    present()
    return jobs.failed(address).map(({ message, letter }, offset) => ({
      key: null,
      value: message.value,
      headers: letter?.headers ?? {},
      timestamp: message.timestamp,
      offset,
    }))
  }
  return {
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async ranges() {
      return [{ partition: 0, from: 0, to: messages().length }]
    },
    async *read({ partition, from, to }) {
      const page = partition === 0 ? messages().slice(from, to) : []
      if (page.length > 0) yield page
    },
  }
}
