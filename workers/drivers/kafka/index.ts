// The Kafka driver, on the client library that the connection names; nothing of a library leaves its folder.
import type { DriverContext, LogDriver } from '../../core/contract.ts'
import type { KafkaClientName } from '../../core/plan.ts'
import { Supervisor } from '../../core/supervisor.ts'
import { clientNamed } from './clients.ts'
import { away, nameOf } from './errors.ts'
import { openLink, type KafkaLink } from './link.ts'
import { KafkaSource } from './source.ts'
import { viewOf } from './view.ts'

export interface KafkaConfig {
  readonly brokers: readonly string[]
  readonly client: KafkaClientName
}

/** How long `close` waits for confirms that are under way. */
const DRAIN_MS = 5_000

/**
 * One connection for everything that is sent and asked, and one consumer with a connection of its own for each source.
 * Each send is confirmed by all in-sync replicas, refused, or unknown; what is asked for its sake is answered within 30 s each time.
 */
export function createKafkaDriver(config: KafkaConfig, context: DriverContext): LogDriver {
  const { brokers } = config
  const client = clientNamed(config.client)
  const place = { brokers, origin: context.origin }
  const sources = new Set<KafkaSource>()
  let closed = false
  const supervisor = new Supervisor<KafkaLink>({
    world: context.world,
    log: context.log,
    name: nameOf(place),
    absent: () => away(place, closed ? 'was closed' : 'is not connected'),
    open: async (lost, signal) =>
      openLink({ place, context, client: await client(), lost }, signal),
  })
  const withLink = <T>(use: (link: KafkaLink) => Promise<T>): Promise<T> =>
    closed || supervisor.link === undefined
      ? Promise.reject(supervisor.failure)
      : use(supervisor.link)
  return {
    connect: () => supervisor.connect(),
    isUp: () => supervisor.link !== undefined,
    whenUp: (signal) => supervisor.whenUp(signal),
    ping: () => withLink((link) => link.ping()),
    async close() {
      await Promise.all([...sources].map((source) => source.stop()))
      closed = true
      await supervisor.link?.drained(DRAIN_MS)
      await supervisor.close()
    },
    source(options) {
      const source = new KafkaSource({
        brokers,
        context,
        client,
        options,
        ends: () => withLink((link) => link.ends(options.topic.address)),
        // A loss ends the link by itself.
        suspect: () => void supervisor.link?.ping().catch(() => {}),
        whenUp: (signal) => supervisor.whenUp(signal),
        stopped: (ended) => sources.delete(ended),
      })
      sources.add(source)
      return source
    },
    sink: (topic) => ({ send: (message) => withLink((link) => link.send(topic, message)) }),
    view: ({ address }) =>
      viewOf(
        () => withLink((link) => link.ranges(address)),
        (partition, from) => withLink((link) => link.page(address, partition, from)),
      ),
    ensureTopics: (topics) => withLink((link) => link.ensure(topics)),
  }
}
