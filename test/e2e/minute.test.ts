// A dependency that is away for a minute while traffic keeps coming: the source is paused, nobody loses an attempt to it, and the lag is made up for.
// SLUICE_OUTAGE_SECONDS makes the minute shorter where time is dear.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startRabbit, type IsolatedBroker } from '../../infra/brokers/index.ts'
import type { RunReport } from '../../workers/cli/summary.ts'
import { committed, readTopic, topicSize } from './support/brokers-io.ts'
import { startFleet, type FleetRun } from './support/fleet-run.ts'
import { makeLoad } from './support/load.ts'
import { probeOf, type Probe } from './support/probe.ts'
import { copyProject, type ProjectCopy } from './support/project-copy.ts'
import { startTraffic, type Traffic } from './support/steady-traffic.ts'
import { judge } from './support/verdict.ts'
import { FLEET, until, type Running } from './support/worker-process.ts'

const OUTAGE_S = Number(process.env['SLUICE_OUTAGE_SECONDS'] ?? 60)
const PER_SECOND = 300
const WITHIN_MS = OUTAGE_S * 1_000 + 180_000
/** What has not been done in a minute is done within half of one. */
const CATCH_UP_MS = 30_000
const DEAD_LETTERED = 'sluice_messages_total{pipeline="scoring",outcome="deadLettered"}'
const ACCEPTED = 'sluice_accepted_total{pipeline="scoring"}'

let fleet: FleetRun
let traffic: Traffic | undefined
beforeEach(() => {
  traffic = undefined
})
afterEach(async () => {
  await traffic?.stop().catch(() => {})
  await fleet.end()
})

/** Good events alone: whatever becomes a dead letter became one by the outage. */
const LOAD = () =>
  makeLoad({
    events: PER_SECOND * (OUTAGE_S + 120),
    keys: 300,
    malformed: 0,
    transient: 0,
    permanent: 0,
    filtered: 0.05,
  })

const lag = async () =>
  (await topicSize(`${fleet.prefix}requests`)) -
  (await committed(`${fleet.prefix}scoring`, `${fleet.prefix}requests`))

interface Outage {
  readonly begin: () => unknown
  readonly end: () => unknown
  /** Of the failing check of `/readyz`. */
  readonly detail: RegExp
}

/** Takes the dependency away under load, looks at the worker all the while, and says how the lag went. */
async function outage(probe: Probe, { begin, end, detail }: Outage) {
  await until('the lane is caught up with', async () => (await lag()) < PER_SECOND * 2)
  await begin()
  const from = performance.now()
  const away = () => (performance.now() - from) / 1_000
  await until('it says what it waits for', async () => {
    const { status, details } = await probe.ready()
    return status === 503 && Object.values(details).some((text) => detail.test(text))
  })
  const noticed = away()
  // What it had room for it has taken.
  await until('the source is paused', async () => {
    const before = await probe.metric(ACCEPTED)
    await sleep(1_000)
    return (await probe.metric(ACCEPTED)) === before
  })
  const paused = { at: away(), accepted: await probe.metric(ACCEPTED), lag: await lag() }
  let ready = 0
  while (away() < OUTAGE_S) {
    ready += (await probe.ready()).status === 200 ? 1 : 0
    await sleep(500)
  }
  const held = { accepted: await probe.metric(ACCEPTED), lag: await lag() }
  await end()
  const whole = away()
  const back = performance.now()
  await until('the lag is made up for', async () => (await lag()) < PER_SECOND, CATCH_UP_MS)
  const caughtUpMs = performance.now() - back
  expect((await probe.ready()).status).toBe(200)
  console.info(
    `away for ${whole.toFixed(0)} s at ${PER_SECOND}/s: noticed after ${noticed.toFixed(1)} s, lag ${held.lag}, made up for in ${(caughtUpMs / 1_000).toFixed(1)} s`,
  )
  // A breaker lets one after the other try, and is half open then: not ready all the same.
  expect(ready).toBe(0)
  expect(held.accepted).toBe(paused.accepted)
  expect(held.lag - paused.lag).toBeGreaterThan(((OUTAGE_S - paused.at) * PER_SECOND) / 2)
  expect(await probe.metric(DEAD_LETTERED)).toBe(0)
}

/** Stops traffic and worker, and compares what stands on the brokers with what was sent. */
async function settled(worker: Running) {
  const load = (await traffic?.stop()) ?? []
  await until('everything is done', async () => (await lag()) === 0, CATCH_UP_MS)
  worker.child.kill('SIGTERM')
  const { code, stdout, stderr } = await worker.finished
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  expect((JSON.parse(stdout) as RunReport).pipelines['scoring']).toMatchObject({
    accepted: load.length,
    deadLettered: 0,
  })
  expect(await readTopic(`${fleet.prefix}requests.dlq`)).toEqual([])
  const verdict = await judge(fleet.prefix, load)
  expect(verdict).toMatchObject({ lost: [], invented: [], disordered: [] })
  return verdict.repeats
}

test(
  'RabbitMQ, where the commands go, is away',
  async () => {
    const rabbit: IsolatedBroker = await startRabbit()
    const before = { ...process.env }
    Object.assign(process.env, rabbit.env)
    try {
      fleet = await startFleet()
      const worker = fleet.worker(['--format', 'json'])
      const probe = await probeOf(worker)
      traffic = startTraffic(`${fleet.prefix}requests`, LOAD(), PER_SECOND)
      await until('work flows', async () => (await topicSize(`${fleet.prefix}results`)) > 1_000)
      await outage(probe, {
        begin: () => rabbit.kill('SIGKILL'),
        end: () => rabbit.restart(),
        detail: /^away$/,
      })
      const repeats = await settled(worker)
      // What was under way when it was killed had an unknown outcome, and was sent again.
      expect(repeats.alerts).toBeLessThanOrEqual(256)
      expect(repeats.results).toBe(0)
    } finally {
      await rabbit.stop()
      for (const name of Object.keys(rabbit.env)) process.env[name] = before[name]
    }
  },
  WITHIN_MS,
)

/** A handler's own dependency: it answers, or fails every call. */
async function startModel() {
  let down = false
  let failed = 0
  const server: Server = createServer((_request, response) => {
    if (down) failed++
    response.writeHead(down ? 503 : 204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setDown: (on: boolean) => (down = on),
    failed: () => failed,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  }
}

const ASKING = `import type { Handler } from '../../../../../workers/core/handler.ts'

const settle: Handler<{ readonly fault?: string }, { settled: true }> = async (_input, { signal }) => {
  const answer = await fetch(process.env['MODEL_URL'] ?? '', { signal })
  if (!answer.ok) throw new Error(\`the model answered \${answer.status}\`)
  return { settled: true }
}

export default settle
`
const BREAKER = '{ window: 50, minimum: 20, failureRate: 50, open: 2s, probes: 3 }'

test(
  'what a handler asks fails every call, behind a breaker',
  async () => {
    const model = await startModel()
    const project: ProjectCopy = await copyProject(FLEET)
    try {
      await project.write('workers/handlers/settle.ts', ASKING)
      await project.edit(
        'pipelines/fleet.yaml',
        'state:',
        `policies: { breakers: { model: ${BREAKER} } }\nstate:`,
      )
      // Longer than the breaker takes to open: else the first who fail use their attempts up before.
      const waits = 'first: 200ms, max: 2s, jitter: none'
      await project.edit('pipelines/scoring.yaml', /first: 20ms.*full/, waits)
      await project.edit(
        'pipelines/scoring.yaml',
        'handler: settle,',
        'handler: settle, breaker: model,',
      )
      fleet = await startFleet('scoring', project.path)
      const worker = fleet.worker(['--format', 'json'], { MODEL_URL: model.url })
      const probe = await probeOf(worker)
      traffic = startTraffic(`${fleet.prefix}requests`, LOAD(), PER_SECOND)
      await until('work flows', async () => (await topicSize(`${fleet.prefix}results`)) > 1_000)
      await outage(probe, {
        begin: () => model.setDown(true),
        end: () => model.setDown(false),
        detail: /^waits for breaker model/,
      })
      // Those that noticed it, and one probe in each two seconds.
      expect(model.failed()).toBeLessThan(256 + OUTAGE_S)
      expect(await settled(worker)).toEqual({ results: 0, alerts: 0, letters: 0 })
    } finally {
      await model.close()
      await project.remove()
    }
  },
  WITHIN_MS,
)
