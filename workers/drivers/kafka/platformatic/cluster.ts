// The brokers as one client knows them: its connections, which can be torn down at any time, what they can be asked, and where partitions live.
import {
  Base,
  ConnectionPool,
  kGetApi,
  kGetBootstrapConnection,
  ResponseError,
  type API,
  type Broker,
  type Connection,
} from '@platformatic/kafka'
import type { DriverContext } from '../../../core/contract.ts'
import { answeredBy, answerOf, Unanswered } from './answers.ts'
import { whereItLives } from '../where-it-lives.ts'
import type { Answer, Apis, Question } from './apis.ts'

const CONNECT_MS = 3_000
/** New partitions of a topic are known after that, at the latest. */
const FRESH_MS = 60_000
/** Requests under way on one connection before others wait on our side. */
const INFLIGHT = 100

export interface ClusterOptions {
  readonly brokers: readonly string[]
  readonly context: DriverContext
  readonly requestTimeout: number
}

export interface KnownTopic {
  readonly id: string
  /** By partition; negative: there is none at the moment. */
  readonly leaders: readonly number[]
  readonly at: number
}

export class Cluster {
  private readonly base: Base
  private readonly context: DriverContext
  private readonly options: Readonly<Record<string, unknown>>
  private readonly pools: ConnectionPool[]
  private readonly topics = new Map<string, KnownTopic>()
  private nodes = new Map<number, Broker>()
  private controllerId = -1
  private destroyed = false

  constructor({ brokers, context, requestTimeout }: ClusterOptions) {
    this.context = context
    this.options = {
      connectTimeout: CONNECT_MS,
      requestTimeout,
      maxInflights: INFLIGHT,
    }
    this.base = new Base({
      ...this.options,
      clientId: context.clientId,
      bootstrapBrokers: [...brokers],
      // Whatever is repeated is repeated by whoever knows what it means.
      retries: 0,
    })
    this.pools = [this.watched(this.base.connections)]
  }

  /** Connections of their own, for what must not wait behind other requests. */
  pool(requestTimeout?: number): ConnectionPool {
    const own = requestTimeout === undefined ? {} : { requestTimeout }
    const pool = new ConnectionPool(this.context.clientId, { ...this.options, ...own })
    this.pools.push(this.watched(pool))
    return pool
  }

  /** How many brokers there are. */
  async connect(): Promise<number> {
    await this.describe([])
    return this.nodes.size
  }

  /** Asks for the topic when it is not known, or not lately. Rejects when it is not there. */
  async topic(address: string): Promise<KnownTopic> {
    const known = this.topics.get(address)
    if (known !== undefined && this.now() - known.at < FRESH_MS) return known
    return this.refresh(address)
  }

  async refresh(address: string): Promise<KnownTopic> {
    const { topics } = await this.describe([address])
    const [topic] = topics
    if (topic === undefined) throw answeredBy(3)
    if (topic.errorCode !== 0) {
      this.topics.delete(address)
      throw answeredBy(topic.errorCode)
    }
    const leaders: number[] = []
    for (const { partitionIndex, leaderId } of topic.partitions) leaders[partitionIndex] = leaderId
    const known = { id: topic.topicId, leaders, at: this.now() }
    this.topics.set(address, known)
    return known
  }

  /** Of all topics. */
  async names(): Promise<string[]> {
    const { topics } = await this.describe(null)
    return topics.flatMap(({ name, isInternal }) => (isInternal ? [] : (name ?? [])))
  }

  async node(id: number, pool: ConnectionPool = this.base.connections): Promise<Connection> {
    const broker = this.nodes.get(id)
    if (broker === undefined) throw new Unanswered(`broker ${id} is not known`)
    return pool.get(broker).catch((thrown: unknown) => {
      throw answerOf(thrown)
    })
  }

  /** A question about a topic, asked again where its partitions live when they are not where they were, or nowhere yet. */
  whereItLives<T>(address: string, question: () => Promise<T>): Promise<T> {
    return whereItLives(question, async (pause) => {
      await this.pause(pause)
      await this.refresh(address)
    })
  }

  /** The broker that changes topics; where the brokers pass that on by themselves, any. */
  controller(): Promise<Connection> {
    return this.nodes.has(this.controllerId) ? this.node(this.controllerId) : this.anyNode()
  }

  /** Rejects once everything was torn down. */
  async pause(ms: number): Promise<void> {
    await this.context.world.clock.sleep(ms)
    if (this.destroyed) throw new Unanswered('the client was closed')
  }

  /** Any broker. */
  anyNode(): Promise<Connection> {
    return new Promise((resolve, reject) => {
      this.base[kGetBootstrapConnection]((error, connection) => {
        if (connection === undefined) reject(answerOf(error))
        else resolve(connection)
      })
    })
  }

  /** The newest version of a request that both sides know. */
  api<Name extends keyof Apis>(name: Name): Promise<API<Question<Name>, Answer<Name>>> {
    return new Promise((resolve, reject) => {
      this.base[kGetApi]<Question<Name>, Answer<Name>>(name, (error, api) => {
        if (api === undefined) reject(answerOf(error))
        else resolve(api)
      })
    })
  }

  /** Rejects when Kafka refused any part of it. */
  async ask<Name extends keyof Apis>(
    connection: Connection,
    name: Name,
    ...question: Question<Name>
  ): Promise<Answer<Name>> {
    const api = await this.api(name)
    return api.async(connection, ...question).catch((thrown: unknown) => {
      throw answerOf(thrown)
    })
  }

  /** Whatever Kafka says in it of the parts. */
  async askInParts<Name extends keyof Apis>(
    connection: Connection,
    name: Name,
    ...question: Question<Name>
  ): Promise<Answer<Name>> {
    const api = await this.api(name)
    return api.async(connection, ...question).catch((thrown: unknown) => {
      if (thrown instanceof ResponseError && thrown['response'] !== undefined)
        return thrown['response'] as Answer<Name>
      throw answerOf(thrown)
    })
  }

  /** Ends every connection, whatever is under way on it; no new ones are made. */
  destroy(): void {
    this.destroyed = true
    for (const pool of this.pools) {
      const sockets = [...pool].map(([, connection]) => connection.socket)
      pool.close(() => {})
      // In good order is not soon: the other side may be silent.
      for (const socket of sockets) socket?.destroy()
    }
  }

  // ---------------------------------------------------------------- inside

  /** `null`: every topic. */
  private async describe(topics: string[] | null): Promise<Answer<'Metadata'>> {
    const found = await this.askInParts(await this.anyNode(), 'Metadata', topics, false, false)
    this.nodes = new Map(found.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]))
    this.controllerId = found.controllerId
    return found
  }

  private watched(pool: ConnectionPool): ConnectionPool {
    pool.on('connecting', ({ connection }) => {
      // Whoever waits on it is told by the library; an error that nobody listens to would end the process.
      connection.on('error', (error) =>
        this.context.log.debug({ err: error }, 'A connection to Kafka failed.'),
      )
      if (this.destroyed) connection.close(() => {})
    })
    return pool
  }

  private now(): number {
    return this.context.world.clock.monotonic()
  }
}
