// What happens to a fleet by the clock: each planned fault, carried out when its time has come.
import type { EmbeddedBrokers } from '../testing/stage.ts'
import type { PlannedFault } from './fault-plan.ts'
import type { Fleet } from './fleet.ts'

export interface Scene {
  readonly fleet: Fleet
  readonly brokers: EmbeddedBrokers
  /** The connection of what the pipeline reads. */
  readonly source: string
  readonly onFault: (id: string) => void
  /** Later, by so many milliseconds; the schedule waits for it. */
  readonly at: (ms: number, what: () => void | Promise<void>) => void
}

/** Between two looks whether anything is at work, and how often it is looked. */
const LOOK_MS = 5
const LOOKS = 400

export function bring(fault: PlannedFault, { fleet, brokers, source, onFault, at }: Scene): void {
  const back = (ms: number) => at(ms, () => void fleet.start())
  const away = (forMs: number, setAvailable: (available: boolean) => void) => {
    setAvailable(false)
    at(forMs, () => setAvailable(true))
  }
  const strike = (): void | Promise<void> => {
    onFault(fault.id)
    switch (fault.kind) {
      case 'crash':
        fleet.main?.kill()
        return back(fault.backMs)
      case 'sigterm':
        return stop(fault.backMs)
      case 'rebalance': {
        const second = fleet.start()
        return at(fault.forMs, () => second.stop())
      }
      case 'revoke':
        return fleet.main?.expel(source)
      case 'cut': {
        const { main } = fleet
        main?.cut(fault.connection)
        return at(fault.forMs, () => main?.heal(fault.connection))
      }
      case 'clock-jump':
        return fleet.jump(fault.byMs)
      case 'outage':
        return away(fault.forMs, (up) => brokers.setAvailable(fault.connection, up))
      case 'cache-down':
        return away(fault.forMs, (up) => brokers.caches(fault.connection)?.setAvailable(up))
      case 'cache-flush':
        return brokers.caches(fault.connection)?.flush()
    }
  }
  const stop = async (backMs: number) => {
    await fleet.main?.stop()
    back(backMs)
  }
  /** Taken away while it is at work: that is what it is about. */
  const strikeAtWork = (looks: number): void | Promise<void> => {
    if ((fleet.main?.inFlight ?? 0) > 0) return strike()
    if (looks > 0) at(LOOK_MS, () => strikeAtWork(looks - 1))
  }
  at(fault.atMs, () => (fault.kind === 'revoke' ? strikeAtWork(LOOKS) : strike()))
}
