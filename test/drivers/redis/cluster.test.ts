// A Redis Cluster that loses a node, moves its slots, fails over or is none: what the other nodes hold goes on, and nothing confirmed is lost.
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  startRedis,
  startRedisCluster,
  type IsolatedBroker,
  type IsolatedCluster,
} from '../../../infra/brokers/index.ts'
import { systemWorld } from '../../../workers/core/clock.ts'
import type { Driver } from '../../../workers/core/contract.ts'
import { createBullmqDriver } from '../../../workers/drivers/bullmq/index.ts'
import { createBullmqInspector } from '../../../workers/drivers/bullmq/inspector.ts'
import { createRedisDriver } from '../../../workers/drivers/redis/index.ts'
import { createRedisInspector } from '../../../workers/drivers/redis/inspector.ts'
import type { RedisSettings } from '../../../workers/drivers/redis/settings.ts'
import { createRedisStateDriver } from '../../../workers/drivers/redis/state.ts'
import { jobOf, jobsAt } from '../../contract/jobs.contract.ts'
import { rejectionOf } from '../../contract/queue.contract.ts'
import { eventually } from '../../support/eventually.ts'
import { recordedLog } from '../../support/recorded-log.ts'
import { clusterSettings } from '../../support/redis-cluster.ts'

/** Until the others take a dead node for down, and it is taken in again: seconds, on a busy machine more. */
const PATIENCE_MS = 60_000

const context = {
  world: systemWorld,
  log: recordedLog(),
  origin: 'connection hot (pipelines/fleet.yaml:6)',
  clientId: 'faults',
}

const ended = <T extends { close(): Promise<void> }>(one: T): T => {
  onTestFinished(() => one.close())
  return one
}
async function connected<T extends Driver>(driver: T): Promise<T> {
  await ended(driver).connect()
  return driver
}
const settingsOf = ({ env }: IsolatedCluster) => clusterSettings(env.REDIS_CLUSTER_NODES)

/** A key for each node, by what the cluster itself says. */
async function keysByNode(cluster: IsolatedCluster): Promise<Map<IsolatedBroker, string>> {
  const [first] = cluster.nodes as [IsolatedBroker]
  const lines = (await cluster.ask(first, 'cluster', 'nodes')).split('\n')
  const found = new Map<IsolatedBroker, string>()
  for (let n = 0; found.size < cluster.nodes.length; n++) {
    const slot = Number(await cluster.ask(first, 'cluster', 'keyslot', `key-${n}`))
    const holds = (range: string) => {
      const [from = NaN, to = from] = range.split('-').map(Number)
      return slot >= from && slot <= to
    }
    const line = lines.find((one) => one.split(' ').slice(8).some(holds)) ?? ''
    const node = cluster.nodes.find(({ port }) => line.includes(`:${port}@`))
    if (node !== undefined && !found.has(node)) found.set(node, `key-${n}`)
  }
  return found
}

const answers = (work: () => Promise<unknown>) =>
  eventually(
    'it answers',
    () =>
      work().then(
        () => true,
        () => false,
      ),
    PATIENCE_MS,
  )

describe('a cluster that serves what is left of it', { timeout: 3 * PATIENCE_MS }, () => {
  let cluster: IsolatedCluster
  let keys: Map<IsolatedBroker, string>
  beforeAll(async () => {
    cluster = await startRedisCluster({ fullCoverage: false })
    keys = await keysByNode(cluster)
  })
  afterAll(() => cluster.stop())

  it('loses a node with its keys, goes on with those of the others, and has all of them when it is back', async () => {
    const cache = await connected(createRedisDriver(settingsOf(cluster), context))
    const state = await connected(createRedisStateDriver(settingsOf(cluster), context))
    const inspector = ended(createRedisInspector(settingsOf(cluster), context))
    const [first, ...others] = [...keys]
    const [lost, gone] = first as [IsolatedBroker, string]
    for (const key of keys.values()) {
      await cache.set(key, 'kept', PATIENCE_MS * 10)
      await state.write({ folder: key, name: 'n', text: key, ttlMs: PATIENCE_MS * 10 })
    }
    await lost.kill('SIGKILL')
    expect(await rejectionOf(cache.get(gone))).toMatchObject({ code: 'SLU5421', outage: true })
    expect(await rejectionOf(state.read(gone, 'n'))).toMatchObject({ code: 'SLU5421' })
    for (const [, key] of others) {
      expect(await cache.get(key)).toBe('kept')
      expect(await state.read(key, 'n')).toBe(key)
    }
    expect([cache.isUp(), state.isUp()]).toEqual([true, true])
    const facts = await eventually(
      'the others call it down',
      async () => {
        const seen = await inspector.look(undefined, 5_000)
        return seen.shards?.nodes.some(({ state: is }) => is === 'down') === true ? seen : undefined
      },
      PATIENCE_MS,
    )
    expect(facts.shards).toMatchObject({ ok: true, strangers: [] })
    expect(facts.shards?.slotsServed).toBeLessThan(16_384)

    await lost.restart()
    await answers(() => cache.get(gone))
    await answers(() => state.read(gone, 'n'))
    for (const key of keys.values()) {
      expect(await cache.get(key)).toBe('kept')
      expect(await state.read(key, 'n')).toBe(key)
    }
    await cluster.whole()
    const after = await inspector.look(undefined, 5_000)
    expect(after.shards).toMatchObject({ ok: true, slotsServed: 16_384 })
  })

  it('is found by the nodes that are left, though the first that is named is down', async () => {
    const [first] = cluster.nodes as [IsolatedBroker]
    await first.kill('SIGKILL')
    const state = await connected(createRedisStateDriver(settingsOf(cluster), context))
    const key = [...keys].find(([node]) => node !== first)?.[1] ?? ''
    await state.write({ folder: key, name: 'n', text: 'x', ttlMs: PATIENCE_MS })
    expect(await state.read(key, 'n')).toBe('x')
    await first.restart()
    await cluster.whole()
  })

  it('moves slots under work: every call is carried out once it was tried again, and no confirmed one is lost', async () => {
    const driver = await connected(createBullmqDriver(settingsOf(cluster), context))
    const state = await connected(createRedisStateDriver(settingsOf(cluster), context))
    const [from, to] = cluster.nodes as [IsolatedBroker, IsolatedBroker]
    const idOf = async (node: IsolatedBroker) => (await cluster.ask(node, 'cluster', 'myid')).trim()
    const queues = Array.from({ length: 20 }, (_, n) => jobsAt(`moving-${n}`))
    let isMoving = true
    const [giver, taker] = [await idOf(from), await idOf(to)]
    const way = `--cluster-slots 300 --cluster-from ${giver} --cluster-to ${taker} --cluster-yes`
    const moving = cluster
      .ask(from, '--cluster', 'reshard', `127.0.0.1:${from.port}`, ...way.split(' '))
      .finally(() => (isMoving = false))
    let sent = 0
    for (; isMoving || sent === 0; sent++) {
      for (const jobs of queues) {
        await answers(() => driver.sink(jobs).send(jobOf(`j${sent}`)))
        const text = { folder: jobs.address, name: `n${sent}`, text: 'x', ttlMs: PATIENCE_MS * 10 }
        await answers(() => state.write(text))
      }
    }
    await moving
    const inspector = ended(createBullmqInspector(settingsOf(cluster), context))
    const { jobs: counted } = await inspector.look(queues, 10_000)
    expect(counted.map(({ waiting }) => waiting)).toEqual(queues.map(() => sent))
    for (const { address } of queues) expect((await state.list(address)).size).toBe(sent)
    await cluster.whole()
  })

  it('is refused for state when one of its masters evicts or keeps no log, at start and later', async () => {
    const [, , node] = cluster.nodes as [IsolatedBroker, IsolatedBroker, IsolatedBroker]
    const set = (name: string, value: string) => cluster.ask(node, 'config', 'set', name, value)
    const refusal = async () =>
      rejectionOf(ended(createRedisStateDriver(settingsOf(cluster), context)).connect())
    await set('maxmemory-policy', 'allkeys-lru')
    const error = await refusal()
    expect(error).toMatchObject({ code: 'SLU5406', outage: true })
    expect(error.message).toContain(`127.0.0.1:${node.port}`)
    // A cache may stand there.
    await (await connected(createRedisDriver(settingsOf(cluster), context))).ping()
    await set('maxmemory-policy', 'noeviction')
    await set('appendonly', 'no')
    expect(await refusal()).toMatchObject({ code: 'SLU5407' })
    await set('appendonly', 'yes')
    await connected(createRedisStateDriver(settingsOf(cluster), context))
  })

  it('is told from one server, and one server from it', async () => {
    const [node] = cluster.nodes as [IsolatedBroker]
    const alone = { host: '127.0.0.1', port: node.port, password: undefined }
    const one = await rejectionOf(ended(createRedisDriver(alone, context)).connect())
    expect(one).toMatchObject({ code: 'SLU5422', outage: true })
    expect(one.fix).toContain('REDIS_CLUSTER_NODES')

    const server = await startRedis()
    onTestFinished(() => server.stop())
    const named = { cluster: [{ host: '127.0.0.1', port: server.port }], password: undefined }
    const none = await rejectionOf(ended(createRedisDriver(named, context)).connect())
    expect(none).toMatchObject({ code: 'SLU5423', outage: true })
    const look = (settings: RedisSettings) =>
      ended(createRedisInspector(settings, context)).look(undefined, 5_000)
    expect(await rejectionOf(look(named))).toMatchObject({ code: 'SLU5423' })
    expect(await rejectionOf(look(alone))).toMatchObject({ code: 'SLU5422' })
    const { cluster: nodes } = settingsOf(cluster)
    const mixed = await look({ ...named, cluster: [...named.cluster, ...nodes] })
    expect(mixed.shards).toMatchObject({ ok: true, strangers: [`127.0.0.1:${server.port}`] })
  })
})

describe('a cluster that serves all or nothing', () => {
  it(
    'fails over to a replica; without one it is down as a whole, and is found again with all that it had',
    { timeout: 3 * PATIENCE_MS },
    async () => {
      const cluster = await startRedisCluster({ replicas: 1 })
      onTestFinished(() => cluster.stop())
      const state = await connected(createRedisStateDriver(settingsOf(cluster), context))
      const texts = Array.from({ length: 60 }, (_, n) => `folder-${n}`)
      for (const folder of texts)
        await state.write({ folder, name: 'n', text: folder, ttlMs: PATIENCE_MS * 10 })
      const [master] = cluster.nodes as [IsolatedBroker]
      // What is not replicated yet is lost with its master.
      await eventually('the replica has everything', async () =>
        /^slave0:.*state=online.*lag=[01]\r?$/m.test(
          await cluster.ask(master, 'info', 'replication'),
        ),
      )
      await master.kill('SIGKILL')
      for (const folder of texts) await answers(() => state.read(folder, 'n'))
      for (const folder of texts) expect(await state.read(folder, 'n')).toBe(folder)

      const promoted = await eventually('a replica took over', async () => {
        for (const node of cluster.nodes.slice(3))
          if (/^role:master/m.test(await cluster.ask(node, 'info', 'replication'))) return node
        return undefined
      })
      await promoted.kill('SIGKILL')
      const error = await eventually(
        'the cluster says that it is down',
        async () => {
          for (const folder of texts) await state.read(folder, 'n').catch(() => {})
          return state.isUp() ? undefined : rejectionOf(state.read('folder-0', 'n'))
        },
        PATIENCE_MS,
      )
      expect(error).toMatchObject({ code: 'SLU5420', outage: true })
      await promoted.restart()
      await state.whenUp()
      for (const folder of texts) await answers(() => state.read(folder, 'n'))
      for (const folder of texts) expect(await state.read(folder, 'n')).toBe(folder)
    },
  )
})
