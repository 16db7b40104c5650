// One life of a Redis client: it never reconnects and never resends by itself, and no command waits longer than its bound.
import { Redis } from 'ioredis'
import type { Code } from '../../core/codes.ts'
import type { DriverContext } from '../../core/contract.ts'
import { Deadlines, type Waiting } from '../../core/deadlines.ts'
import { SluiceError } from '../../core/errors.ts'
import type { Link } from '../../core/supervisor.ts'
import { away, commandError, connectError, nameOf, type Place } from './errors.ts'
import { SCRIPTS } from './scripts.ts'

const TICK_MS = 50
/** Commands wait this long without any answer: the connection is half-open, or the server hangs. */
const SILENCE_MS = 2_000
/** Reach the host, log in, wait until the server has loaded its data. */
const CONNECT_MS = 5_000

export interface Bounds {
  /** No command waits longer. */
  readonly commandMs: number
  /** What it is called when one does. */
  readonly late: Code
  /** What it is called when the server says no. */
  readonly refused: Code
}

export interface LinkParts {
  readonly place: Place
  readonly context: DriverContext
  readonly bounds: Bounds
  /** Asked of each connection before it is used: rejects with what is wrong with the server. */
  readonly prove?: (client: Redis, place: Place) => Promise<void>
  readonly lost: (error: SluiceError) => void
}

export class RedisLink implements Link {
  private readonly place: Place
  private readonly bounds: Bounds
  private readonly client: Redis
  private readonly deadlines: Deadlines
  private readonly lost: (error: SluiceError) => void
  private heardAt = 0
  private reason: Error | undefined

  private constructor({ place, context, bounds, lost }: LinkParts) {
    this.place = place
    this.bounds = bounds
    this.lost = lost
    this.deadlines = new Deadlines(context.world.clock, bounds.commandMs, TICK_MS)
    this.client = clientOf(place, context)
    this.client.on('error', (error: Error) => (this.reason = error))
    this.client.on('end', () => this.over(this.reason))
  }

  static async open(parts: LinkParts, signal: AbortSignal): Promise<RedisLink> {
    const { place, context } = parts
    const link = new RedisLink(parts)
    const timer = context.world.clock.after(CONNECT_MS, () => {
      link.reason ??= new Error(`no answer within ${CONNECT_MS / 1_000} s`)
      link.client.disconnect()
    })
    const giveUp = () => link.client.disconnect()
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      await link.client.connect()
      await parts.prove?.(link.client, place)
      return link
    } catch (thrown) {
      link.client.disconnect()
      if (thrown instanceof SluiceError) throw thrown
      // ioredis rejects with "Connection is closed."; why it was closed came before, as an event.
      throw connectError(place, link.reason ?? thrown)
    } finally {
      timer.cancel()
      signal.removeEventListener('abort', giveUp)
    }
  }

  /**
   * Settles as the command does, or rejects after the bound. ioredis sends one automatic pipeline at a time and bounds
   * only what was sent; and with `autoResendUnfulfilledCommands: false` a promise may never settle (redis/ioredis#2193).
   */
  run<T>(command: string, ask: (client: Redis) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { bornAt: 0, expire: () => reject(this.late(command)) }
      this.deadlines.add(waiting)
      ask(this.client).then(
        (answer) => {
          this.heard(waiting)
          resolve(answer)
        },
        (error: unknown) => {
          this.heard(waiting)
          // Where it was connected to leads elsewhere by now: who answers here is a replica.
          if (isDemoted(error)) this.over(error)
          reject(commandError(this.place, command, this.bounds.refused, error))
        },
      )
    })
  }

  close(): Promise<void> {
    this.over(new Error('it was closed by us'))
    return Promise.resolve()
  }

  private heard(waiting: Waiting): void {
    this.heardAt = this.deadlines.now
    this.deadlines.delete(waiting)
  }

  private late(command: string): SluiceError {
    if ((this.deadlines.now - this.heardAt) * TICK_MS >= SILENCE_MS)
      this.over(new Error(`no answer to anything for ${SILENCE_MS / 1_000} s`))
    const { late, commandMs } = this.bounds
    return new SluiceError(late, {
      message: `${nameOf(this.place)} did not answer ${command} within ${commandMs} ms`,
    })
  }

  /** Commands under way are rejected by the client as it ends, and by their bound if it does not. */
  private over(cause: Error | undefined): void {
    this.lost(away(this.place, `was lost: ${cause?.message ?? 'the connection was closed'}`, cause))
    if (this.client.status !== 'end') this.client.disconnect()
  }
}

const isDemoted = (error: unknown): error is Error =>
  error instanceof Error && error.message.startsWith('READONLY')

function clientOf({ settings }: Place, { clientId }: DriverContext): Redis {
  const { host, port, password } = settings
  return new Redis({
    host,
    port,
    ...(password === undefined ? {} : { password }),
    connectionName: clientId.replace(/[^!-~]/g, '-'),
    lazyConnect: true,
    scripts: SCRIPTS,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // The supervisor opens another client: each has one connection in its life.
    retryStrategy: () => null,
    keepAlive: 10_000,
    disconnectTimeout: 200,
  })
}
