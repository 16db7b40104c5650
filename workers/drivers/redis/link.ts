// One life of a client of a Redis or of a cluster: it never reconnects and never resends by itself, and no command waits longer than its bound.
import type { Redis } from 'ioredis'
import type { Code } from '../../core/codes.ts'
import type { DriverContext } from '../../core/contract.ts'
import { Deadlines, type Waiting } from '../../core/deadlines.ts'
import { asError, SluiceError } from '../../core/errors.ts'
import type { Link } from '../../core/supervisor.ts'
import { clientOf, isCluster, type RedisClient } from './client.ts'
import { ClusterWatch, type Prove } from './cluster.ts'
import {
  away,
  clusterCommandError,
  commandError,
  connectError,
  elsewhere,
  isOfCluster,
  isWholeClusterDown,
} from './errors.ts'
import { nameOf, type Place } from './settings.ts'

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
  /** Asked of each server before it is used: rejects with what is wrong with it. */
  readonly prove?: Prove
  /** For whoever looks at each node of a cluster by itself. */
  readonly isNode?: true
  readonly lost: (error: SluiceError) => void
}

export class RedisLink implements Link {
  private readonly place: Place
  private readonly bounds: Bounds
  private readonly client: RedisClient
  /** Of a cluster. */
  private readonly watch: ClusterWatch | undefined
  private readonly deadlines: Deadlines
  private readonly lost: (error: SluiceError) => void
  private heardAt = 0
  private reason: Error | undefined

  private constructor({ place, context, bounds, prove, lost }: LinkParts) {
    const { clock } = context.world
    this.place = place
    this.bounds = bounds
    this.lost = lost
    this.deadlines = new Deadlines(clock, bounds.commandMs, TICK_MS)
    const client = (this.client = clientOf(place, context))
    client.on('end', () => this.over(this.reason))
    if (!isCluster(client)) {
      client.on('error', (error: Error) => (this.reason = error))
      return
    }
    // Why none of its nodes could be asked is said by each of them.
    client.on('node error', (error: Error) => (this.reason = error))
    client.on('error', () => {})
    const onFault = (error: SluiceError) => this.over(error)
    this.watch = new ClusterWatch({ cluster: client, place, clock, prove, onFault })
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
      await link.prove(parts)
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
  run<T>(command: string, ask: (client: RedisClient) => Promise<T>): Promise<T> {
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
          reject(this.failure(command, error))
        },
      )
    })
  }

  close(): Promise<void> {
    this.over(new Error('it was closed by us'))
    return Promise.resolve()
  }

  private async prove({ prove, isNode, place }: LinkParts): Promise<void> {
    const { client, watch } = this
    if (watch !== undefined) return watch.begin()
    if (isCluster(client)) return
    if (isNode !== true && (await isOneOfMany(client))) throw elsewhere(place)
    await prove?.(client, place)
  }

  private failure(command: string, thrown: unknown): SluiceError {
    const { place, watch } = this
    const { refused } = this.bounds
    const error = asError(thrown)
    if (watch === undefined) {
      // Where it was connected to leads elsewhere by now: who answers here is a replica, or has become a part of a cluster.
      if (isDemoted(error) || isOfCluster(error)) this.over(error)
      return commandError(place, command, refused, thrown)
    }
    const failure = clusterCommandError(place, command, refused, thrown)
    if (isWholeClusterDown(error)) this.over(failure)
    else if (failure.code === 'SLU5421') watch.renew()
    return failure
  }

  private heard(waiting: Waiting): void {
    this.heardAt = this.deadlines.now
    this.deadlines.delete(waiting)
  }

  private late(command: string): SluiceError {
    // Of a cluster one node may be silent while the others answer: its own connection ends by itself.
    const isSilent = (this.deadlines.now - this.heardAt) * TICK_MS >= SILENCE_MS
    if (isSilent && this.watch === undefined)
      this.over(new Error(`no answer to anything for ${SILENCE_MS / 1_000} s`))
    const { late, commandMs } = this.bounds
    return new SluiceError(late, {
      message: `${nameOf(this.place)} did not answer ${command} within ${commandMs} ms`,
    })
  }

  /** Commands under way are rejected by the client as it ends, and by their bound if it does not. */
  private over(cause: Error | undefined): void {
    const why = cause?.message ?? 'the connection was closed'
    this.lost(cause instanceof SluiceError ? cause : away(this.place, `was lost: ${why}`, cause))
    if (this.client.status !== 'end') this.client.disconnect()
  }
}

const isDemoted = ({ message }: Error): boolean => message.startsWith('READONLY')

/** Of a cluster with several masters, most keys are elsewhere. */
async function isOneOfMany(server: Redis): Promise<boolean> {
  try {
    if (!/^cluster_enabled:1\r?$/m.test(await server.info('cluster'))) return false
    const size = /^cluster_size:(\d+)\r?$/m.exec(await server.cluster('INFO'))?.[1]
    return Number(size ?? 0) > 1
  } catch (error) {
    // Who may not ask will be told by the first command.
    if (asError(error).message.startsWith('NOPERM')) return false
    throw error
  }
}
