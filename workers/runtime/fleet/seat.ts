// Keeps one process running where one is wanted: starts it again when it ends, puts another in its place, drains it; never has two that stay.
import type { Timer, World } from '../../core/clock.ts'
import type { FleetEvent, OnEvent } from './events.ts'
import { Occupant, SILENT_MS } from './occupant.ts'
import type { Ending, Version } from './process.ts'
import { Restarts, STEADY_MS } from './restarts.ts'

export type SeatState =
  'starting' | 'ready' | 'unready' | 'waiting' | 'refused' | 'draining' | 'stopped'

export interface SeatParts {
  readonly worker: string
  /** From 1. */
  readonly replica: number
  readonly world: World
  readonly onEvent: OnEvent
}

/** The exit code of a worker whose configuration is wrong: starting it again changes nothing. */
const REFUSED = 2

export type Replaced = 'replaced' | 'stopped' | { readonly failed: string }

export class Seat {
  readonly worker: string
  readonly replica: number
  /** Starts after the first one that nobody asked for. */
  restarted = 0
  private readonly parts: SeatParts
  private readonly restarts: Restarts
  private occupant: Occupant | undefined
  /** All that were started here and have not ended: the occupant, one that is to take its place, one that still drains. */
  private readonly living = new Map<Occupant, Promise<boolean> | undefined>()
  private pause: { readonly timer: Timer; readonly until: number } | undefined
  private refused = false
  /** What runs, or is started again. */
  private version: Version | undefined
  private stopping = false

  constructor(parts: SeatParts) {
    this.parts = parts
    this.worker = parts.worker
    this.replica = parts.replica
    this.restarts = new Restarts(parts.world.random)
  }

  get name(): string {
    return `${this.worker}/${this.replica}`
  }

  get running(): Occupant | undefined {
    return this.occupant
  }

  get state(): SeatState {
    if (this.stopping) return this.living.size === 0 ? 'stopped' : 'draining'
    if (this.refused) return 'refused'
    if (this.occupant === undefined) return this.pause === undefined ? 'stopped' : 'waiting'
    if (this.occupant.ready) return 'ready'
    return this.occupant.wasReady ? 'unready' : 'starting'
  }

  /** It ended again and again, and what runs now has not lived long enough to say that this is over. */
  get looping(): boolean {
    const { occupant, restarts } = this
    if (occupant === undefined) return restarts.looping
    return restarts.looping && this.parts.world.clock.monotonic() - occupant.since < STEADY_MS
  }

  /** Milliseconds until it is started again; undefined when it is not waiting for that. */
  get restartsIn(): number | undefined {
    if (this.pause === undefined) return undefined
    return Math.max(0, this.pause.until - this.parts.world.clock.monotonic())
  }

  /** It runs that version, or will as soon as it is started again. */
  keeps(hash: string): boolean {
    return this.version?.hash === hash && !this.refused
  }

  /** Once, on an empty seat. */
  start(version: Version): void {
    this.occupy(this.launch(version))
  }

  /** Starts another beside what runs and drains that only when the new one is ready; if it never is, what runs stays. */
  async replace(version: Version, readyWithinMs: number): Promise<Replaced> {
    const candidate = this.launch(version)
    const outcome = await candidate.becomes(readyWithinMs)
    if (this.stopping) return 'stopped'
    if (outcome !== 'ready') {
      await this.retire(candidate)
      return { failed: reasonOf(outcome, candidate, readyWithinMs) }
    }
    const former = this.occupant
    this.pause?.timer.cancel()
    this.pause = undefined
    this.refused = false
    this.restarts.reset()
    this.occupy(candidate)
    if (former !== undefined) await this.retire(former)
    return 'replaced'
  }

  /** Drains whatever runs; resolves with false when something did not end in order, and on time. */
  async stop(): Promise<boolean> {
    this.stopping = true
    this.pause?.timer.cancel()
    this.pause = undefined
    const ends = await Promise.all([...this.living.keys()].map((one) => this.retire(one)))
    return ends.every(Boolean)
  }

  /** Ends at once whatever runs. */
  kill(): void {
    for (const { process } of this.living.keys()) process.kill()
  }

  private launch(version: Version): Occupant {
    const { worker, replica, world } = this.parts
    const process = version.start(worker, replica)
    const occupant = new Occupant(version, process, world.clock, {
      changed: (one) => this.changed(one),
      stuck: (one) => this.say(one, { kind: 'stuck', silentMs: SILENT_MS }),
    })
    this.living.set(occupant, undefined)
    void process.ended.then(() => this.living.delete(occupant))
    this.say(occupant, { kind: 'started', plan: version.hash })
    return occupant
  }

  private occupy(occupant: Occupant): void {
    this.occupant = occupant
    this.version = occupant.version
    void occupant.process.ended.then((ending) => this.ended(occupant, ending))
  }

  private changed(occupant: Occupant): void {
    if (occupant.ready) this.say(occupant, { kind: 'ready' })
    else this.say(occupant, { kind: 'unready', detail: occupant.problem })
  }

  private ended(occupant: Occupant, ending: Ending): void {
    if (occupant !== this.occupant) return
    this.occupant = undefined
    if (this.stopping || occupant.leaving) return
    if (ending.code === REFUSED) {
      this.refused = true
      this.say(occupant, { kind: 'refused', exitCode: ending.code })
      return
    }
    const { clock } = this.parts.world
    const livedMs = Math.round(clock.monotonic() - occupant.since)
    const wasLooping = this.restarts.looping
    const restartInMs = this.restarts.after(livedMs)
    const { code: exitCode, signal } = ending
    this.say(occupant, { kind: 'ended', exitCode, signal, livedMs, restartInMs })
    if (this.restarts.looping && !wasLooping)
      this.say(occupant, { kind: 'crash-loop', failures: this.restarts.failures })
    const again = () => {
      this.pause = undefined
      this.restarted++
      this.occupy(this.launch(occupant.version))
    }
    this.pause = {
      timer: clock.after(restartInMs, again, { keepAlive: true }),
      until: clock.monotonic() + restartInMs,
    }
  }

  /** Resolves when it is gone; with false when it was killed, because it took longer than its version allows or otherwise. */
  private retire(occupant: Occupant): Promise<boolean> {
    const gone = this.living.get(occupant) ?? this.drainOut(occupant)
    if (this.living.has(occupant)) this.living.set(occupant, gone)
    return gone
  }

  private async drainOut(occupant: Occupant): Promise<boolean> {
    const { clock } = this.parts.world
    const { graceMs } = occupant.version
    const from = clock.monotonic()
    occupant.leaving = true
    occupant.process.drain()
    const timer = clock.after(
      graceMs,
      () => {
        this.say(occupant, { kind: 'overdue', afterMs: graceMs })
        occupant.process.kill()
      },
      { keepAlive: true },
    )
    const { code } = await occupant.process.ended
    timer.cancel()
    if (this.occupant === occupant) this.occupant = undefined
    const tookMs = Math.round(clock.monotonic() - from)
    if (code === 0) this.say(occupant, { kind: 'drained', tookMs })
    return code === 0
  }

  private say(occupant: Occupant, what: DistributiveOmit<FleetEvent, Seated>): void {
    const { worker, replica } = this.parts
    this.parts.onEvent({ worker, replica, pid: occupant.process.pid, ...what } as FleetEvent)
  }
}

type Seated = 'worker' | 'replica' | 'pid'
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

function reasonOf(outcome: 'late' | Ending, candidate: Occupant, withinMs: number): string {
  if (outcome === 'late') return `not ready within ${withinMs / 1000} s: ${candidate.problem}`
  return outcome.signal === null
    ? `it ended with exit code ${outcome.code} before it was ready`
    : `it was ended by ${outcome.signal} before it was ready`
}
