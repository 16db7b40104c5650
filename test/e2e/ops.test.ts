// `sluice ops` and `sluice health` as an operator meets them: real brokers, one of them away; and embedded.
import { afterEach, describe, expect, test } from 'vitest'
import type { OverallHealth } from '../../workers/ops/health/health.ts'
import { urlOf } from './support/ops.ts'
import { FLEET, sluice, type Running } from './support/worker-process.ts'

const BASE = '/api/v1/infrastructure'
const started: Running[] = []
afterEach(async () => {
  for (const { child } of started) child.kill('SIGTERM')
  await Promise.all(started.splice(0).map(({ finished }) => finished))
})

function ops(args: readonly string[], env: Record<string, string> = {}): Running {
  const one = sluice(['ops', '--port', '0', '--format', 'json', '--project', FLEET, ...args], {
    SLUICE_PREFIX: `ops-${process.pid}.`,
    ...env,
  })
  started.push(one)
  return one
}

test('with REDIS_PORT pointing nowhere: 503 on Redis and on the whole, 200 on the others and on /livez', async () => {
  const url = await urlOf(ops([], { REDIS_PORT: '1' }))
  const status = async (path: string) => (await fetch(url + path)).status
  expect(await status(`${BASE}/redis/health`)).toBe(503)
  expect(await status(`${BASE}/health`)).toBe(503)
  expect(await status(`${BASE}/rabbitmq/health`)).toBe(200)
  expect(await status(`${BASE}/kafka/health`)).toBe(200)
  expect(await status('/livez')).toBe(200)
  expect(await status('/startupz')).toBe(200)
})

test('sees the workers of the fleet and what they read', async () => {
  const url = await urlOf(ops([]))
  const run = sluice(['run', '--project', FLEET], { SLUICE_PREFIX: `ops-${process.pid}.` })
  started.push(run)
  const look = async () => (await (await fetch(`${url}${BASE}/health`)).json()) as OverallHealth
  await expect
    .poll(async () => (await look()).workers?.ready, { timeout: 60_000, interval: 200 })
    .toBe(1)
  const { components } = await look()
  expect(components.kafka?.connections['events']?.facts).toMatchObject({
    groups: expect.arrayContaining([
      expect.objectContaining({ name: 'scoring', members: 1, lag: 0 }),
    ]) as unknown,
  })
  const metrics = await (await fetch(`${url}${BASE}/metrics`)).text()
  expect(metrics).toMatch(/^sluice_group_lag\{.*group="scoring".*partition="0"\} 0$/m)
})

test('--embedded runs the pipelines itself, on what stands in for each broker', async () => {
  const running = ops(['--embedded'], { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1', REDIS_PORT: '1' })
  const url = await urlOf(running)
  const status = async (path: string) => (await fetch(url + path)).status
  await expect.poll(() => status('/startupz'), { timeout: 30_000 }).toBe(200)
  await expect.poll(() => status('/readyz'), { timeout: 30_000 }).toBe(200)
  const health = async () => (await (await fetch(`${url}${BASE}/health`)).json()) as OverallHealth
  await expect
    .poll(health, { timeout: 30_000 })
    .toMatchObject({ status: 'pass', workers: { ready: 1 } })
  expect(await (await fetch(`${url}${BASE}/metrics`)).text()).toContain('pipeline="scoring"')
  running.child.kill('SIGTERM')
  expect((await running.finished).code).toBe(0)
})

describe('sluice health', () => {
  const health = (env: Record<string, string>, ...args: string[]) =>
    sluice(['health', '--project', FLEET, ...args], { NO_COLOR: '1', ...env }).finished

  test('exits 0 when nothing fails, as JSON too', async () => {
    const { code, stdout, stderr } = await health({}, '--format', 'json')
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, fleet: 'proof' })
  })

  test('exits 3 when a broker is away, and says which, where and what to do', async () => {
    const { code, stdout } = await health({ REDIS_PORT: '1' })
    expect(code).toBe(3)
    expect(stdout).toMatch(/✗ hot {2}Redis at 127\.0\.0\.1:1 {2}pipelines\/fleet\.yaml:\d+/)
    expect(stdout).toMatch(/✗ answers .*SLU5401\n *next: /)
  })
})
