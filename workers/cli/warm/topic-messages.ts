// The newest messages of a topic, partition by partition, as a view shows them: no group, no commit, nothing that a consumer could notice.
import type { LogRange, LogView } from '../../core/log-view.ts'
import type { Given } from './warm.ts'

/** `count` is what the ranges hold at most: what was compacted away is passed over. */
export async function topicMessages(view: LogView, last: number) {
  const ranges = (await view.ranges()).map((range): LogRange => ({
    ...range,
    from: Math.max(range.from, range.to - last),
  }))
  return {
    count: ranges.reduce((sum, { from, to }) => sum + to - from, 0),
    async *messages(): AsyncGenerator<Given> {
      for (const range of ranges)
        for await (const page of view.read(range))
          for (const message of page) yield { message, partition: range.partition }
    },
  }
}
