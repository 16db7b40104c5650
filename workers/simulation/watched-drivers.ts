// The drivers of one simulated process: embedded ones behind a wire, and everything their brokers do written down.
import type {
  CacheDriver,
  Intake,
  JobDriver,
  Lane,
  LogDriver,
  LogSource,
  QueueDriver,
  QueueSource,
  Requests,
  Sink,
  StateDriver,
  StoreDriver,
} from '../core/contract.ts'
import { lifeOf } from '../core/driver-life.ts'
import type { Code } from '../core/codes.ts'
import { headerText } from '../core/message.ts'
import { decodeNote } from '../runtime/offset-note.ts'
import type { DriverFactories } from '../runtime/connections.ts'
import type { Answers } from './answers.ts'
import type { Chronicle } from './chronicle.ts'
import { numberOf } from './trace-number.ts'
import { never, type Wire } from './wire.ts'

export interface Watch {
  readonly process: string
  readonly wire: Wire
  readonly chronicle: Chronicle
  readonly isDead: () => boolean
  readonly answers: Answers
}

/** Read by nobody else: it is dropped with all that is written on copies. */
const COPY = 'sluice-park-copy'

const KAFKA_AWAY: Code = 'SLU5201'
const RABBITMQ_AWAY: Code = 'SLU5301'
const REDIS_AWAY: Code = 'SLU5401'

export const watched = (factories: DriverFactories, watch: Watch): DriverFactories => ({
  kafka: (plan, context) => logDriver(factories.kafka(plan, context), watch),
  rabbitmq: (plan, context) => queueDriver(factories.rabbitmq(plan, context), watch),
  redis: (plan, context) => cacheDriver(factories.redis(plan, context), watch),
  state: (plan, context) => stateDriver(factories.state(plan, context), watch),
  jobs: (plan, context) => jobDriver(factories.jobs(plan, context), watch),
  store: (plan, context) => storeDriver(factories.store(plan, context), watch),
  // What it knows is known once for all messages: it takes no part in what befalls one of them.
  registry: (plan, context) => factories.registry(plan, context),
})

function sinkOf(sink: Sink, away: Code, { process, wire, chronicle }: Watch): Sink {
  return {
    send(message) {
      chronicle.began(process, message)
      return wire.request({
        away,
        about: numberOf(message.headers),
        ask: () => sink.send(message),
        seen: () => chronicle.arrived(process, message),
      })
    },
  }
}

const logDriver = (driver: LogDriver, watch: Watch): LogDriver => ({
  ...lifeOf(driver),
  source: (options) => sourceOf(driver.source(options), watch, options.topic.parked),
  sink: (topic) =>
    topic.parked
      ? parkingSink(driver.sink(topic), KAFKA_AWAY, watch)
      : sinkOf(driver.sink(topic), KAFKA_AWAY, watch),
  view: (topic) => driver.view(topic),
  ensureTopics: (topics) => driver.ensureTopics(topics),
})

/** On a queue nothing else tells one copy from another. */
const parkingSink = (sink: Sink, away: Code, { process, wire, chronicle }: Watch): Sink => ({
  send(message) {
    const headers = { ...message.headers, [COPY]: String(chronicle.nextCopy()) }
    const about = numberOf(headers)
    return wire.request({
      away,
      about,
      ask: () => sink.send({ ...message, headers }),
      seen: () => chronicle.add({ kind: 'parked', process, message: about }),
    })
  },
})

/** `parked`: of what waits for another attempt. */
function sourceOf(source: LogSource, watch: Watch, parked: boolean): LogSource {
  const { process, wire, chronicle } = watch
  const numberOfLane = (lane: Lane) => (parked ? chronicle.tier(lane.id) : lane.partition)
  return {
    start: (intake) => source.start(intakeOf(intake, watch, parked)),
    stop: () => source.stop(),
    commit: (commits) =>
      wire.request({
        away: KAFKA_AWAY,
        about: undefined,
        ask: () => source.commit(commits),
        seen: () => {
          for (const { lane, next, note } of commits)
            chronicle.add({
              kind: 'committed',
              process,
              partition: numberOfLane(lane),
              next,
              finished: decodeNote(next, note),
            })
        },
      }),
    backlog: () => source.backlog(),
    progress: () => source.progress(),
  }
}

/** A dead process takes nothing and gives up nothing; its group learns so in its own time. */
function intakeOf(intake: Intake, { process, chronicle, isDead }: Watch, parked = false): Intake {
  const numberOfLane = (lane: Lane) => (parked ? chronicle.tier(lane.id) : lane.partition)
  /** A lane may be lost while it is drained; what it makes room for has been granted by the time the drain ends. */
  const left = new WeakSet<Lane>()
  const gone = (lanes: readonly Lane[], drained: boolean) => {
    const held = lanes.filter((lane) => !left.has(lane))
    for (const lane of held) left.add(lane)
    const partitions = held.map(numberOfLane)
    if (partitions.length > 0) chronicle.add({ kind: 'gone', process, partitions, drained })
  }
  return {
    granted(grants) {
      if (isDead()) return
      const partitions = grants.map(({ lane }) => numberOfLane(lane))
      chronicle.add({ kind: 'granted', process, partitions })
      intake.granted(grants)
    },
    offer(lane, messages, from) {
      if (isDead()) return 0
      for (const message of messages.slice(from))
        if (parked) chronicle.returned(process, lane.id, message, message.offset)
        else chronicle.offered(lane.partition, message)
      return intake.offer(lane, messages, from)
    },
    room: (lane) => (isDead() ? never() : intake.room(lane)),
    async revoke(lanes) {
      if (isDead()) await never()
      await intake.revoke(lanes)
      if (!isDead()) gone(lanes, true)
    },
    lost(lanes) {
      if (isDead()) return
      gone(lanes, false)
      intake.lost(lanes)
    },
  }
}

/** The queue of what has waited: its copies are numbered as they were sent. */
function dueSource(source: QueueSource, watch: Watch): QueueSource {
  const { process, chronicle, wire, isDead } = watch
  const taken = new WeakMap<Lane, Map<number, Copy>>()
  return {
    start(intake) {
      const watching = intakeOf(intake, watch, true)
      return source.start({
        ...watching,
        granted(grants) {
          for (const { lane } of grants) taken.set(lane, new Map())
          watching.granted(grants)
        },
        offer(lane, copies, from) {
          if (isDead()) return 0
          for (const copy of copies.slice(from)) {
            const number = Number(headerText(copy.headers, COPY))
            taken.get(lane)?.set(copy.offset, { number, message: numberOf(copy.headers) })
            chronicle.returned(process, lane.id, copy, number)
          }
          return intake.offer(lane, copies, from)
        },
        lost(lanes) {
          for (const lane of lanes) taken.delete(lane)
          watching.lost(lanes)
        },
      })
    },
    stop: () => source.stop(),
    ack(lane, tag) {
      const copies = taken.get(lane)
      const copy = copies?.get(tag)
      if (isDead() || !wire.tell(copy?.message, 'out')) return
      source.ack(lane, tag)
      if (copies === undefined) return
      chronicle.forgotten(process, lane.id, copy?.number)
      wire.tell(copy?.message, 'back')
    },
    backlog: () => source.backlog(),
    progress: () => source.progress(),
  }
}

interface Copy {
  readonly number: number
  readonly message: number | undefined
}

/** `parked`: numbers of jobs that were given up until later, and not settled. */
function queueSource(
  source: QueueSource,
  watch: Watch,
  parked: Set<number | undefined> = new Set(),
): QueueSource {
  const { process, chronicle, wire, isDead } = watch
  /** Numbers of messages by tag, of each lane that is held: tags begin anew with each. */
  const taken = new WeakMap<Lane, Map<number, number | undefined>>()
  return {
    start(intake) {
      const watching = intakeOf(intake, watch)
      return source.start({
        ...watching,
        granted(grants) {
          for (const { lane } of grants) taken.set(lane, new Map())
          watching.granted(grants)
        },
        offer(lane, messages, from) {
          for (const { offset, headers } of messages.slice(from))
            taken.get(lane)?.set(offset, numberOf(headers))
          return watching.offer(lane, messages, from)
        },
        lost(lanes) {
          for (const lane of lanes) taken.delete(lane)
          watching.lost(lanes)
        },
      })
    },
    stop: () => source.stop(),
    ack(lane, tag, end) {
      // Of a lane that is gone it does nothing.
      const numbers = taken.get(lane)
      const message = numbers?.get(tag)
      if (isDead() || !wire.tell(message, 'out')) return
      source.ack(lane, tag, end)
      if (numbers === undefined) return
      if (!parked.delete(message)) chronicle.acked(process, message)
      wire.tell(message, 'back')
    },
    backlog: () => source.backlog(),
    progress: () => source.progress(),
  }
}

/** A question is an effect; somebody answers it while the broker is there. */
const requestsOf = (
  driver: QueueDriver,
  { process, wire, chronicle, answers }: Watch,
): Requests => ({
  async ask(queue, message) {
    chronicle.began(process, message)
    await wire.request({
      away: RABBITMQ_AWAY,
      about: numberOf(message.headers),
      ask: () => driver.ping(),
      seen: () => chronicle.arrived(process, message),
    })
    return answers(queue, message)
  },
  get pending() {
    return driver.requests.pending
  },
  answer: (to, message) => driver.requests.answer(to, message),
})

const queueDriver = (driver: QueueDriver, watch: Watch): QueueDriver => ({
  ...lifeOf(driver),
  requests: requestsOf(driver, watch),
  source: (options) =>
    (options.queue.parked ? dueSource : queueSource)(driver.source(options), watch),
  sink: (queue) => (queue.parked ? parkingSink : sinkOf)(driver.sink(queue), RABBITMQ_AWAY, watch),
  view: (stream) => driver.view(stream),
  exchange: (exchange) => sinkOf(driver.exchange(exchange), RABBITMQ_AWAY, watch),
  ensureExchanges: (exchanges) => driver.ensureExchanges(exchanges),
  ensureQueues: (queues) => driver.ensureQueues(queues),
})

/** A job that failed is settled by its letter. */
const failing = (letters: Sink, { process, wire, chronicle }: Watch): Sink => ({
  send(letter) {
    const about = numberOf(letter.headers)
    return wire.request({
      away: REDIS_AWAY,
      about,
      ask: () => letters.send(letter),
      seen: () => {
        chronicle.arrived(process, letter)
        chronicle.acked(process, about)
      },
    })
  },
})

const jobDriver = (driver: JobDriver, watch: Watch): JobDriver => ({
  ...lifeOf(driver),
  status: (jobs, id) => driver.status(jobs, id),
  failed: (jobs) => driver.failed(jobs),
  source(options) {
    // A schedule would fire into what is given.
    const source = driver.source({ ...options, schedule: undefined })
    const parked = new Set<number | undefined>()
    return {
      ...queueSource(source, watch, parked),
      park: (id, noted, delayMs) =>
        watch.wire.request({
          away: REDIS_AWAY,
          about: watch.chronicle.numberOf(id),
          ask: () => source.park(id, noted, delayMs),
          seen: () => parked.add(watch.chronicle.numberOf(id)),
        }),
      note(id, noted) {
        if (!watch.isDead()) source.note(id, noted)
      },
      report: (id, percent) => source.report(id, percent),
      letters: failing(source.letters, watch),
    }
  },
  sink: (jobs) => sinkOf(driver.sink(jobs), REDIS_AWAY, watch),
})

const storeDriver = (driver: StoreDriver, { process, wire, chronicle }: Watch): StoreDriver => ({
  ...lifeOf(driver),
  put(store, entry) {
    const message = chronicle.putting(process, entry)
    return wire.request({
      away: REDIS_AWAY,
      about: message,
      ask: () => driver.put(store, entry),
      // What is outdated is done with: a newer one stands there.
      seen: (put) => put !== 'repeated' && chronicle.stored(process, entry, message),
    })
  },
  get: (store, key, fields) => over(wire, () => driver.get(store, key, fields)),
  touch: (store, key) => over(wire, () => driver.touch(store, key)),
  destroy: (store, key) => over(wire, () => driver.destroy(store, key)),
})

const over = <Answer>(wire: Wire, ask: () => Promise<Answer>) =>
  wire.request({ away: REDIS_AWAY, about: undefined, ask })

function cacheDriver(driver: CacheDriver, { wire }: Watch): CacheDriver {
  return {
    ...lifeOf(driver),
    get: (key) => over(wire, () => driver.get(key)),
    set: (key, value, ttlMs) => over(wire, () => driver.set(key, value, ttlMs)),
    getHash: (key) => over(wire, () => driver.getHash(key)),
    setHash: (key, fields, ttlMs) => over(wire, () => driver.setHash(key, fields, ttlMs)),
    delete: (key) => over(wire, () => driver.delete(key)),
    lease: (key, token, ttlMs) => over(wire, () => driver.lease(key, token, ttlMs)),
    release: (key, token) => over(wire, () => driver.release(key, token)),
    agree: (key, proposal, ttlMs) => over(wire, () => driver.agree(key, proposal, ttlMs)),
  }
}

function stateDriver(driver: StateDriver, { process, wire, chronicle }: Watch): StateDriver {
  const over = <Answer>(
    ask: () => Promise<Answer>,
    about?: number,
    seen: (answer: Answer) => void = () => {},
  ) => wire.request({ away: REDIS_AWAY, about, ask, seen })
  return {
    ...lifeOf(driver),
    claim: (claim) =>
      over(
        () => driver.claim(claim),
        chronicle.messageAt(claim.place),
        (answer) => chronicle.claimed(process, claim, answer),
      ),
    settle: (claim, as) =>
      over(
        () => driver.settle(claim, as),
        chronicle.messageAt(claim.place),
        () => as === 'done' && chronicle.marked(process, claim),
      ),
    write: (text) => over(() => driver.write(text)),
    read: (folder, name) => over(() => driver.read(folder, name)),
    list: (folder) => over(() => driver.list(folder)),
    remove: (folder, name) => over(() => driver.remove(folder, name)),
    addToWindow(entry) {
      const message = chronicle.messageAt(entry.delivery)
      return over(
        () => driver.addToWindow(entry),
        message,
        (answer) => chronicle.windowed(process, entry, answer, message),
      )
    },
    forgetClosed: (scope, id) => over(() => driver.forgetClosed(scope, id)),
  }
}
