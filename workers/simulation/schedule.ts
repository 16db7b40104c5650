// One schedule: a fleet of processes that work off made-up traffic while faults happen to them, in virtual time; hands over the history.
import { eventLoopTurn, type World } from '../core/clock.ts'
import { countedIds, seededRandom } from '../core/seeded.ts'
import { createVirtualClock } from '../core/virtual-clock.ts'
import { silentLog } from '../core/log.ts'
import type { FleetPlan, PipelinePlan } from '../core/plan.ts'
import { sourcePlan } from '../core/source-plan.ts'
import { longestTriesMs } from '../core/attempt-time.ts'
import { makeConnections } from '../runtime/connections.ts'
import type { WorkerOptions } from '../runtime/worker.ts'
import type { Arrival, History } from '../oracle/history.ts'
import { inletOf, inletUses } from '../testing/inlet.ts'
import type { EmbeddedBrokers } from '../testing/stage.ts'
import { arrivalTimes, START, TRAFFIC_MS } from './arrival-times.ts'
import { Chronicle } from './chronicle.ts'
import { Crossings } from './crossings.ts'
import { bring } from './disasters.ts'
import { planFaults, type FaultKind } from './fault-plan.ts'
import { Fleet } from './fleet.ts'
import type { Keep } from './keep.ts'
import { Sent } from './sent.ts'
import { rollingSteps } from './rolling.ts'
import type { Traffic } from './traffic.ts'

export interface SimulatedCode extends Pick<WorkerOptions, 'modules' | 'handlers' | 'checkOf'> {
  readonly plan: FleetPlan
}

export interface ScheduleParts {
  readonly code: SimulatedCode
  readonly pipeline: PipelinePlan
  readonly makeBrokers: (world: World) => EmbeddedBrokers
  readonly seed: number
  readonly messages: number
  readonly faults: ReadonlySet<FaultKind>
  readonly traffic: Traffic
  /** Undefined: everything. */
  readonly keep: Keep | undefined
  /** The same messages and handlers, one process, and nothing happens to it: shows what must become of each message. */
  readonly calm: boolean
}

export interface Played {
  /** All but what must become of each message. */
  readonly history: Omit<History, 'outcomes'>
  readonly chronicle: Chronicle
  /** Names of the faults that happened, in their order: of some a name of their own, of others that of their kind. */
  readonly happened: readonly string[]
}

/** Messages that come after the last fault. */
export const FRESH = 4
/** Longest rest after the faults, or after a message was given up, of virtual time. */
const REST_MS = 30 * 60_000
/** So many turns without a timer, and nothing will come any more. */
const STUCK_TURNS = 100

export async function play(parts: ScheduleParts): Promise<Played> {
  const { code, pipeline, seed, messages, faults, traffic, keep, calm } = parts
  const clock = createVirtualClock(START)
  const world: World = { clock, random: seededRandom(seed + 1), ids: countedIds() }
  const brokers = parts.makeBrokers(world)
  const chronicle = new Chronicle(() => clock.monotonic(), rollingSteps(pipeline))
  const sent = new Sent(traffic)
  const happened: string[] = []
  const onFault = (id: string) => {
    if (calm) return
    happened.push(id)
    chronicle.blow(id)
  }
  const isKept = (id: string) => keep === undefined || keep.faults.has(id)
  let pending = 0
  let troubled = true
  /** Of the simulation itself. */
  let broken: { readonly error: unknown } | undefined
  const at = (ms: number, what: () => void | Promise<void>) => {
    pending++
    clock.after(ms, () => {
      const over = () => pending--
      Promise.resolve()
        .then(what)
        .catch((error: unknown) => (broken ??= { error }))
        .then(over, over)
    })
  }
  const crossings = new Crossings({
    seed,
    faults,
    placeOf: (number) => sent.placeOf(number),
    happens: (id) => troubled && isKept(id),
  })
  const fleet = new Fleet({
    schedule: parts,
    clock,
    world,
    brokers,
    chronicle,
    crossings: calm ? undefined : crossings,
    onFault,
    at,
  })
  const connections = makeConnections(
    { plan: code.plan, factories: brokers.factories, world, log: silentLog },
    inletUses(code.plan, pipeline.from),
  )
  const {
    driver: producer,
    sink,
    ensure,
  } = inletOf(code.plan, '', pipeline.from, connections, world)
  await Promise.all([...connections.all.values()].map((driver) => driver.connect()))
  await ensure()

  const times = arrivalTimes(seed, messages, TRAFFIC_MS)
  const send = async (place: number) => {
    const { key, value, headers, hostile, duplicate, first } = sent.add(place)
    if (duplicate) onFault('duplicate')
    if (hostile) onFault('malformed')
    await producer.whenUp()
    await sink.send({
      id: `given:${sent.count}`,
      key: key === null ? null : Buffer.from(key),
      value,
      headers,
      // Of the message and not of the moment: expressions may read it.
      timestamp: START + (times[first] ?? TRAFFIC_MS + first),
      contentType: 'application/json',
      // What is no good would not even be written.
      ...(hostile ? { verbatim: true } : {}),
    })
  }
  /** In the order in which they are made: the number of a message is its place among them. */
  let line = Promise.resolve()
  const arrive = (place: number) => (line = line.then(() => send(place)))
  const isSent = (place: number) => keep === undefined || keep.messages.has(place)
  /** Turns in which nothing was left that could ever happen by itself. */
  let idleTurns = 0
  const step = async () => {
    await clock.advance(0)
    if (broken !== undefined) throw broken.error
    for (const process of fleet.processes) process.count()
    const next = clock.untilNext()
    idleTurns = next === undefined ? idleTurns + 1 : 0
    if (next === undefined) await eventLoopTurn()
    else await clock.advance(next)
  }
  const untilOver = async () => {
    while (pending > 0) await step()
  }

  fleet.start()
  for (const [place, ms] of times.entries()) if (isSent(place)) at(ms, () => arrive(place))
  const source = sourcePlan(code.plan, pipeline.from)?.connection ?? ''
  const planned = calm
    ? []
    : planFaults({ plan: code.plan, pipeline, seed, faults, withinMs: TRAFFIC_MS })
  for (const fault of planned)
    if (isKept(fault.id)) bring(fault, { fleet, brokers, source, onFault, at })

  /** How far the wall clock may have jumped: what waits by it waits so much longer. */
  const jumpsMs = planned.reduce(
    (sum, one) => sum + (one.kind === 'clock-jump' ? Math.abs(one.byMs) : 0),
    0,
  )
  const rest = async (): Promise<boolean> => {
    // What waits for another attempt waits its time, and once more after a crash. Whatever is given up may have held others up.
    const patienceMs = REST_MS + jumpsMs + 2 * longestTriesMs(pipeline)
    let deadline = clock.monotonic() + patienceMs
    let givenUp = 0
    for (let quiet = 0; clock.monotonic() < deadline;) {
      if (chronicle.givenUp.size > givenUp) {
        givenUp = chronicle.givenUp.size
        deadline = clock.monotonic() + patienceMs
      }
      const living = fleet.processes.filter(({ isOver }) => !isOver)
      const isQuiet =
        pending === 0 &&
        chronicle.hasAll(sent.count) &&
        (await Promise.all(living.map((process) => process.isIdle()))).every(Boolean)
      quiet = isQuiet ? quiet + 1 : 0
      if (quiet > 2) return true
      if (idleTurns > STUCK_TURNS) return false
      await step()
    }
    return false
  }
  await untilOver()
  troubled = false
  if (fleet.main === undefined) fleet.start()
  const before = sent.count
  const fresh = Array.from({ length: FRESH }, (_, index) => messages + index).filter(isSent)
  for (const place of fresh) at(1, () => arrive(place))
  await untilOver()
  const rested = await rest()
  let stopped = false
  void Promise.all(fleet.processes.map((process) => process.stop())).finally(() => (stopped = true))
  idleTurns = 0
  while (!stopped && idleTurns <= STUCK_TURNS) await step()
  await producer.close()
  const numbers = fresh.map((_, index) => before + index)
  return { history: historyOf(chronicle, sent, numbers, rested), chronicle, happened }
}

function historyOf(
  { arrivals: seen, happenings, claims }: Chronicle,
  sent: Sent,
  fresh: readonly number[],
  rested: boolean,
): Omit<History, 'outcomes'> {
  const ends = new Map<number, number>()
  const arrivals = Array.from({ length: sent.count }, (_, number) => seen[number] ?? NOWHERE)
  for (const arrival of arrivals.filter((one) => one !== NOWHERE))
    ends.set(arrival.partition, Math.max(ends.get(arrival.partition) ?? 0, arrival.offset + 1))
  return {
    arrivals,
    happenings,
    repeats: sent.repeats(),
    claims,
    fresh,
    hostile: sent.hostile(),
    ends,
    rested,
  }
}

/** Nobody was ever offered it: it is lost. */
const NOWHERE: Arrival = { partition: -1, offset: -1, key: null }
