// The embedded stand-in for Kafka; loses everything with the process, and is otherwise held to the same contract.
import { withCloudEvents } from '../../core/cloud-events.ts'
import type { DriverContext, LogDriver, Sink, Topic } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { Headers, RawMessage } from '../../core/message.ts'
import { EmbeddedLogSource } from './log-source.ts'
import { createPresence } from './presence.ts'
import { Reach } from './reach.ts'
import { topicView } from './topic-view.ts'
import type { EmbeddedTopics } from './topics.ts'

/** With what tests and simulation do to a process. */
export interface EmbeddedLogDriver extends LogDriver {
  /** The network between this process and the broker is gone: after one session its group goes on without it. */
  cut(): void
  heal(): void
  /** Its group goes on without it at once, whatever it is at work on; it may join again. */
  expel(): void
  /** The process is killed: nothing is drained, nothing committed. */
  crash(): void
}

export function createEmbeddedLogDriver(
  topics: EmbeddedTopics,
  context: DriverContext,
): EmbeddedLogDriver {
  const reach = new Reach()
  topics.reachedBy(reach)
  const { absence, ...driver } = createPresence('Kafka', 'SLU5201', reach.gate, context)
  const sources = new Set<EmbeddedLogSource>()
  return {
    ...driver,
    async close() {
      await Promise.all([...sources].map((source) => source.stop()))
      sources.clear()
      await driver.close()
    },
    source(options) {
      const source = new EmbeddedLogSource(options, topics, context, reach)
      sources.add(source)
      return source
    },
    sink: (topic) => sinkOf(topics, topic, absence),
    view: ({ address }) => topicView(topics, address, absence),
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async ensureTopics(wanted) {
      const absent = absence()
      if (absent !== undefined) throw absent
      return wanted
        .filter(({ address, partitions, maxBytes }) => topics.create(address, partitions, maxBytes))
        .map(({ address }) => address)
    },
    cut: () => reach.cut(),
    heal: () => reach.heal(),
    expel() {
      for (const source of sources) source.expel()
    },
    crash() {
      for (const source of sources) source.crash()
      reach.cut()
    },
  }
}

function sinkOf(
  topics: EmbeddedTopics,
  { address }: Topic,
  absence: () => SluiceError | undefined,
): Sink {
  return {
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async send(message) {
      const absent = absence()
      if (absent !== undefined) throw absent
      const topic = topics.get(address)
      if (topic === undefined)
        throw new SluiceError('SLU5205', { message: `topic ${address} does not exist` })
      const stamped = { ...message, headers: withCloudEvents(message) }
      const bytes = bytesOf(stamped)
      if (bytes > topic.maxBytes)
        throw new SluiceError('SLU5203', {
          message: `${bytes} bytes are more than topic ${address} takes (${topic.maxBytes})`,
        })
      topic.append(stamped)
    },
  }
}

/** As Kafka counts: key, value, headers and the frame of a record batch. */
function bytesOf({ key, value, headers }: RawMessage): number {
  return 70 + (key?.length ?? 0) + (value?.length ?? 0) + headerBytes(headers)
}

function headerBytes(headers: Headers): number {
  let bytes = 0
  for (const [name, value] of Object.entries(headers)) {
    const parts = typeof value === 'string' || value instanceof Uint8Array ? [value] : value
    for (const part of parts) bytes += name.length + 2 + Buffer.byteLength(part)
  }
  return bytes
}
