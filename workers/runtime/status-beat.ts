// Writes what a process says of itself into the state store again and again; holds nothing up, and is silent while the store is away.
import type { StateDriver } from '../core/contract.ts'
import { isoTime, type World } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { ProcessIdentity, WorkerStatus } from '../core/worker-status.ts'

const BEAT_MS = 2_000
/** Until the first one was written. */
const FIRST_BEAT_MS = 500
/** Five beats: a process that died is forgotten soon, one that hiccups is not. */
const KEEP_MS = 10_000

export interface StatusBeatParts {
  readonly state: StateDriver
  readonly folder: string
  readonly id: string
  readonly identity: ProcessIdentity
  readonly look: () => Pick<WorkerStatus, 'pipelines' | 'state' | 'problem' | 'counts' | 'caches'>
  readonly world: World
  readonly log: Logger
}

export class StatusBeat {
  private readonly parts: StatusBeatParts
  private readonly startedAt: string
  private readonly over = new AbortController()
  private readonly beating: Promise<void>
  private pause = new AbortController()

  constructor(parts: StatusBeatParts) {
    this.parts = parts
    this.startedAt = isoTime(parts.world.clock.now())
    this.beating = this.beat()
  }

  /** Something changed that somebody may wait to see. */
  hurry(): void {
    this.pause.abort()
  }

  /** The process takes itself off the list. Idempotent; never rejects. */
  async stop(): Promise<void> {
    this.over.abort()
    this.pause.abort()
    await this.beating
    const { state, folder, id, log } = this.parts
    if (!state.isUp()) return
    await state.remove(folder, id).catch((error: unknown) => {
      log.debug({ err: error }, 'The status of this process is left to expire.')
    })
  }

  private async beat(): Promise<void> {
    const { clock } = this.parts.world
    let written = false
    while (!this.over.signal.aborted) {
      this.pause = new AbortController()
      written = (await this.write()) || written
      if (this.over.signal.aborted) return
      await clock.sleep(written ? BEAT_MS : FIRST_BEAT_MS, this.pause.signal)
    }
  }

  private async write(): Promise<boolean> {
    const { state, folder, id, identity, look, world, log } = this.parts
    if (!state.isUp()) return false
    const at = isoTime(world.clock.now())
    const status: WorkerStatus = {
      version: 1,
      id,
      ...identity,
      ...look(),
      startedAt: this.startedAt,
      at,
    }
    try {
      await state.write({ folder, name: id, text: JSON.stringify(status), ttlMs: KEEP_MS })
      return true
    } catch (error) {
      log.debug({ err: error }, 'The status of this process could not be written.')
      return false
    }
  }
}
