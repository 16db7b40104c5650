// One schedule: a fleet of processes that work off made-up traffic while faults happen to them, in virtual time; hands over the history.
import { eventLoopTurn, type World } from '../core/clock.ts'
import { countedIds, seededRandom } from '../core/seeded.ts'
import { createVirtualClock } from '../core/virtual-clock.ts'
import { silentLog } from '../core/log.ts'
import type { FleetPlan, PipelinePlan } from '../core/plan.ts'
import { allSteps } from '../core/plan-walk.ts'
import { longestTriesMs } from '../core/attempt-time.ts'
import { makeConnections, sourceUse } from '../runtime/connections.ts'
import type { WorkerOptions } from '../runtime/worker.ts'
import type { Effect, History, Outcome } from '../oracle/history.ts'
import { inletOf } from '../testing/inlet.ts'
import type { EmbeddedBrokers } from '../testing/stage.ts'
import { answersOf } from './answers.ts'
import { Chance } from './chance.ts'
import { Chronicle } from './chronicle.ts'
import { deadlyHandlers, findsDeadly } from './deadly-handlers.ts'
import { planFaults, type FaultKind, type PlannedFault } from './fault-plan.ts'
import { faultyHandlers } from './handler-faults.ts'
import { Process } from './process.ts'
import { Traffic, type Arriving } from './traffic.ts'

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
  /** A fault happened. */
  readonly onFault: (kind: string) => void
}

/** Every schedule begins at this moment: 2026-01-01T00:00:00Z. */
const START = 1_767_225_600_000
/** Milliseconds of virtual time over which messages arrive. */
const TRAFFIC_MS = 8_000
/** Messages that come after the last fault. */
const FRESH = 4
/** Longest rest after the faults, of virtual time. */
const REST_MS = 30 * 60_000
/** So many turns without a timer, and nothing will come any more. */
const STUCK_TURNS = 100

/** All but what must become of each message. `calm`: the same messages and handlers, one process, and nothing happens to it. */
export async function play(
  parts: ScheduleParts,
  calm: boolean,
): Promise<Omit<History, 'outcomes'>> {
  const { code, pipeline, seed, messages, onFault } = parts
  const clock = createVirtualClock(START)
  const world: World = { clock, random: seededRandom(seed + 1), ids: countedIds() }
  const brokers = parts.makeBrokers(world)
  const chronicle = new Chronicle()
  // What arrives is drawn apart from what happens: the calm run sees the same messages.
  const traffic = new Traffic(
    code.plan,
    pipeline,
    code.checkOf,
    new Chance(seededRandom(seed)),
    parts.faults.has('duplicate'),
  )
  const chance = new Chance(seededRandom(seed + 2))
  const times = Array.from({ length: messages }, () => chance.between(0, TRAFFIC_MS)).toSorted(
    (a, b) => a - b,
  )
  const faults = calm ? [] : planFaults(parts.faults, code.plan, chance, TRAFFIC_MS)
  const connections = makeConnections(
    { plan: code.plan, factories: brokers.factories, world, log: silentLog },
    [sourceUse(code.plan, pipeline.from)],
  )
  const { driver: producer, sink, ensure } = inletOf(code.plan, '', pipeline.from, connections)
  await producer.connect()
  await ensure()

  let pending = 0
  let troubled = !calm
  const processes: Process[] = []
  const loaders = new Set(
    allSteps(pipeline).flatMap((one) => (one.kind === 'cache' ? [one.load.handler] : [])),
  )
  const handlers = parts.faults.has('handler')
    ? faultyHandlers({
        handlers: code.handlers,
        seed,
        loaders,
        retry: pipeline.failure.transient.retry,
        happened: calm ? () => {} : onFault,
      })
    : code.handlers
  const start = () => {
    const name = `w${processes.length + 1}`
    const trouble = {
      active: () => troubled && parts.faults.has('wire'),
      onDoubt() {
        onFault('lost-confirm')
        chronicle.add({ kind: 'doubted', process: name })
      },
      onRefusal: () => onFault('refusal'),
    }
    const die = () => {
      onFault('poison')
      process.kill()
      at(chance.between(1, 8_000), () => void start())
    }
    const process: Process = new Process({
      ...code,
      plan: unguarded(code.plan, pipeline),
      handlers:
        parts.faults.has('poison') && findsDeadly(code.plan)
          ? deadlyHandlers({ handlers, seed, loaders, die: calm ? undefined : die })
          : handlers,
      name,
      pipeline: pipeline.name,
      brokers,
      world,
      chance,
      chronicle,
      trouble: calm ? undefined : trouble,
      answers: answersOf(code.plan, code.checkOf, seed),
      calm,
      log: silentLog,
    })
    processes.push(process)
    return process
  }
  /** Of the simulation itself. */
  let fault: { readonly error: unknown } | undefined
  const at = (ms: number, what: () => void | Promise<void>) => {
    pending++
    clock.after(ms, () => {
      const over = () => pending--
      Promise.resolve(what())
        .catch((error: unknown) => (fault ??= { error }))
        .then(over, over)
    })
  }
  const send = async ({ key, value, headers, hostile, duplicate }: Arriving) => {
    if (!calm && duplicate) onFault('duplicate')
    if (!calm && hostile) onFault('malformed')
    await producer.whenUp()
    await sink.send({
      id: `given:${traffic.count}`,
      key: key === null ? null : Buffer.from(key),
      value,
      headers,
      timestamp: clock.now(),
      contentType: 'application/json',
    })
  }
  /** In the order in which they are made: the number of a message is its place among them. */
  let line = Promise.resolve()
  const arrive = (make: () => Arriving) => (line = line.then(() => send(make())))
  /** Turns in which nothing was left that could ever happen by itself. */
  let idleTurns = 0
  const step = async () => {
    await clock.advance(0)
    if (fault !== undefined) throw fault.error
    for (const process of processes) process.count()
    const next = clock.untilNext()
    idleTurns = next === undefined ? idleTurns + 1 : 0
    if (next === undefined) await eventLoopTurn()
    else await clock.advance(next)
  }

  start()
  for (const ms of times) at(ms, () => arrive(() => traffic.next()))
  for (const fault of faults) schedule(fault)

  function schedule(fault: PlannedFault): void {
    const main = () => processes.find(({ runs }) => runs)
    switch (fault.kind) {
      case 'crash':
        at(fault.atMs, () => {
          onFault('crash')
          main()?.kill()
          at(fault.backMs, () => void start())
        })
        break
      case 'sigterm':
        at(fault.atMs, async () => {
          onFault('sigterm')
          await main()?.stop()
          at(fault.backMs, () => void start())
        })
        break
      case 'rebalance':
        at(fault.atMs, () => {
          onFault('rebalance')
          const second = start()
          at(fault.forMs, () => second.stop())
        })
        break
      case 'outage':
        at(fault.atMs, () => {
          onFault('outage')
          brokers.setAvailable(fault.connection, false)
          at(fault.forMs, () => brokers.setAvailable(fault.connection, true))
        })
        break
    }
  }

  const rest = async (): Promise<boolean> => {
    // What waits for another attempt waits its time, and once more after a crash.
    const deadline = clock.monotonic() + REST_MS + 2 * longestTriesMs(pipeline)
    for (let quiet = 0; clock.monotonic() < deadline;) {
      const living = processes.filter(({ isOver }) => !isOver)
      const arrived = Array.from({ length: traffic.count }, (_, number) => number)
      const isQuiet =
        pending === 0 &&
        arrived.every((number) => chronicle.arrivals[number] !== undefined) &&
        (await Promise.all(living.map((process) => process.isIdle()))).every(Boolean)
      quiet = isQuiet ? quiet + 1 : 0
      if (quiet > 2) return true
      if (idleTurns > STUCK_TURNS) return false
      await step()
    }
    return false
  }
  const untilOver = async () => {
    while (pending > 0) await step()
  }
  await untilOver()
  troubled = false
  if (!processes.some(({ runs }) => runs)) start()
  const fresh = Array.from({ length: FRESH }, (_, index) => traffic.count + index)
  for (const _ of fresh) at(1, () => arrive(() => traffic.fresh()))
  await untilOver()
  const rested = await rest()
  let stopped = false
  void Promise.all(processes.map((process) => process.stop())).finally(() => (stopped = true))
  idleTurns = 0
  while (!stopped && idleTurns <= STUCK_TURNS) await step()
  await producer.close()
  return historyOf(chronicle, traffic, fresh, rested)
}

/** A guard judges traffic, and made-up traffic is no judge of a pipeline. */
const unguarded = (plan: FleetPlan, pipeline: PipelinePlan): FleetPlan => ({
  ...plan,
  pipelines: {
    ...plan.pipelines,
    [pipeline.name]: { ...pipeline, failure: { ...pipeline.failure, guard: undefined } },
  },
})

function historyOf(
  { arrivals, happenings, claims }: Chronicle,
  traffic: Traffic,
  fresh: readonly number[],
  rested: boolean,
): Omit<History, 'outcomes'> {
  const ends = new Map<number, number>()
  for (const arrival of arrivals)
    ends.set(arrival.partition, Math.max(ends.get(arrival.partition) ?? 0, arrival.offset + 1))
  return {
    arrivals,
    happenings,
    repeats: traffic.repeats(),
    claims,
    fresh,
    hostile: traffic.hostile(),
    ends,
    rested,
  }
}

/** What became of each message in a run in which nothing happened, and none was suppressed. */
export function outcomesOf({ happenings }: Pick<History, 'happenings'>, count: number): Outcome[] {
  const outcomes = Array.from({ length: count }, () => ({
    effects: [] as (Effect & { body: string })[],
    letter: undefined as string | undefined,
  }))
  for (const happening of happenings) {
    if (happening.kind !== 'effect' && happening.kind !== 'letter') continue
    const outcome = outcomes[happening.message ?? -1]
    if (outcome === undefined) continue
    if (happening.kind === 'letter') outcome.letter = happening.code
    else {
      const { step, item, body } = happening
      outcome.effects.push({ step, ...(item === undefined ? {} : { item }), body })
    }
  }
  return outcomes
}
