// Keeps one connection open: opens it, hears of its loss, opens another; never gives up until closed, never has two.
import type { Random, World } from './clock.ts'
import { asError, SluiceError } from './errors.ts'
import { Gate } from './gate.ts'
import type { Logger } from './log.ts'

/** One life of a connection. A lost one is never used again. */
export interface Link {
  /** Idempotent, bounded, never rejects. */
  close(): Promise<void>
}

export interface SupervisorOptions<L extends Link> {
  readonly world: World
  readonly log: Logger
  /** What is connected to, for the log: `RabbitMQ at localhost:5672`. */
  readonly name: string
  /** The error of a use before `connect` or after `close`. */
  absent(): SluiceError
  /**
   * One attempt, bounded by itself and cut short by `signal`. Calls `lost` once, synchronously, as soon as the
   * link is known to be gone; a call before the attempt resolved makes it a failed one.
   */
  open(lost: (error: SluiceError) => void, signal: AbortSignal): Promise<L>
}

/** A connection that lived this long was a good one: the next pause starts small again. */
const STEADY_MS = 5_000

/** From about 100 ms up to 5 s, half of it by chance, so that a fleet does not come back in one wave. */
export function reconnectDelay(failures: number, random: Random): number {
  const ceiling = Math.min(5_000, 100 * 2 ** Math.min(failures - 1, 16))
  return Math.round(ceiling * (0.5 + random.next() / 2))
}

interface Caller {
  resolve(): void
  reject(error: SluiceError): void
}

export class Supervisor<L extends Link> {
  private readonly options: SupervisorOptions<L>
  private readonly gate = new Gate()
  private readonly closing = new AbortController()
  private current: L | undefined
  private reason: SluiceError | undefined
  private callers: Caller[] = []
  private pause: AbortController | undefined
  private running: Promise<void> | undefined
  /** Ends the wait for the end of the link. */
  private over: () => void = () => {}

  constructor(options: SupervisorOptions<L>) {
    this.options = options
  }

  /** The live link; undefined from the moment it is known to be lost. */
  get link(): L | undefined {
    return this.current
  }

  /** Why there is no link. */
  get failure(): SluiceError {
    return this.reason ?? this.options.absent()
  }

  /**
   * Resolves when there is a link; rejects when the attempt under way, or the one that it starts, fails.
   * From the first call on attempts go on in the background, at growing pauses.
   */
  connect(): Promise<void> {
    if (this.closing.signal.aborted) return Promise.reject(this.options.absent())
    if (this.current !== undefined) return Promise.resolve()
    const outcome = new Promise<void>((resolve, reject) => this.callers.push({ resolve, reject }))
    this.running ??= this.run()
    this.pause?.abort()
    return outcome
  }

  /** After `close` it resolves only by its signal. */
  whenUp(signal?: AbortSignal): Promise<void> {
    return this.gate.whenOpen(signal)
  }

  /** Idempotent. The link is closed when it resolves, an attempt under way is given up. */
  async close(): Promise<void> {
    const link = this.current
    this.closing.abort()
    this.down(undefined)
    this.pause?.abort()
    this.over()
    await link?.close()
    await this.running
  }

  private async run(): Promise<void> {
    const { clock, random } = this.options.world
    for (let failures = 1; !this.closing.signal.aborted; failures++) {
      const lived = await this.live()
      if (this.closing.signal.aborted) break
      if (lived > STEADY_MS) failures = 1
      if (this.callers.length > 0) continue
      this.pause = new AbortController()
      await clock.sleep(reconnectDelay(failures, random), this.pause.signal)
      this.pause = undefined
    }
    this.settle((caller) => caller.reject(this.options.absent()))
  }

  /** One attempt and, if it succeeds, one life; resolves with its milliseconds when it is over. Never rejects. */
  private async live(): Promise<number> {
    const { open, log, name, world } = this.options
    const { signal } = this.closing
    // A link says once that it is lost, and nothing more after its end: it must not take its successor down.
    let alive = true
    const over = new Promise<void>((resolve) => (this.over = resolve))
    const onLost = (error: SluiceError) => {
      if (!alive) return
      alive = false
      this.down(error)
      this.over()
    }
    let link: L
    try {
      link = await open(onLost, signal)
    } catch (thrown) {
      alive = false
      this.failed(thrown)
      return 0
    }
    const since = world.clock.monotonic()
    if (alive && !signal.aborted) {
      this.up(link)
      await over
      if (!signal.aborted)
        log.warn({ err: this.failure }, `${name} was lost; it is being connected again.`)
    } else this.failed(this.failure)
    alive = false
    await link.close()
    return world.clock.monotonic() - since
  }

  private failed(thrown: unknown): void {
    const { log, name, absent } = this.options
    const error =
      thrown instanceof SluiceError
        ? thrown
        : new SluiceError('SLU9001', { cause: asError(thrown) })
    const { aborted } = this.closing.signal
    if (!aborted) this.reason = error
    log.debug({ err: error }, `${name} could not be reached.`)
    this.settle((caller) => caller.reject(aborted ? absent() : error))
  }

  private up(link: L): void {
    const { log, name } = this.options
    if (this.reason !== undefined) log.info({}, `${name} is up again.`)
    this.reason = undefined
    this.current = link
    this.gate.open()
    this.settle((caller) => caller.resolve())
  }

  private down(reason: SluiceError | undefined): void {
    this.reason = reason
    this.current = undefined
    this.gate.shut()
  }

  private settle(how: (caller: Caller) => void): void {
    const { callers } = this
    this.callers = []
    for (const caller of callers) how(caller)
  }
}
