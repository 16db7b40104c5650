// All processes of a fleet: starts them, rolls them to another version one by one, drains them; what does not become ready never takes a place.
import type { World } from '../../core/clock.ts'
import type { Check } from '../../core/telemetry.ts'
import type { OnEvent } from './events.ts'
import type { Version } from './process.ts'
import { Seat } from './seat.ts'

export interface FleetParts {
  readonly world: World
  readonly onEvent: OnEvent
  /** How long a new process may take to be ready while the fleet rolls. */
  readonly readyWithinMs: number
}

export class Fleet {
  private readonly parts: FleetParts
  private readonly places = new Map<string, Seat>()
  private stopping: Promise<boolean> | undefined
  private readonly onEvent: OnEvent
  private noneLeft: () => void = () => {}
  /** Resolves when nothing runs and nothing will: each process refused its configuration. */
  readonly refused = new Promise<void>((resolve) => (this.noneLeft = resolve))

  constructor(parts: FleetParts) {
    this.parts = parts
    this.onEvent = (event) => {
      parts.onEvent(event)
      if (event.kind === 'refused' && this.seats.every(({ state }) => state === 'refused'))
        this.noneLeft()
    }
  }

  /** In the order of the workers, then of their replicas. */
  get seats(): readonly Seat[] {
    return [...this.places.values()]
  }

  /** Once, before anything else. */
  start(version: Version): void {
    for (const [name, seat] of this.seatsFor(version)) this.places.set(name, seat)
    for (const seat of this.seats) seat.start(version)
  }

  /** True when each process that runs, or is about to, is of that version, and none was refused. */
  standsOn({ hash, workers }: Version): boolean {
    const wanted = workers.reduce((sum, { replicas }) => sum + replicas, 0)
    return this.places.size === wanted && this.seats.every((seat) => seat.keeps(hash))
  }

  /**
   * Puts `version` in the place of what runs, one process after the other, each when the one before is ready. One that is
   * not ready in time stops the roll, and those that were not replaced stay. Not to be called again until it has resolved.
   */
  async roll(version: Version): Promise<void> {
    const seats = this.seatsFor(version)
    this.onEvent({ kind: 'rolling', plan: version.hash, processes: seats.size })
    for (const [name, seat] of seats) {
      if (this.stopping !== undefined) return
      if (seat.keeps(version.hash)) continue
      this.places.set(name, seat)
      const outcome = await seat.replace(version, this.parts.readyWithinMs)
      if (outcome === 'stopped') return
      if (outcome === 'replaced') continue
      if (seat.state === 'stopped') this.places.delete(name)
      const { worker, replica } = seat
      const { failed: reason } = outcome
      this.onEvent({ kind: 'roll-stopped', plan: version.hash, worker, replica, reason })
      return
    }
    const surplus = this.seats.filter(({ name }) => !seats.has(name))
    await Promise.all(surplus.map((seat) => seat.stop()))
    this.places.clear()
    for (const [name, seat] of seats) this.places.set(name, seat)
    this.onEvent({ kind: 'rolled', plan: version.hash })
  }

  /** Drains every process at once; resolves with false when one did not end in order, and on time. Idempotent. */
  stop(): Promise<boolean> {
    this.stopping ??= this.drain()
    return this.stopping
  }

  kill(): void {
    for (const seat of this.seats) seat.kill()
  }

  /** One check a process; those of one worker alone when it is named, undefined when there is none of that name. */
  checks(worker?: string): readonly Check[] | undefined {
    const seats = this.seats.filter((seat) => worker === undefined || seat.worker === worker)
    if (worker !== undefined && seats.length === 0) return undefined
    return seats.map((seat) => ({
      name: `worker ${seat.name}`,
      status: seat.state === 'ready' ? 'pass' : 'fail',
      detail: detailOf(seat),
    }))
  }

  private async drain(): Promise<boolean> {
    const { seats } = this
    this.onEvent({ kind: 'stopping', processes: seats.length })
    const drained = (await Promise.all(seats.map((seat) => seat.stop()))).every(Boolean)
    this.onEvent({ kind: 'stopped', drained })
    return drained
  }

  /** Those that are there, and new ones. */
  private seatsFor({ workers }: Version): Map<string, Seat> {
    const { world } = this.parts
    const { onEvent } = this
    const seats = new Map<string, Seat>()
    for (const { name: worker, replicas } of workers)
      for (let replica = 1; replica <= replicas; replica++) {
        const seat = this.places.get(`${worker}/${replica}`)
        const found = seat ?? new Seat({ worker, replica, world, onEvent })
        seats.set(found.name, found)
      }
    return seats
  }
}

function detailOf(seat: Seat): string {
  const { state, running } = seat
  if (state === 'refused') return 'refused its configuration (SLU1172)'
  if (state === 'waiting' || seat.looping)
    return seat.looping ? 'keeps ending (SLU1171)' : 'ended; it is started again'
  if (running === undefined) return state
  const where = running.report === undefined ? '' : `, probes on port ${running.report.probes}`
  return state === 'ready' ? `pid ${running.process.pid}${where}` : running.problem
}
