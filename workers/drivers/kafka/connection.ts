// Knows whether Kafka is there: down from the first lost request, up again when a fresh connection answers.
import type { Kafka } from 'kafkajs'
import type { DriverContext } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import { kafkaError } from './errors.ts'

/** Longest a probe may take, milliseconds. */
const PROBE_MS = 5_000

export class Connection {
  private readonly kafka: Kafka
  private readonly brokers: readonly string[]
  private readonly context: DriverContext
  private readonly closing = new AbortController()
  private up = false
  private restoring: Promise<void> | undefined
  /** Called when the connection is restored, before anybody who waits goes on. */
  onRestored: () => Promise<void> = () => Promise.resolve()

  constructor(kafka: Kafka, brokers: readonly string[], context: DriverContext) {
    this.kafka = kafka
    this.brokers = brokers
    this.context = context
  }

  isUp(): boolean {
    return this.up
  }

  async open(): Promise<void> {
    await this.probe()
    this.up = true
  }

  close(): void {
    this.up = false
    this.closing.abort()
  }

  /** A request failed: if Kafka is away, look for it until it is back. */
  failed(error: SluiceError): void {
    if (error.code !== 'SLU5201' || this.closing.signal.aborted) return
    this.up = false
    this.restoring ??= this.restore()
  }

  async whenUp(signal?: AbortSignal): Promise<void> {
    if (this.up || this.restoring === undefined || signal?.aborted) return
    if (signal === undefined) return this.restoring
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true })
      void this.restoring?.then(resolve)
    })
  }

  /** One round trip on a connection of its own; what an old connection says after an outage proves nothing. */
  async probe(): Promise<void> {
    const { clock } = this.context.world
    const admin = this.kafka.admin({ retry: { retries: 0 } })
    const answer = admin.connect().then(() => admin.describeCluster())
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = clock.after(
          PROBE_MS,
          () => reject(new SluiceError('SLU5201', { message: `no answer within ${PROBE_MS} ms` })),
          { keepAlive: true },
        )
        answer.then(() => resolve(), reject).finally(() => timer.cancel())
      })
    } catch (error) {
      const { message } = kafkaError(error, 'connecting')
      throw new SluiceError('SLU5201', {
        message: `Kafka at ${this.brokers.join(', ')} is away: ${message}; asked for by ${this.context.origin}`,
        cause: error,
      })
    } finally {
      void admin.disconnect().catch(() => {})
    }
  }

  /** Never rejects. */
  private async restore(): Promise<void> {
    const { world, log } = this.context
    log.warn({ origin: this.context.origin }, 'Kafka is away; looking for it.')
    for (let times = 1; !this.closing.signal.aborted; times++) {
      await world.clock.sleep(
        world.random.next() * Math.min(2_000, 200 * 2 ** times),
        this.closing.signal,
      )
      try {
        await this.probe()
        await this.onRestored()
        break
      } catch (error) {
        log.debug({ err: error }, 'Kafka is still away.')
      }
    }
    this.up = !this.closing.signal.aborted
    this.restoring = undefined
    if (this.up) log.info({ origin: this.context.origin }, 'Kafka is back.')
  }
}
