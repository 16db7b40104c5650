// Looks at what a topic holds, outside of all groups; commits nothing, and nothing on the broker counts it.
import { SluiceError } from '../../core/errors.ts'
import type { LogRange, LogView } from '../../core/log-view.ts'
import type { Page, Reading } from './client.ts'
import { typeOf } from './errors.ts'
import { MOVED } from './where-it-lives.ts'

/** Of one answer; the broker sends a message that is larger alone. */
export const FETCH_BYTES = 4 * 1024 * 1024
/** How long the broker may wait for something. */
export const FETCH_MS = 500
/** An answer without anything, where something should be, is asked for again: a list must not end early. */
const ASKED_AGAIN = 3

/** `page`: one answer of the broker. */
export function viewOf(
  ranges: () => Promise<LogRange[]>,
  page: (partition: number, from: number) => Promise<Page>,
): LogView {
  return {
    ranges,
    async *read({ partition, from, to }) {
      for (let at: number | undefined = from; at !== undefined && at < to;) {
        const { messages, next } = await page(partition, at)
        const wanted = messages.filter(({ offset }) => offset < to)
        if (wanted.length > 0) yield wanted
        at = next
      }
    },
  }
}

export async function rangesOf(reading: Reading, topic: string): Promise<LogRange[]> {
  const partitions = await reading.partitions(topic)
  if (partitions.length === 0)
    throw new SluiceError('SLU5201', { message: `the partitions of ${topic} are not known` })
  const low = await reading.edges(topic, partitions, 'earliest')
  const high = await reading.edges(topic, partitions, 'latest')
  return partitions
    .map((partition) => {
      const to = high.get(partition) ?? 0
      return { partition, from: Math.min(low.get(partition) ?? to, to), to }
    })
    .toSorted((a, b) => a.partition - b.partition)
}

export async function pageOf(
  reading: Reading,
  topic: string,
  partition: number,
  from: number,
): Promise<Page> {
  const known = await reading.partitions(topic)
  if (!known.includes(partition)) return { messages: [], next: undefined }
  const edge = async (which: 'earliest' | 'latest') =>
    (await reading.edges(topic, [partition], which)).get(partition) ?? from
  try {
    for (let times = 0; ; times++) {
      const page = await reading.fetch(topic, partition, from)
      if (page.next !== undefined || times === ASKED_AGAIN) return page
      if ((await edge('latest')) <= from) return page
    }
  } catch (thrown) {
    const type = typeOf(thrown) ?? ''
    if (MOVED.has(type)) {
      await reading.refresh(topic)
      return reading.fetch(topic, partition, from)
    }
    if (type !== 'OFFSET_OUT_OF_RANGE') throw thrown
    // The oldest were dropped meanwhile.
    const low = await edge('earliest')
    return { messages: [], next: low > from ? low : undefined }
  }
}
