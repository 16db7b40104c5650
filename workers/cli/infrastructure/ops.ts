// `sluice ops`: serves the operations API until it is stopped; with --embedded it runs the pipelines as well.
import { resolveSetting } from '../../compile/settings.ts'
import { SluiceError } from '../../core/errors.ts'
import type { FleetPlan } from '../../core/plan.ts'
import type { Check } from '../../core/telemetry.ts'
import { Access, isLoopback } from '../../ops/api/access.ts'
import { Api } from '../../ops/api/answer.ts'
import { PROBLEM_OF } from '../../ops/api/problem.ts'
import { noCounts } from '../../runtime/counts.ts'
import type { Worker } from '../../runtime/worker.ts'
import { serveHttp, type Served } from '../../telemetry/http.ts'
import type { BrokerFactories, Composition } from '../composition.ts'
import { secretIn } from '../drivers.ts'
import { EXIT } from '../exit.ts'
import { findFleet, type FoundFleet } from '../find-fleet.ts'
import { identityOf } from '../identity.ts'
import { makeWorker } from '../make-worker.ts'
import { onStopSignal } from '../signals.ts'
import { openAlerting } from './alerting.ts'
import { openMonitor } from './open.ts'

export interface OpsOptions {
  readonly project?: string
  /** A tree that `sluice build` made, in place of the project. */
  readonly built?: string
  readonly embedded: boolean
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly format: 'text' | 'json'
}

/** As many watchers as one process can have. */
const CONNECTIONS = 1_024
const SHORTEST_TOKEN = 16

/** Returns the exit code. Rejects for variables that are missing or malformed, for a token that is, and for a port that is taken. */
export async function ops(options: OpsOptions, composition: Composition): Promise<number> {
  const { world, env, log } = composition
  const found = await findFleet({ ...options, pipelines: [] }, composition)
  if (found === undefined) return EXIT.usage
  const { plan } = found
  // Nothing is opened for whoever could not ask.
  const access = accessOf(options, plan, env)
  const factories = composition.drivers(options.embedded)
  const pipelines = await startable(options.embedded, found, factories, composition)
  const opened = await openMonitor(plan, factories, composition)
  const alerting = await openAlerting({ found, factories, ...opened }, composition)
  const stop = onStopSignal((signal) => process.exit(signal === 'SIGINT' ? 130 : 143), world.clock)
  let served: Served | undefined
  try {
    const { monitor } = opened
    const { checks, started, ownMetrics } = pipelines
    const { clock } = world
    const api = new Api({
      monitor,
      access,
      checks,
      started,
      ownMetrics,
      alertMetrics: () => alerting.metrics(),
      clock,
    })
    served = await serveHttp({
      ...options,
      what: 'the operations API',
      connections: CONNECTIONS,
      answer: (request) => api.answer(request),
      failed: (status) => PROBLEM_OF[status],
      log,
    })
    // The first look connects to all brokers; the first who asks need not wait for that.
    void monitor.getOverallHealth()
    alerting.start()
    say(options, served.port)
    await Promise.race([pipelines.start(served.port), stop.promise])
    await stop.promise
    return EXIT.ok
  } finally {
    await alerting.stop()
    await pipelines.stop()
    await served?.close()
    await opened.close()
    stop.dispose()
  }
}

/** Of the environment; nobody asks for it twice. */
function tokenOf({ ops: { token } }: FleetPlan, env: NodeJS.ProcessEnv): string | undefined {
  const value =
    token === undefined ? undefined : secretIn(token, env, '`ops.token` (pipelines/fleet.yaml)')
  if (value !== undefined && !(/^[!-~]+$/.test(value) && value.length >= SHORTEST_TOKEN))
    throw new SluiceError('SLU1181', {
      message: `${token?.secret} is no token: it takes ${SHORTEST_TOKEN} characters or more, of printable ASCII`,
    })
  return value
}

function accessOf({ host }: OpsOptions, plan: FleetPlan, env: NodeJS.ProcessEnv): Access {
  const profile = resolveSetting(plan.profile, env)
  const token = tokenOf(plan, env)
  const openOnLoopback = profile === 'development'
  if (token === undefined && !(openOnLoopback && isLoopback(host)))
    throw new SluiceError('SLU1180', {
      message: `without a token nobody could ask the operations API on ${host} in the ${profile} profile`,
    })
  return new Access({ token, openOnLoopback })
}

function say({ host, format }: OpsOptions, port: number): void {
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  process.stdout.write(
    format === 'json'
      ? `${JSON.stringify({ event: 'listening', url })}\n`
      : `Operations API at ${url}; what there is: ${url}/openapi.json\n`,
  )
}

interface Startable {
  /** Resolves when everything runs. */
  start(port: number): Promise<void>
  started(): boolean
  checks(): readonly Check[]
  ownMetrics(): Promise<string>
  /** Drains. Idempotent, never rejects. */
  stop(): Promise<void>
}

/** The pipelines of an embedded fleet; of any other nothing runs here. */
async function startable(
  embedded: boolean,
  { plan, pipelines, load, hash }: FoundFleet,
  factories: BrokerFactories,
  composition: Composition,
): Promise<Startable> {
  if (!embedded)
    return {
      start: () => Promise.resolve(),
      started: () => true,
      checks: () => [],
      ownMetrics: () => Promise.resolve(''),
      stop: () => Promise.resolve(),
    }
  const code = await load()
  let made: Worker | undefined
  const telemetry = composition.telemetry(() => made?.counts ?? noCounts(), {
    complete: false,
    standings: () => made?.standings() ?? [],
  })
  const worker = makeWorker({ plan, pipelines, code, factories, telemetry }, composition)
  made = worker
  let isStarted = false
  return {
    async start(port) {
      worker.announce(identityOf({ plan: hash(), probes: port }))
      await worker.start()
      isStarted = true
    },
    started: () => isStarted,
    checks: () => worker.checks(),
    ownMetrics: () => telemetry.metricsText(),
    async stop() {
      await worker.stop()
      await telemetry.close()
    },
  }
}
