// A Redis Cluster of one's own, made of isolated servers: whole when it is handed over, gone with the process that started it.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { SluiceError } from '../../workers/core/errors.ts'
import { searchPath } from './environment.ts'
import { startBroker, type IsolatedBroker } from './isolated.ts'
import { ensurePrograms } from './programs.ts'
import { redisNode } from './redis.ts'
import { until } from './until.ts'

const CLI = { program: 'redis-cli', packages: ['redis-tools'] } as const
const MASTERS = 3
const WHOLE_WITHIN_MS = 60_000

const run = promisify(execFile)

export interface ClusterOptions {
  /** Of each master; none by default. */
  readonly replicas?: number
  /** False: what is served by the other nodes goes on when one is down. True, as Redis has it by default: nothing does. */
  readonly fullCoverage?: boolean
}

export interface IsolatedCluster {
  readonly nodes: readonly IsolatedBroker[]
  /** The variable of the guide that leads here. */
  readonly env: { readonly REDIS_CLUSTER_NODES: string }
  /** Resolves when every node sees all slots served, and every replica has what its master has. */
  whole(): Promise<void>
  /** What `redis-cli` prints, asked of one node. */
  ask(node: IsolatedBroker, ...command: readonly string[]): Promise<string>
  /** Idempotent. */
  stop(): Promise<void>
}

/** Three masters, which share the slots. */
export async function startRedisCluster(options: ClusterOptions = {}): Promise<IsolatedCluster> {
  const { replicas = 0, fullCoverage = true } = options
  ensurePrograms([CLI], (line) => process.stderr.write(line + '\n'))
  const kind = redisNode({ fullCoverage })
  const count = MASTERS * (1 + replicas)
  const started = await Promise.allSettled(Array.from({ length: count }, () => startBroker(kind)))
  const nodes = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()))
  }
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`)
  const whole = () =>
    until(
      async () => {
        for (const node of nodes) await seesAll(node)
      },
      { withinMs: WHOLE_WITHIN_MS, alive: () => nodes.every((node) => node.alive()) },
    )
  try {
    for (const one of started) if (one.status === 'rejected') throw one.reason
    const spare = ['--cluster-replicas', String(replicas), '--cluster-yes']
    await cli('--cluster', 'create', ...addresses, ...spare)
    await whole()
  } catch (cause) {
    await stop()
    throw new SluiceError('SLU1106', { message: 'the Redis cluster did not come up', cause })
  }
  return {
    nodes,
    env: { REDIS_CLUSTER_NODES: addresses.join(',') },
    whole,
    ask: (node, ...command) => cli('-p', String(node.port), ...command),
    stop,
  }
}

/** And a replica has what its master has. */
async function seesAll({ port }: IsolatedBroker): Promise<void> {
  const slots = await cli('-p', String(port), 'cluster', 'info')
  const replication = await cli('-p', String(port), 'info', 'replication')
  const lines = new Set(`${slots}\n${replication}`.split(/\r?\n/))
  if (
    !lines.has('cluster_state:ok') ||
    !lines.has('cluster_slots_ok:16384') ||
    lines.has('master_link_status:down')
  )
    throw new Error(`node ${port} does not see a whole cluster:\n${slots}`)
}

async function cli(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(CLI.program, args, {
    env: { ...process.env, PATH: searchPath() },
    timeout: WHOLE_WITHIN_MS,
  })
  return stdout
}
