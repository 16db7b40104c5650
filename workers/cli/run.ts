// `sluice run`: one process that runs pipelines until it is stopped, or with --until-idle until its sources are empty.
import type { Counts } from '../core/telemetry.ts'
import { createClient } from '../client/client.ts'
import type { FleetClient } from '../client/shape.ts'
import { checkerOf } from '../compile/schemas.ts'
import { resolveSetting } from '../compile/settings.ts'
import type { Fleet } from '../generated/fleet.ts'
import { startProbes } from '../telemetry/probes.ts'
import { noCounts } from '../runtime/counts.ts'
import type { Worker } from '../runtime/worker.ts'
import type { Composition } from './composition.ts'
import { EXIT } from './exit.ts'
import { probeAddress } from './probe-address.ts'
import { checkFeed, sendFeed, type Feed } from './feed.ts'
import { findFleet } from './find-fleet.ts'
import {
  checkRecording,
  openRecording,
  type Recording,
  type RecordingOptions,
} from './recording/recording.ts'
import { identityOf } from './identity.ts'
import { makeWorker } from './make-worker.ts'
import { openSender, type Sender } from './sender.ts'
import { onStopSignal, type StopRequest } from './signals.ts'
import { reportOf, reportText } from './summary.ts'

export interface RunOptions extends RecordingOptions {
  readonly project?: string
  readonly pipelines: readonly string[]
  readonly embedded: boolean
  /** A tree that `sluice build` made, in place of the project: nothing is compiled, and brokers are waited for without end. */
  readonly built?: string
  readonly feeds: readonly Feed[]
  readonly untilIdle: boolean
  readonly format: 'text' | 'json'
  /** `[HOST:]PORT`; undefined: a free port on loopback, none with --until-idle. */
  readonly probes?: string
  /** Called once the worker runs; the demo makes its traffic here. Resolves when nothing more will come. */
  readonly traffic?: (started: Started) => Promise<void>
}

export interface Started {
  readonly worker: Worker
  readonly stop: StopRequest
  readonly send: (topic: string) => ReturnType<Sender['sink']>
  /** As other services have it, on the same brokers. */
  readonly client: FleetClient<Fleet>
}

/** Returns the exit code. Rejects with a SluiceError for what stops it from starting. */
export async function run(options: RunOptions, composition: Composition): Promise<number> {
  const { world, env, log } = composition
  checkRecording(options, options.feeds.length > 0 && !options.embedded)
  const found = await findFleet(options, composition)
  if (found === undefined) return EXIT.usage
  const { pipelines, load, hash } = found
  for (const feed of options.feeds) await checkFeed(feed, found.plan.topics)
  const code = await load()

  let made: Worker | undefined
  const brokers = { factories: composition.drivers(options.embedded), embedded: options.embedded }
  const recording = await openRecording(options, found, brokers, composition)
  const isShadow = recording?.mode === 'shadow'
  const { plan } = recording ?? found
  const telemetry = composition.telemetry(() => made?.counts ?? noCounts(), {
    complete: options.untilIdle,
    standings: () => made?.standings() ?? [],
  })
  const worker = makeWorker(
    {
      plan,
      pipelines,
      code,
      factories: recording?.factories ?? brokers.factories,
      telemetry: { ...telemetry, tracer: recording?.tracer(telemetry.tracer) ?? telemetry.tracer },
      patient: options.built !== undefined,
      watch: recording?.watch,
      shadow: isShadow,
    },
    composition,
  )
  made = worker

  const startedAt = world.clock.monotonic()
  const stop = onStopSignal((signal) => process.exit(signal === 'SIGINT' ? 130 : 143), world.clock)
  const probes = await openProbes(options, composition, worker, telemetry.metricsText)
  if (!options.embedded && !isShadow)
    worker.announce(identityOf({ plan: hash(), probes: probes?.port }))
  let started = false
  try {
    // A worker that is told to stop while it waits for a broker stops.
    started = await Promise.race([worker.start().then(() => true), stop.promise.then(() => false)])
    if (!started) return EXIT.ok
    log.info({ pipelines, probes: probes?.port }, 'The worker runs.')
    // Beside a shadow nobody sends to brokers either.
    const factories = isShadow && !options.embedded ? recording.factories : brokers.factories
    const outside = { plan, factories, prefix: resolveSetting(plan.prefix, env), world, log }
    const sender = openSender(outside)
    const { tracer } = telemetry
    const client = createClient<Fleet>({ ...outside, tracer, checkOf: checkerOf(plan) })
    const traffic = Promise.all([
      ...options.feeds.map((feed) => sendFeed(feed, sender.sink(feed.topic), world)),
      options.traffic?.({ worker, stop, send: sender.sink, client }),
    ])
    const failed = await lifetime(options, composition, worker, stop, traffic)
    await Promise.all([sender.close(), client.close()])
    return failed ? EXIT.failed : EXIT.ok
  } finally {
    await worker.stop()
    await telemetry.close()
    await probes?.close()
    stop.dispose()
    await recording?.close()
    if (started) report(options, recording, worker.counts, world.clock.monotonic() - startedAt)
  }
}

/** Resolves when the worker should stop; true when it stops because work failed. */
async function lifetime(
  options: RunOptions,
  { world, log }: Composition,
  worker: Worker,
  stop: StopRequest,
  traffic: Promise<unknown>,
): Promise<boolean> {
  const stopped = stop.promise.then(() => false)
  const work = traffic.then(async () => {
    if (!options.untilIdle) return stopped
    while (!stop.requested) {
      const paused = worker.paused()
      if (paused.length > 0) {
        log.error({ pipelines: paused, code: 'SLU5502' }, 'Stopped: the guard paused a pipeline.')
        return true
      }
      if (await worker.isIdle().catch(() => false)) return false
      await world.clock.sleep(50)
    }
    return false
  })
  return Promise.race([stopped, work])
}

function report(
  options: RunOptions,
  recording: Recording | undefined,
  counts: Counts,
  durationMs: number,
): void {
  const result = reportOf(counts, durationMs, recording)
  process.stdout.write(
    options.format === 'json' ? `${JSON.stringify(result)}\n` : reportText(result),
  )
}

async function openProbes(
  options: RunOptions,
  { world, log }: Composition,
  worker: Worker,
  metricsText: () => Promise<string>,
) {
  if (options.probes === undefined && options.untilIdle) return undefined
  return startProbes({
    ...probeAddress(options.probes),
    checks: () => worker.checks(),
    live: () => true,
    metricsText,
    clock: world.clock,
    log,
  })
}
