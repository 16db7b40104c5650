// Drivers that pass everything on and have what their brokers confirmed written down; nothing is settled before that is in the file.
import type { Clock } from '../core/clock.ts'
import type {
  JobDriver,
  LogDriver,
  QueueDriver,
  QueueSource,
  Requests,
  Sink,
  StoreDriver,
} from '../core/contract.ts'
import { lifeOf } from '../core/driver-life.ts'
import type { Logger } from '../core/log.ts'
import type { DriverFactories } from '../runtime/connections.ts'
import type { EffectKind } from './line.ts'
import { recordedLog } from './recorded-log.ts'
import type { Recorder } from './recorder.ts'

export interface LiveParts {
  readonly factories: DriverFactories
  readonly recorder: Recorder
  readonly clock: Clock
  readonly log: Logger
}

/** What was settled is written before its offset is committed, or it is acknowledged. */
export const recordedDrivers = (parts: LiveParts): DriverFactories => ({
  kafka: (plan, context) => logDriver(parts.factories.kafka(plan, context), parts.recorder),
  rabbitmq: (plan, context) => queueDriver(parts.factories.rabbitmq(plan, context), parts),
  redis: (plan, context) => parts.factories.redis(plan, context),
  state: (plan, context) => parts.factories.state(plan, context),
  jobs: (plan, context) => jobDriver(parts.factories.jobs(plan, context), parts),
  store: (plan, context) => storeDriver(parts.factories.store(plan, context), parts.recorder),
  registry: (plan, context) => parts.factories.registry(plan, context),
})

const sinkOf = (sink: Sink, kind: EffectKind, to: string, recorder: Recorder): Sink => ({
  async send(message) {
    const told = recorder.teller(message.id)
    await sink.send(message)
    told(kind, to, message)
  },
})

const logDriver = (driver: LogDriver, recorder: Recorder): LogDriver => ({
  ...lifeOf(driver),
  source: (options) => recordedLog(driver.source(options), recorder),
  view: (topic) => driver.view(topic),
  sink: (topic) =>
    topic.parked
      ? driver.sink(topic)
      : sinkOf(
          driver.sink(topic),
          topic.deadLetters ? 'dead-letter' : 'event',
          topic.name,
          recorder,
        ),
  ensureTopics: (topics) => driver.ensureTopics(topics),
})

const queueDriver = (driver: QueueDriver, parts: LiveParts): QueueDriver => ({
  ...lifeOf(driver),
  requests: requestsOf(driver, parts.recorder),
  source: (options) => queueSource(driver.source(options), parts),
  // What is parked has got nowhere yet.
  sink: (queue) =>
    queue.parked
      ? driver.sink(queue)
      : sinkOf(
          driver.sink(queue),
          queue.deadLetters ? 'dead-letter' : 'command',
          queue.name,
          parts.recorder,
        ),
  exchange: (exchange) =>
    sinkOf(driver.exchange(exchange), 'command', exchange.name, parts.recorder),
  view: (stream) => driver.view(stream),
  ensureExchanges: (exchanges) => driver.ensureExchanges(exchanges),
  ensureQueues: (queues) => driver.ensureQueues(queues),
})

const requestsOf = ({ requests }: QueueDriver, recorder: Recorder): Requests => ({
  async ask(queue, message, withinMs, signal) {
    const told = recorder.teller(message.id)
    const answer = await requests.ask(queue, message, withinMs, signal)
    told('request', queue.name, message)
    return answer
  },
  get pending() {
    return requests.pending
  },
  async answer(to, message) {
    const told = recorder.teller(message.id)
    const taken = await requests.answer(to, message)
    // Queues of those who ask are called otherwise each time.
    if (taken) told('reply', 'reply', message)
    return taken
  },
})

/** Between two tries to write what an acknowledgement waits for. */
const AGAIN_MS = 1_000

function queueSource(source: QueueSource, { recorder, clock, log }: LiveParts): QueueSource {
  /** Acknowledgements that wait for the file. */
  let waiting: (() => void)[] = []
  const acknowledge = () => {
    try {
      recorder.flush()
    } catch (error) {
      log.error(
        { err: error },
        'A recording cannot be written; what it tells of is not acknowledged.',
      )
      clock.after(AGAIN_MS, acknowledge)
      return
    }
    const due = waiting
    waiting = []
    for (const ack of due) ack()
  }
  return {
    start: (intake) => source.start(intake),
    stop: () => source.stop(),
    ack(lane, tag, end) {
      waiting.push(() => source.ack(lane, tag, end))
      if (waiting.length === 1) acknowledge()
    },
    backlog: () => source.backlog(),
    progress: () => source.progress(),
  }
}

const jobDriver = (driver: JobDriver, parts: LiveParts): JobDriver => ({
  ...lifeOf(driver),
  status: (jobs, id) => driver.status(jobs, id),
  failed: (jobs) => driver.failed(jobs),
  source(options) {
    const source = driver.source(options)
    return {
      ...queueSource(source, parts),
      letters: sinkOf(source.letters, 'dead-letter', options.jobs.name, parts.recorder),
      park: (id, noted, delayMs) => source.park(id, noted, delayMs),
      note: (id, noted) => source.note(id, noted),
      report: (id, percent) => source.report(id, percent),
    }
  },
  sink: (jobs) => sinkOf(driver.sink(jobs), 'job', jobs.name, parts.recorder),
})

const storeDriver = (driver: StoreDriver, recorder: Recorder): StoreDriver => ({
  ...lifeOf(driver),
  async put(store, entry) {
    const told = recorder.teller(entry.id)
    const written = await driver.put(store, entry)
    // Also of what changed nothing: it stood there already, from a delivery before, or something newer did.
    told('store', store.name, { ...entry, key: Buffer.from(entry.key) })
    return written
  },
  get: (store, key, fields) => driver.get(store, key, fields),
  touch: (store, key) => driver.touch(store, key),
  destroy: (store, key) => driver.destroy(store, key),
})
