// What `run` is put together from when it is recorded: live drivers that are watched, or those of a shadow, which has no others.
import { resolveSetting } from '../../compile/settings.ts'
import { isoTime } from '../../core/clock.ts'
import { SluiceError } from '../../core/errors.ts'
import type { FleetPlan, PipelinePlan } from '../../core/plan.ts'
import { handlersOf, usesState } from '../../core/plan-walk.ts'
import { sourceName } from '../../core/source-plan.ts'
import type { Tracer } from '../../core/telemetry.ts'
import { Journal } from '../../recording/journal.ts'
import type { Head, Mode, RecordedPipeline } from '../../recording/line.ts'
import { recordedDrivers } from '../../recording/live-drivers.ts'
import { recordedOrigin, recordedTracer } from '../../recording/recorded-runtime.ts'
import { Recorder } from '../../recording/recorder.ts'
import { shadowDrivers } from '../../recording/shadow-drivers.ts'
import { shadowPlan } from '../../recording/shadow-plan.ts'
import type { AssemblyParts } from '../../runtime/assemble.ts'
import { connectWithin, makeConnections, type DriverFactories } from '../../runtime/connections.ts'
import { provision } from '../../runtime/provision.ts'
import type { Composition } from '../composition.ts'

export interface RecordingOptions {
  readonly shadow?: string
  readonly record?: string
  readonly group?: string
  readonly start?: 'earliest' | 'latest'
  readonly ask?: boolean
  readonly stores?: boolean
}

/** What takes the place of the parts of a run. */
export interface Recording {
  readonly mode: Mode
  readonly file: string
  readonly plan: FleetPlan
  readonly factories: DriverFactories
  readonly watch: NonNullable<AssemblyParts['watch']>
  tracer(inner: Tracer): Tracer
  /** After the worker has stopped. Rejects with SLU5516. */
  close(): Promise<void>
}

interface RecordedFleet {
  readonly plan: FleetPlan
  readonly pipelines: readonly string[]
}

/** Throws SLU1010. */
export function checkRecording(
  { shadow, record, group, start, ask = false, stores = false }: RecordingOptions,
  feedsBrokers: boolean,
): void {
  const refused = (message: string) => new SluiceError('SLU1010', { message })
  if (shadow !== undefined && record !== undefined)
    throw refused('a run is a shadow or is recorded live, not both')
  if (shadow === undefined && (group !== undefined || start !== undefined || ask || stores))
    throw refused('--group, --start, --ask and --stores are those of a shadow: --shadow FILE')
  if (shadow !== undefined && feedsBrokers)
    throw refused('--feed would send to a live topic; with --embedded it does not')
}

/** Undefined: the run is not recorded. The file is there, nothing is connected. */
export async function openRecording(
  options: RecordingOptions,
  fleet: RecordedFleet,
  brokers: { readonly factories: DriverFactories; readonly embedded: boolean },
  composition: Composition,
): Promise<Recording | undefined> {
  const { world, log } = composition
  const { shadow, record } = options
  const file = shadow ?? record
  if (file === undefined) return undefined
  const mode = shadow === undefined ? 'live' : 'shadow'
  const plan = mode === 'live' ? fleet.plan : shadowOf(fleet, options)
  const journal = new Journal(file, headOf(mode, { ...fleet, plan }, composition))
  if (journal.cutOff > 0)
    log.warn({ file, bytes: journal.cutOff }, 'A line that was half-written is cut off.')
  const recorder = new Recorder(journal, world.clock)
  if (mode === 'shadow') {
    if (brokers.embedded) await provideSources({ ...fleet, plan }, brokers.factories, composition)
    warn({ ...fleet, plan }, file, journal.goesOn, composition)
  }
  const factories =
    mode === 'live'
      ? recordedDrivers({ factories: brokers.factories, recorder, clock: world.clock, log })
      : shadowDrivers({
          readers: brokers.factories,
          askers: options.ask === true ? brokers.factories : undefined,
          keepers: options.stores === true ? brokers.factories : undefined,
          inProcess: composition.embedded(world).factories,
          recorder,
        })
  return {
    mode,
    file,
    plan,
    factories,
    watch: (origin, pipeline) => recordedOrigin(origin, pipeline, recorder),
    tracer: (inner) => recordedTracer(inner, recorder),
    close: () => journal.close(),
  }
}

const shadowOf = ({ plan, pipelines }: RecordedFleet, options: RecordingOptions): FleetPlan =>
  shadowPlan(plan, pipelines, {
    group: options.group,
    start: options.start,
    ask: options.ask === true,
    stores: options.stores === true,
  })

function headOf(mode: Mode, { plan, pipelines }: RecordedFleet, { world, env }: Composition): Head {
  const prefix = resolveSetting(plan.prefix, env)
  const told = pipelines.map((name): [string, RecordedPipeline] => {
    const { from, order } = plan.pipelines[name] as PipelinePlan
    const group = from.kind === 'topic' ? { group: prefix + from.group } : {}
    return [name, { source: sourceName(from), ...group, order }]
  })
  return {
    recording: 1,
    mode,
    fleet: plan.fleet,
    pipelines: Object.fromEntries(told),
    at: isoTime(world.clock.now()),
  }
}

/** Somebody has to know it before it happens. */
function warn(
  { plan, pipelines }: RecordedFleet,
  file: string,
  goesOn: boolean,
  { log }: Composition,
): void {
  const plans = pipelines.map((name) => plan.pipelines[name] as PipelinePlan)
  const handlers = [...new Set(plans.flatMap(handlersOf))]
  log.warn(
    { code: 'SLU5515', pipelines, file, handlers },
    'A shadow: nothing that the pipelines send leaves this process. Their handlers run for real: what one does by itself is done.',
  )
  const forgetful = plans.filter(usesState).map(({ name }) => name)
  if (goesOn && forgetful.length > 0)
    log.warn(
      { code: 'SLU5518', pipelines: forgetful, file },
      'A shadow goes on: what these pipelines remembered of earlier messages ended with the process before.',
    )
}

/** Embedded topics are made anew in every process, and a shadow makes none. */
async function provideSources(
  { plan, pipelines }: RecordedFleet,
  factories: DriverFactories,
  { world, env, log }: Composition,
): Promise<void> {
  const names = new Set(
    pipelines.map((name) => sourceName((plan.pipelines[name] as PipelinePlan).from)),
  )
  const uses = new Set([...names].map((name) => plan.topics[name]?.connection as string))
  const connections = makeConnections({ plan, factories, world, log }, uses)
  const prefix = resolveSetting(plan.prefix, env)
  for (const [use, driver] of connections.all) {
    const connection = plan.connections[use]
    if (connection === undefined) continue
    await connectWithin(driver, connection, plan.connectWithinMs, world)
    await provision({ plan, prefix, connections, names }, use)
    await driver.close()
  }
}
