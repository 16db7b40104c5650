// Drivers that pass everything on and write down what their brokers confirmed; they change nothing and refuse nothing.
import type {
  CacheDriver,
  Intake,
  JobDriver,
  LogDriver,
  LogSource,
  QueueDriver,
  QueueSource,
  Sink,
  StoreDriver,
} from '../core/contract.ts'
import { lifeOf } from '../core/driver-life.ts'
import type { PlacedMessage } from '../core/message.ts'
import { entryOfFields, entryOfText, type Entry } from '../steps/cache-entry.ts'
import type { DriverFactories } from '../runtime/connections.ts'
import type { Recorder } from './recorder.ts'
import { recordingRequests, type ScriptedAnswers } from './requests.ts'

/** `cacheOf`: the cache that an address belongs to. */
export function recording(
  factories: DriverFactories,
  recorder: Recorder,
  cacheOf: (address: string) => string | undefined,
  answers: ScriptedAnswers,
): DriverFactories {
  return {
    kafka: (plan, context) => logDriver(factories.kafka(plan, context), recorder),
    rabbitmq: (plan, context) => queueDriver(factories.rabbitmq(plan, context), recorder, answers),
    redis: (plan, context) => cacheDriver(factories.redis(plan, context), recorder, cacheOf),
    state: (plan, context) => factories.state(plan, context),
    jobs: (plan, context) => jobDriver(factories.jobs(plan, context), recorder),
    store: (plan, context) => storeDriver(factories.store(plan, context), recorder),
    registry: (plan, context) => factories.registry(plan, context),
  }
}

function logDriver(driver: LogDriver, recorder: Recorder): LogDriver {
  return {
    ...lifeOf(driver),
    // What waits for another attempt has neither arrived anew nor got anywhere.
    source: (options) =>
      options.topic.parked ? driver.source(options) : source(driver.source(options), recorder),
    sink(topic) {
      const sink = driver.sink(topic)
      if (topic.parked) return sink
      return {
        async send(message) {
          await sink.send(message)
          recorder.sentToTopic(topic.name, topic.deadLetters, message)
        },
      }
    },
    view: (topic) => driver.view(topic),
    ensureTopics: (topics) => driver.ensureTopics(topics),
  }
}

function source(inner: LogSource, recorder: Recorder): LogSource {
  return {
    start: (intake) =>
      inner.start({
        ...passing(intake),
        granted(grants) {
          intake.granted(grants)
          recorder.granted = true
        },
        offer(lane, messages, from) {
          for (const message of messages.slice(from)) recorder.offered(lane.partition, message)
          return intake.offer(lane, messages, from)
        },
      }),
    stop: () => inner.stop(),
    async commit(commits) {
      await inner.commit(commits)
      for (const { lane, next } of commits) recorder.committed(lane.partition, next)
    },
    backlog: () => inner.backlog(),
    progress: () => inner.progress(),
  }
}

function queueSource(inner: QueueSource, recorder: Recorder): QueueSource {
  /** Of the lane that is held: tags begin anew with each. */
  let taken = new Map<number, PlacedMessage>()
  return {
    start: (intake) =>
      inner.start({
        ...passing(intake),
        granted(grants) {
          taken = new Map()
          intake.granted(grants)
          recorder.granted = true
        },
        offer(lane, messages, from) {
          for (const message of messages.slice(from)) {
            taken.set(message.offset, message)
            recorder.offered(lane.partition, message)
          }
          return intake.offer(lane, messages, from)
        },
      }),
    stop: () => inner.stop(),
    ack(lane, tag, end) {
      inner.ack(lane, tag, end)
      const message = taken.get(tag)
      if (message !== undefined) recorder.acknowledged(message)
    },
    backlog: () => inner.backlog(),
    progress: () => inner.progress(),
  }
}

const passing = (intake: Intake): Omit<Intake, 'granted' | 'offer'> => ({
  room: (lane) => intake.room(lane),
  revoke: (lanes) => intake.revoke(lanes),
  lost: (lanes) => intake.lost(lanes),
})

function queueDriver(
  driver: QueueDriver,
  recorder: Recorder,
  answers: ScriptedAnswers,
): QueueDriver {
  const recorded = (name: string, sink: Sink, deadLetters = false): Sink => ({
    async send(message) {
      await sink.send(message)
      recorder.commanded(name, message, deadLetters)
    },
  })
  return {
    ...lifeOf(driver),
    requests: recordingRequests(driver, recorder, answers),
    // What waits for another attempt has neither arrived anew nor got anywhere.
    source: (options) =>
      options.queue.parked ? driver.source(options) : queueSource(driver.source(options), recorder),
    sink: (queue) =>
      queue.parked
        ? driver.sink(queue)
        : recorded(queue.name, driver.sink(queue), queue.deadLetters),
    view: (stream) => driver.view(stream),
    exchange: (exchange) => recorded(exchange.name, driver.exchange(exchange)),
    ensureQueues: (queues) => driver.ensureQueues(queues),
    ensureExchanges: (exchanges) => driver.ensureExchanges(exchanges),
  }
}

const jobDriver = (driver: JobDriver, recorder: Recorder): JobDriver => ({
  ...lifeOf(driver),
  status: (jobs, id) => driver.status(jobs, id),
  failed: (jobs) => driver.failed(jobs),
  source(options) {
    // A schedule would fire into what is given.
    const source = driver.source({ ...options, schedule: undefined })
    return {
      ...queueSource(source, recorder),
      park: (id, noted, delayMs) => source.park(id, noted, delayMs),
      note: (id, noted) => source.note(id, noted),
      report: (id, percent) => source.report(id, percent),
      letters: {
        async send(letter) {
          await source.letters.send(letter)
          recorder.failedJob(options.jobs.name, letter)
        },
      },
    }
  },
  sink(jobs) {
    const sink = driver.sink(jobs)
    return {
      async send(message) {
        await sink.send(message)
        recorder.addedJob(jobs.name, message)
      },
    }
  },
})

const storeDriver = (driver: StoreDriver, recorder: Recorder): StoreDriver => ({
  ...lifeOf(driver),
  async put(store, entry) {
    const put = await driver.put(store, entry)
    if (put === 'written') recorder.stored(store.name, entry)
    return put
  },
  get: (store, key, fields) => driver.get(store, key, fields),
  touch: (store, key) => driver.touch(store, key),
  destroy: (store, key) => driver.destroy(store, key),
})

function cacheDriver(
  driver: CacheDriver,
  recorder: Recorder,
  cacheOf: (address: string) => string | undefined,
): CacheDriver {
  const wrote = (key: string, entry: Entry | undefined) => {
    const cache = cacheOf(key)
    if (cache !== undefined) recorder.cached(cache, key, entry?.value)
  }
  return {
    ...lifeOf(driver),
    get: (key) => driver.get(key),
    async set(key, value, ttlMs) {
      await driver.set(key, value, ttlMs)
      wrote(key, entryOfText(value, anything))
    },
    getHash: (key) => driver.getHash(key),
    async setHash(key, fields, ttlMs) {
      await driver.setHash(key, fields, ttlMs)
      wrote(key, entryOfFields(fields, anything))
    },
    async delete(key) {
      await driver.delete(key)
      recorder.forgot(key)
    },
    lease: (key, token, ttlMs) => driver.lease(key, token, ttlMs),
    release: (key, token) => driver.release(key, token),
    agree: (key, proposal, ttlMs) => driver.agree(key, proposal, ttlMs),
  }
}

const anything = () => undefined
