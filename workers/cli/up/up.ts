// `sluice up`: the workers of fleet.yaml as supervised processes, until it is told to stop; a plan with a mistake never takes the place of what runs.
import { SluiceError } from '../../core/errors.ts'
import { Fleet } from '../../runtime/fleet/fleet.ts'
import { startProbes } from '../../telemetry/probes.ts'
import type { Composition } from '../composition.ts'
import { errorText, EXIT } from '../exit.ts'
import { probeAddress } from '../probe-address.ts'
import { findProject, useColor } from '../project.ts'
import { onStopSignal } from '../signals.ts'
import { watchChanges, type Changes } from './changes.ts'
import { fleetMetrics } from './fleet-metrics.ts'
import { loadVersion, type Loaded } from './load.ts'
import { FleetTable } from './table.ts'
import { Voice } from './voice.ts'

export interface UpOptions {
  readonly project?: string
  /** All when empty. */
  readonly workers: readonly string[]
  readonly embedded: boolean
  /** Roll whenever a file of the project changes. */
  readonly watch: boolean
  /** `[HOST:]PORT` of the supervisor; undefined: a free port on loopback. */
  readonly probes?: string
  readonly format: 'text' | 'json'
}

/** While the fleet rolls, a process may take that much longer than `connect.within` to be ready. */
const READY_MARGIN_MS = 30_000

/** Returns the exit code. Rejects with a SluiceError for what stops it from starting. */
export async function up(options: UpOptions, composition: Composition): Promise<number> {
  if (options.embedded) throw new SluiceError('SLU0555')
  const { world } = composition
  const root = findProject(options.project)
  const address = probeAddress(options.probes)
  const voice = new Voice(options.format, composition)
  const parts = { clock: world.clock, host: address.host, onLine: voice.line }
  const load = () => loadVersion(root, options.workers, parts, composition)
  const first = await load()
  if (first === undefined) return EXIT.usage

  const readyWithinMs = first.plan.connectWithinMs + READY_MARGIN_MS
  const fleet = new Fleet({ world, readyWithinMs, onEvent: voice.event })
  const probes = await startProbes({
    ...address,
    checks: () => fleet.checks() ?? [],
    checksOf: (worker) => fleet.checks(worker),
    live: () => true,
    metricsText: () => Promise.resolve(fleetMetrics(fleet)),
    clock: world.clock,
    log: composition.log,
  })
  const stop = onStopSignal((signal) => {
    fleet.kill()
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }, world.clock)
  const changes = await watchChanges(root, options.watch, world.clock)
  try {
    fleet.start(first.version)
    show(voice, fleet, first, `${address.host}:${probes.port}`, composition)
    void followChanges(changes, load, fleet, voice)
    const refused = fleet.refused.then(() => 'refused' as const)
    const ended = await Promise.race([stop.promise, changes.hungUp, refused])
    const drained = await fleet.stop()
    return ended === 'refused' ? EXIT.usage : drained ? EXIT.ok : EXIT.failed
  } finally {
    await changes.close()
    await probes.close()
    voice.close()
    stop.dispose()
  }
}

/** Never rejects and never resolves: a change that cannot run is said, and what runs stays. */
async function followChanges(
  changes: Changes,
  load: () => Promise<Loaded | undefined>,
  fleet: Fleet,
  voice: Voice,
): Promise<void> {
  for (;;) {
    await changes.next()
    try {
      const next = await voice.aside(load)
      if (next === undefined) voice.log.warn('The plan has mistakes; the last good one runs on.')
      else if (fleet.standsOn(next.version)) voice.log.info('Nothing has changed.')
      else await fleet.roll(next.version)
    } catch (error) {
      voice.write(errorText(error))
      voice.log.warn('The plan cannot run; the last good one runs on.')
    }
  }
}

function show(
  voice: Voice,
  fleet: Fleet,
  { plan }: Loaded,
  probes: string,
  { world, log }: Composition,
): void {
  log.info({ probes }, 'The supervisor runs.')
  const table = new FleetTable(
    fleet,
    { fleet: plan.fleet, probes },
    world.clock,
    useColor(process.stderr),
  )
  voice.show(() => table.lines())
}
