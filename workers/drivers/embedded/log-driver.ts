// The embedded stand-in for Kafka; loses everything with the process, and is otherwise held to the same contract.
import type {
  DriverContext,
  LogDriver,
  LogSourceOptions,
  Sink,
  Topic,
} from '../../core/contract.ts'
import { withCloudEvents } from '../../core/cloud-events.ts'
import { SluiceError } from '../../core/errors.ts'
import type { Headers, RawMessage } from '../../core/message.ts'
import { EmbeddedLogSource } from './log-source.ts'
import type { EmbeddedTopics } from './topics.ts'

export function createEmbeddedLogDriver(topics: EmbeddedTopics, context: DriverContext): LogDriver {
  const { world } = context
  const sources = new Set<EmbeddedLogSource>()
  let open = false
  return {
    connect: () => {
      open = true
      return Promise.resolve()
    },
    isUp: () => open,
    whenUp: () => Promise.resolve(),
    ping: () => Promise.resolve(),
    async close() {
      open = false
      await Promise.all([...sources].map((source) => source.stop()))
    },
    source(options: LogSourceOptions) {
      const source = new EmbeddedLogSource(options, topics, world)
      sources.add(source)
      return source
    },
    sink: (topic) => sinkOf(topics, topic, () => open),
    ensureTopics: (wanted) =>
      Promise.resolve(
        wanted
          .filter(({ address, partitions, maxBytes }) =>
            topics.create(address, partitions, maxBytes),
          )
          .map(({ address }) => address),
      ),
  }
}

function sinkOf(topics: EmbeddedTopics, topic: Topic, isOpen: () => boolean): Sink {
  return {
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async send(message) {
      if (!isOpen()) throw new SluiceError('SLU5201', { message: 'the driver is closed' })
      const stored = topics.get(topic.address)
      if (stored === undefined)
        throw new SluiceError('SLU5205', { message: `topic ${topic.address} does not exist` })
      const stamped = { ...message, headers: withCloudEvents(message) }
      const bytes = bytesOf(stamped)
      if (bytes > stored.maxBytes)
        throw new SluiceError('SLU5203', {
          message: `${bytes} bytes are more than topic ${topic.address} takes (${stored.maxBytes})`,
        })
      stored.append(stamped)
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
