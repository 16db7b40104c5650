// Jobs on a real Redis: workers killed and stopped in the midst of them; every job is done, its report is there once, no good job fails.
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startOtlpReceiver } from '../support/otlp-receiver.ts'
import { openRedisView } from '../support/redis.ts'
import { sluice, until, type Running } from './support/worker-process.ts'

const PROJECT = resolve(import.meta.dirname, 'jobs-fleet')

let view: Redis
let prefix: string
let trainings: Queue
let reports: Queue
const workers: Running[] = []

beforeEach(async () => {
  view = await openRedisView()
  prefix = `e2e-${randomUUID().slice(0, 8)}.`
  trainings = new Queue(`${prefix}trainings`, { connection: view })
  reports = new Queue(`${prefix}reports`, { connection: view })
})
afterEach(async () => {
  for (const { child } of workers) if (child.exitCode === null) child.kill('SIGKILL')
  await Promise.all(workers.splice(0).map(({ finished }) => finished))
  for (const queue of [trainings, reports]) {
    await queue.obliterate({ force: true })
    await queue.close()
  }
  view.disconnect()
})

function worker(args: readonly string[] = [], env: Record<string, string> = {}): Running {
  const started = sluice(['run', 'training', '--project', PROJECT, ...args], {
    SLUICE_PREFIX: prefix,
    NO_COLOR: '1',
    ...env,
  })
  workers.push(started)
  return started
}

const fates = ['good', 'transient', 'permanent', 'malformed'] as const

/** As another program would add them, most of them good. */
async function add(count: number, takesMs: number): Promise<Map<string, (typeof fates)[number]>> {
  const all = new Map(
    Array.from({ length: count }, (_, n) => [
      `t${n}`,
      fates[n % 50 < 47 ? 0 : (n % 50) - 46] ?? 'good',
    ]),
  )
  await trainings.addBulk(
    [...all].map(([id, fate]) => ({
      name: 'training',
      data: {
        model_id: id,
        ...(fate === 'malformed' ? {} : { takes_ms: takesMs }),
        ...(fate === 'permanent' || fate === 'transient' ? { fault: fate } : {}),
      },
      opts: { jobId: id },
    })),
  )
  return all
}

const idsWith = (all: ReadonlyMap<string, string>, ...wanted: string[]) =>
  new Set([...all].filter(([, fate]) => wanted.includes(fate)).map(([id]) => id))

async function judged(all: ReadonlyMap<string, (typeof fates)[number]>) {
  const reported = await reports.getJobs(['wait'])
  const of = reported.map(({ data }) => (data as { model_id: string }).model_id)
  expect(new Set(of)).toEqual(idsWith(all, 'good', 'transient'))
  // The id of a report is that of its cause: a training that was done twice has one report.
  expect(of).toHaveLength(new Set(of).size)
  const failed = await trainings.getJobs(['failed'])
  expect(new Set(failed.map(({ id }) => id))).toEqual(idsWith(all, 'permanent', 'malformed'))
  const left = await trainings.getJobCounts('wait', 'active', 'delayed', 'prioritized')
  expect(Object.values(left)).toEqual([0, 0, 0, 0])
  expect(await trainings.getCompletedCount()).toBe(idsWith(all, 'good', 'transient').size)
  return failed
}

test('SIGKILL three times: every job is done, and has one report', async () => {
  const all = await add(1_500, 40)
  for (let kill = 0; kill < 3; kill++) {
    const before = await reports.getWaitingCount()
    const running = worker()
    await until('jobs are done', async () => (await reports.getWaitingCount()) > before + 100)
    running.child.kill('SIGKILL')
    expect((await running.finished).signal).toBe('SIGKILL')
  }
  const last = await worker(['--until-idle', '--format', 'json']).finished
  expect({ code: last.code, stderr: last.code === 0 ? '' : last.stderr }).toEqual({
    code: 0,
    stderr: '',
  })
  const [first] = await judged(all)
  const letter = JSON.parse(
    (await view.hget(trainings.toKey(first?.id ?? ''), 'sluice-letter')) ?? '{}',
  ) as Record<string, string>
  expect(letter).toMatchObject({
    'sluice-dlq-pipeline': 'training',
    'sluice-dlq-jobs': 'trainings',
    'sluice-dlq-message-id': first?.id,
  })
  expect(first?.failedReason).toMatch(/^SLU\d{4} /)
})

test('SIGTERM cuts jobs off that outlast the drain: they wait again at once, and none has failed', async () => {
  await trainings.addBulk(
    Array.from({ length: 30 }, (_, n) => ({
      name: 'training',
      // Longer than the drain, and shorter than the handler may take.
      data: { model_id: `t${n}`, takes_ms: n < 20 ? 60_000 : 10 },
      opts: { jobId: `t${n}` },
    })),
  )
  const running = worker()
  await until(
    'jobs are at work',
    async () => (await trainings.getJobs(['active'])).length >= 20,
    30_000,
  )
  running.child.kill('SIGTERM')
  await running.finished
  const counts = await trainings.getJobCounts('wait', 'active', 'failed', 'completed')
  expect(counts).toMatchObject({ active: 0, failed: 0 })
  expect((counts['wait'] ?? 0) + (counts['completed'] ?? 0)).toBe(30)
})

test('failed jobs are dead letters: looked at where they are, mended, and done', async () => {
  await trainings.addBulk(
    Array.from({ length: 5 }, (_, n) => ({
      name: 'training',
      data: { model_id: `t${n}`, ...(n < 3 ? { takes_ms: 1, fault: 'permanent' } : {}) },
      opts: { jobId: `t${n}` },
    })),
  )
  const json = async (...args: string[]): Promise<unknown> => {
    const started = sluice([...args, '--project', PROJECT, '--format', 'json'], {
      SLUICE_PREFIX: prefix,
      NO_COLOR: '1',
    })
    workers.push(started)
    const { code, stdout, stderr } = await started.finished
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    return JSON.parse(stdout)
  }
  await json('run', 'training', '--until-idle')
  for (let look = 0; look < 2; look++)
    expect(await json('dlq', 'list', 'trainings', '--letters')).toMatchObject({
      groups: expect.arrayContaining([
        expect.objectContaining({ code: 'SLU5102', counts: { open: 3, replayed: 0, dropped: 0 } }),
        expect.objectContaining({ code: 'SLU5002', counts: { open: 2, replayed: 0, dropped: 0 } }),
      ]),
      letters: { length: 5 },
    })
  const mended = '{ model_id: event.data.model_id, takes_ms: 2 }'
  const replay = ['dlq', 'replay', 'trainings', '--yes', '--where', "code === 'SLU5102'"]
  expect(await json(...replay, '--edit', mended)).toMatchObject({ replayed: 3, refused: [] })
  expect(await json(...replay, '--edit', mended)).toMatchObject({ replayed: 0 })
  await json('run', 'training', '--until-idle')
  const reported = await reports.getJobs(['wait'])
  expect(new Set(reported.map(({ data }) => (data as { model_id: string }).model_id))).toEqual(
    new Set(['t0', 't1', 't2']),
  )
  expect(await trainings.getFailedCount()).toBe(5)
})

test('one trace goes on from who added a job to the jobs that it leads to', async () => {
  const traceOf = (n: number) => String(n + 1).padStart(32, '0')
  await trainings.addBulk(
    Array.from({ length: 50 }, (_, n) => {
      const traceparent = `00-${traceOf(n)}-00f067aa0ba902b7-01`
      return {
        name: 'training',
        data: { model_id: `t${n}`, takes_ms: 1 },
        // Where BullMQ's own OpenTelemetry writes it.
        opts: { jobId: `t${n}`, telemetry: { metadata: JSON.stringify({ traceparent }) } },
      }
    }),
  )
  const receiver = await startOtlpReceiver()
  const run = worker(['--until-idle'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  })
  expect((await run.finished).code).toBe(0)
  await receiver.close()
  const named = (name: string) => receiver.spans.filter((span) => span.name === name)
  const given = new Set(Array.from({ length: 50 }, (_, n) => traceOf(n)))
  expect(new Set(named('process trainings').map(({ traceId }) => traceId))).toEqual(given)
  const spans = new Map(named('send reports').map(({ spanId, traceId }) => [spanId, traceId]))
  expect(spans.size).toBe(50)
  const carried = (await reports.getJobs(['wait'])).map(({ opts }) =>
    (JSON.parse(opts.telemetry?.metadata ?? '{}') as { traceparent: string }).traceparent.split(
      '-',
    ),
  )
  for (const [, trace = '', span = ''] of carried) expect(spans.get(span)).toBe(trace)
  expect(new Set(carried.map(([, trace]) => trace))).toEqual(given)
})

test.each([
  { drivers: 'embedded drivers', args: [], counts: { passed: 4 } },
  { drivers: 'a real Redis', args: ['--real'], counts: { passed: 3, notRun: 1 } },
])('cases that give and expect jobs hold on $drivers', async ({ args, counts }) => {
  const started = sluice(['test', '--project', PROJECT, '--format', 'json', ...args])
  workers.push(started)
  const { code, stdout } = await started.finished
  expect(code).toBe(0)
  const { cases, prefix: own } = JSON.parse(stdout) as {
    cases: { status: string }[]
    prefix?: string
  }
  const of = (status: string) => cases.filter((one) => one.status === status).length
  expect([of('passed'), of('not-run'), of('failed')]).toEqual([
    counts.passed,
    counts.notRun ?? 0,
    0,
  ])
  if (own !== undefined) for (const key of await view.keys(`bull:${own}*`)) await view.unlink(key)
})
