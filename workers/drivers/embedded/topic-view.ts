// Looks at an embedded topic; no group learns of it, and nothing is forgotten for its sake.
import type { LogView } from '../../core/log-view.ts'
import { SluiceError } from '../../core/errors.ts'
import type { EmbeddedTopic } from './topic.ts'
import type { EmbeddedTopics } from './topics.ts'

const PAGE = 500

export function topicView(
  topics: EmbeddedTopics,
  address: string,
  absence: () => SluiceError | undefined,
): LogView {
  const present = (): EmbeddedTopic => {
    const absent = absence()
    if (absent !== undefined) throw absent
    const topic = topics.get(address)
    if (topic === undefined)
      throw new SluiceError('SLU5205', { message: `topic ${address} does not exist` })
    return topic
  }
  return {
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async ranges() {
      return present().partitions.map(({ start, end }, partition) => ({
        partition,
        from: start,
        to: end,
      }))
    },
    async *read({ partition, from, to }) {
      for (let at = from; ;) {
        const log = present().partitions[partition]
        if (log === undefined) return
        at = Math.max(at, log.start)
        const page = log.read(at, Math.min(PAGE, to - at))
        if (at >= to || page.length === 0) return
        yield page
        at += page.length
      }
    },
  }
}
