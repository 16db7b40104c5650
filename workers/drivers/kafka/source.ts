// A log source on Kafka: one consumer at a time, replaced whenever it crashed or fell silent, until it is stopped.
import type {
  DriverContext,
  Intake,
  LogCommit,
  LogSource,
  LogSourceOptions,
} from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import { reconnectDelay } from '../../core/supervisor.ts'
import type { KafkaClient } from './client.ts'
import { ConsumerLife } from './consumer-life.ts'

/** A consumer that lived this long was a good one: the next pause starts small again. */
const STEADY_MS = 30_000

export interface SourceParts {
  readonly brokers: readonly string[]
  readonly context: DriverContext
  readonly client: () => Promise<KafkaClient>
  readonly options: LogSourceOptions
  /** High watermark by partition. */
  readonly ends: () => Promise<ReadonlyMap<number, number>>
  /** A consumer ended; Kafka may be away. */
  readonly suspect: () => void
  /** Resolves when Kafka can be reached, or `signal` aborts. */
  readonly whenUp: (signal: AbortSignal) => Promise<void>
  readonly stopped: (source: KafkaSource) => void
}

export class KafkaSource implements LogSource {
  private readonly parts: SourceParts
  private readonly stopping = new AbortController()
  private life: ConsumerLife | undefined
  private supervision: Promise<void> = Promise.resolve()
  private ending: Promise<void> | undefined

  constructor(parts: SourceParts) {
    this.parts = parts
  }

  start(intake: Intake): Promise<void> {
    if (!this.stopping.signal.aborted) this.supervision = this.supervise(intake)
    return Promise.resolve()
  }

  stop(): Promise<void> {
    this.ending ??= this.shutDown()
    return this.ending
  }

  // oxlint-disable-next-line require-await -- what cannot be committed is a rejection
  async commit(commits: readonly LogCommit[]): Promise<void> {
    if (this.life === undefined)
      throw new SluiceError('SLU5204', { message: 'the consumer is gone, and its partitions' })
    return this.life.membership.commit(commits)
  }

  async backlog(): Promise<number | undefined> {
    const membership = this.life?.membership
    if (membership?.granted !== true) return undefined
    const { lanes } = membership
    const ends = await this.parts.ends()
    // Whoever took the lanes over meanwhile may read them from an earlier place.
    if (!membership.granted || membership.lanes !== lanes) return undefined
    let left = 0
    for (const { partition, position } of lanes)
      left += Math.max(0, (ends.get(partition) ?? 0) - position)
    return left
  }

  progress(): ReadonlyMap<string, { caughtUp: boolean; at: number }> {
    return this.life?.progress() ?? new Map()
  }

  private async supervise(intake: Intake): Promise<void> {
    const { brokers, context, options, ends, suspect, whenUp } = this.parts
    const { clock, random } = context.world
    const { signal } = this.stopping
    const client = await this.parts.client()
    for (let failures = 1; !signal.aborted; failures++) {
      const startedAt = clock.monotonic()
      const life = new ConsumerLife({ brokers, context, client, options, intake, ends })
      this.life = life
      const reason = await life.run()
      this.life = undefined
      if (signal.aborted) return
      if (clock.monotonic() - startedAt > STEADY_MS) failures = 1
      context.log.warn(
        { topic: options.topic.name, group: options.group, code: reason?.code, err: reason },
        'A Kafka consumer ended; another one is made.',
      )
      suspect()
      await clock.sleep(reconnectDelay(failures, random), signal)
      await whenUp(signal)
    }
  }

  private async shutDown(): Promise<void> {
    this.stopping.abort()
    await this.life?.stop()
    await this.supervision
    this.parts.stopped(this)
  }
}
