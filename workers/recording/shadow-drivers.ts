// The drivers of a shadow: Kafka is read, and nothing else reaches a broker. Whoever sends here has no way out: a real sink is never made.
// Stores alone may be real, where a projection is made anew.
import type {
  Driver,
  JobDriver,
  LogDriver,
  QueueDriver,
  Requests,
  Sink,
  StoreDriver,
} from '../core/contract.ts'
import { lifeOf } from '../core/driver-life.ts'
import { SluiceError } from '../core/errors.ts'
import type { RegistryDriver } from '../core/registry.ts'
import type { DriverFactories } from '../runtime/connections.ts'
import type { EffectKind } from './line.ts'
import { recordedLog } from './recorded-log.ts'
import type { Recorder } from './recorder.ts'

/** All that a shadow may do with a log. */
type LogReader = Driver & Pick<LogDriver, 'source' | 'view'>
/** All that a shadow may do with a schema registry. */
type RegistryReader = Driver & Pick<RegistryDriver, 'target' | 'schema' | 'idOf' | 'versions'>
/** All that a shadow that asks for real may do with queues. */
type Asker = Driver & { readonly requests: Pick<Requests, 'ask' | 'pending'> }

export interface ShadowParts {
  readonly readers: {
    kafka(...made: Parameters<DriverFactories['kafka']>): LogReader
    registry(...made: Parameters<DriverFactories['registry']>): RegistryReader
  }
  /** Undefined: nobody is asked. */
  readonly askers: { rabbitmq(...made: Parameters<DriverFactories['rabbitmq']>): Asker } | undefined
  /** Undefined: nothing is stored. */
  readonly keepers: Pick<DriverFactories, 'store'> | undefined
  /** Caches and state that live and die with this process. */
  readonly inProcess: Pick<DriverFactories, 'redis' | 'state'>
  readonly recorder: Recorder
}

export function shadowDrivers({
  readers,
  askers,
  keepers,
  inProcess,
  recorder,
}: ShadowParts): DriverFactories {
  return {
    kafka: (plan, context) => logDriver(readers.kafka(plan, context), recorder),
    rabbitmq: (plan, context) => queueDriver(askers?.rabbitmq(plan, context), recorder),
    redis: (plan, context) => inProcess.redis(plan, context),
    state: (plan, context) => inProcess.state(plan, context),
    jobs: () => jobDriver(recorder),
    store: (plan, context) => storeDriver(keepers?.store(plan, context), recorder),
    registry: (plan, context) => registryDriver(readers.registry(plan, context)),
  }
}

/** Nobody is asked whether the destination would have taken it. */
const sinkOf = (kind: EffectKind, to: string, recorder: Recorder): Sink => ({
  send(message) {
    recorder.teller(message.id)(kind, to, message)
    return Promise.resolve()
  },
})

const logDriver = (reader: LogReader, recorder: Recorder): LogDriver => ({
  ...lifeOf(reader),
  source: (options) => recordedLog(reader.source(options), recorder),
  view: (topic) => reader.view(topic),
  sink: ({ name, deadLetters, parked }) =>
    sinkOf(parked ? 'parked' : deadLetters ? 'dead-letter' : 'event', name, recorder),
  ensureTopics: () => Promise.resolve([]),
})

/** What it would write may be of a version that is not registered yet: it goes nowhere, so any number will do. */
const registryDriver = (reader: RegistryReader): RegistryDriver => ({
  ...lifeOf(reader),
  target: reader.target,
  schema: (id) => reader.schema(id),
  idOf: async (subject) => (await reader.idOf(subject)) ?? 0,
  versions: (subject) => reader.versions(subject),
  objections: () => Promise.resolve([]),
  register: ({ subject }) => Promise.reject(noWay(`a version of ${subject}`)),
})

const queueDriver = (asker: Asker | undefined, recorder: Recorder): QueueDriver => ({
  ...(asker === undefined ? nowhere() : lifeOf(asker)),
  requests: {
    async ask(queue, message, withinMs, signal) {
      const told = recorder.teller(message.id)
      if (asker === undefined) throw noWay(`a question to ${queue.name}`)
      const answer = await asker.requests.ask(queue, message, withinMs, signal)
      told('request', queue.name, message)
      return answer
    },
    get pending() {
      return asker?.requests.pending ?? 0
    },
    answer: () => Promise.reject(noWay('an answer')),
  },
  source: ({ queue }) => noSource(queue.name),
  sink: ({ name, deadLetters, parked }) =>
    sinkOf(parked ? 'parked' : deadLetters ? 'dead-letter' : 'command', name, recorder),
  exchange: ({ name }) => sinkOf('command', name, recorder),
  view: ({ name }) => noSource(name),
  ensureExchanges: () => Promise.resolve([]),
  ensureQueues: () => Promise.resolve([]),
})

const jobDriver = (recorder: Recorder): JobDriver => ({
  ...nowhere(),
  source: ({ jobs }) => noSource(jobs.name),
  sink: ({ name }) => sinkOf('job', name, recorder),
  status: ({ name }) => noSource(name),
  failed: ({ name }) => noSource(name),
})

const storeDriver = (keeper: StoreDriver | undefined, recorder: Recorder): StoreDriver => ({
  ...(keeper === undefined ? nowhere() : lifeOf(keeper)),
  async put(store, entry) {
    const told = recorder.teller(entry.id)
    const put = await keeper?.put(store, entry)
    if (put === undefined || put === 'written')
      told('store', store.name, { ...entry, key: Buffer.from(entry.key) })
    return put ?? 'written'
  },
  get: () => Promise.reject(noWay('a look into a store')),
  touch: () => Promise.reject(noWay('a touch of a value')),
  destroy: () => Promise.reject(noWay('the end of a value')),
})

/** Takes messages away from whoever is live. The command line has refused it long before. */
function noSource(name: string): never {
  throw noWay(`what reads ${name}`)
}

const noWay = (what: string): SluiceError =>
  new SluiceError('SLU5517', { message: `${what} has no place in a shadow` })

/** A connection that is never made. */
const nowhere = (): Driver => ({
  connect: () => Promise.resolve(),
  isUp: () => true,
  whenUp: () => Promise.resolve(),
  ping: () => Promise.resolve(),
  close: () => Promise.resolve(),
})
