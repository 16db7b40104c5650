// What a client of a cluster owes beyond commands: its masters are proven before they are used, and its map of slots is renewed when a node leaves.
import type { Cluster, Redis } from 'ioredis'
import type { Clock, Timer } from '../../core/clock.ts'
import { SluiceError } from '../../core/errors.ts'
import { clusterDown } from './errors.ts'
import type { Place } from './settings.ts'

/** A node that does not answer proves nothing, and holds nobody up. */
const NODE_MS = 1_500
/** Between a node's leaving and the next map of slots. */
const RENEW_MS = 250

export type Prove = (server: Redis, place: Place) => Promise<void>

export interface WatchParts {
  readonly cluster: Cluster
  readonly place: Place
  readonly clock: Clock
  readonly prove: Prove | undefined
  readonly onFault: (error: SluiceError) => void
}

export class ClusterWatch {
  private readonly parts: WatchParts
  private readonly proven = new WeakSet<Redis>()
  private renewal: Timer | undefined

  constructor(parts: WatchParts) {
    this.parts = parts
  }

  /** Rejects when the cluster serves nothing, or with what is wrong with one of its masters. */
  async begin(): Promise<void> {
    const { cluster, place, onFault } = this.parts
    await this.proveState()
    await this.proveMasters()
    cluster.on('-node', () => this.renew())
    // A replica that took over is a master that nobody has looked at.
    cluster.on('refresh', () => {
      this.proveMasters().catch((error: unknown) => {
        if (error instanceof SluiceError) onFault(error)
      })
    })
    if (cluster.status !== 'ready') throw clusterDown(place)
  }

  /** The map of slots is wrong, and soon is not. A node that stays away costs one look a while, however much is asked of it. */
  renew(): void {
    const { cluster, clock } = this.parts
    this.renewal ??= clock.after(RENEW_MS, () => {
      this.renewal = undefined
      if (cluster.status === 'ready') cluster.refreshSlotsCache()
    })
  }

  /** One node that hears enough of the others to say so is enough. */
  private async proveState(): Promise<void> {
    const { cluster, place } = this.parts
    const answers = cluster.nodes('master').map(async (node) => {
      const info = await this.inTime(node.cluster('INFO'))
      if (!/^cluster_state:ok\r?$/m.test(info)) throw clusterDown(place)
    })
    await Promise.any(answers).catch((cause: unknown) => {
      throw clusterDown(place, cause)
    })
  }

  private async proveMasters(): Promise<void> {
    const { cluster, place, prove } = this.parts
    if (prove === undefined) return
    const fresh = cluster.nodes('master').filter((node) => !this.proven.has(node))
    await Promise.all(
      fresh.map(async (node) => {
        const { host = '', port = 0 } = node.options
        const settings = { host, port, password: undefined }
        try {
          await this.inTime(prove(node, { settings, origin: place.origin }))
          this.proven.add(node)
        } catch (thrown) {
          // What has not answered is asked again with the next map of slots.
          if (thrown instanceof SluiceError) throw thrown
        }
      }),
    )
  }

  private async inTime<T>(answer: Promise<T>): Promise<T> {
    const late = new AbortController()
    try {
      return await Promise.race([
        answer,
        this.parts.clock.sleep(NODE_MS, late.signal).then(() => {
          throw new Error(`no answer within ${NODE_MS} ms`)
        }),
      ])
    } finally {
      late.abort()
    }
  }
}
