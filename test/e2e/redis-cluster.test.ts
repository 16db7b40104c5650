// What the command line says of a Redis Cluster: whole, without one of its nodes, and named as what it is not.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  startRedis,
  startRedisCluster,
  type IsolatedBroker,
  type IsolatedCluster,
} from '../../infra/brokers/index.ts'
import type { Diagnosis, Examined } from '../../workers/ops/doctor/doctor.ts'
import type { ConnectionHealth, OverallHealth } from '../../workers/ops/health/health.ts'
import type { Lag } from '../../workers/ops/lag.ts'
import { eventually } from '../support/eventually.ts'
import { PLATFORM, startPlatform } from './support/platform/platform.ts'
import { sluice } from './support/worker-process.ts'

const prefix = `cluster-${randomUUID().slice(0, 8)}.`
let cluster: IsolatedCluster
beforeAll(async () => {
  cluster = await startRedisCluster()
})
afterAll(() => cluster.stop())

async function said<T>(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const own = { SLUICE_PREFIX: prefix, NO_COLOR: '1', ...env }
  const all = [...args, '--project', PLATFORM, '--format', 'json']
  const { code, stdout } = await sluice(all, own).finished
  return { code, found: JSON.parse(stdout) as T }
}

async function examined(env: Readonly<Record<string, string>>): Promise<Examined> {
  const { found } = await said<Diagnosis>(env, 'doctor')
  const hot = found.connections.find(({ connection }) => connection === 'hot')
  if (hot === undefined) throw new Error('doctor does not know hot')
  return hot
}
const notFine = ({ findings }: Examined) =>
  findings
    .filter(({ status }) => status !== 'pass')
    .map(({ name, status, code }) => `${name} ${status} ${code}`)

async function healthOfHot(): Promise<ConnectionHealth> {
  const { found } = await said<OverallHealth>(cluster.env, 'health')
  return found.components.redis?.connections['hot'] as ConnectionHealth
}

test('a whole cluster: each node is reached, each master proven, all slots are served', async () => {
  const hot = await examined(cluster.env)
  expect(notFine(hot)).toEqual([])
  expect(hot.target).toBe(cluster.env.REDIS_CLUSTER_NODES.replaceAll(',', ', '))
  expect(hot.findings.filter(({ name }) => name === 'TCP')).toHaveLength(3)
  const details = Object.fromEntries(hot.findings.map(({ name, detail }) => [name, detail]))
  expect(details).toMatchObject({
    slots: 'all 16384, by 3 masters',
    nodes: '3 up',
    persistence: 'appendonly (each of 3 masters)',
  })
})

test('a cluster without one of its nodes: which, what it holds, and that jobs are not known', async () => {
  const [lost, other] = cluster.nodes as [IsolatedBroker, IsolatedBroker]
  await lost.kill('SIGKILL')
  onTestFinished(async () => {
    await lost.restart()
    await cluster.whole()
  })
  await eventually(
    'the others have given it up',
    async () => (await cluster.ask(other, 'cluster', 'info')).includes('cluster_state:fail'),
    60_000,
  )
  const hot = await examined(cluster.env)
  expect(notFine(hot)).toEqual(['TCP warn SLU1185', 'slots fail SLU1206', 'nodes warn SLU1207'])
  const nodes = hot.findings.find(({ name }) => name === 'nodes')
  expect(nodes).toMatchObject({ detail: `master 127.0.0.1:${lost.port} is down` })
  expect(nodes?.next).toMatch(/^redis-cli --cluster check 127\.0\.0\.1:\d+$/)

  const health = await healthOfHot()
  expect(health).toMatchObject({
    status: 'fail',
    facts: { shards: { ok: false } },
  })
  const { code, found } = await said<Lag>(cluster.env, 'lag')
  expect(code).toBe(3)
  expect(found.away).toMatchObject([{ connection: 'hot', code: 'SLU5420' }])
})

test('a worker goes on while a node is down whose entries it would look up: it loads what it cannot find', async () => {
  const parted = await startRedisCluster({ fullCoverage: false })
  onTestFinished(() => parted.stop())
  const platform = await startPlatform(parted.env)
  onTestFinished(async () => void (await platform.stop()))
  const { client } = platform
  const ids = Array.from({ length: 300 }, (_, n) => `e${n}`)
  const send = (id: string, n: number) =>
    client.topic('ml_events').publish(
      {
        event_id: id,
        event_type: 'prediction_request',
        timestamp: '2026-01-01T00:00:00Z',
        model_id: 'sales_model_v1',
        features: { user_id: n, product_id: n },
      },
      { key: `user-${n}` },
    )
  const [lost] = parted.nodes as [IsolatedBroker]
  await lost.kill('SIGKILL')
  await Promise.all(ids.map(send))
  const scored = new Set<string>()
  for await (const { data } of client.topic('prediction_results').events({ group: 'reader' }))
    if (scored.add(data.event_id).size === ids.length) break
  expect(lost.alive()).toBe(false)
  expect(scored).toEqual(new Set(ids))
  const sizes = await Promise.all(parted.nodes.slice(1).map((node) => parted.ask(node, 'dbsize')))
  for (const size of sizes) expect(Number(size)).toBeGreaterThan(10)
})

describe('a Redis that is named as what it is not', () => {
  test.each<[string, (server: IsolatedBroker) => Record<string, string>, string]>([
    [
      'a server as a cluster',
      ({ port }) => ({ REDIS_CLUSTER_NODES: `127.0.0.1:${port}` }),
      'cluster fail SLU5423',
    ],
    [
      'a node as a server',
      () => ({ ...(cluster.nodes[0] as IsolatedBroker).env, REDIS_CLUSTER_NODES: '' }),
      'cluster fail SLU5422',
    ],
    [
      'a server among the nodes',
      ({ port }) => ({
        REDIS_CLUSTER_NODES: `127.0.0.1:${port},${cluster.env.REDIS_CLUSTER_NODES}`,
      }),
      'named nodes warn SLU1208',
    ],
    [
      'a list that is none',
      () => ({ REDIS_CLUSTER_NODES: 'redis-1 redis-2' }),
      'settings fail SLU1103',
    ],
  ])('%s', async (_what, env, finding) => {
    const server = await startRedis()
    onTestFinished(() => server.stop())
    expect(notFine(await examined(env(server)))).toEqual([finding])
  })
})
