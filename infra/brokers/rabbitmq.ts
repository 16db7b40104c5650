// RabbitMQ as one node with its own name service; never touches the node, cookie or settings of the system.
import { chown, mkdir, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'amqplib'
import { isAlive, launch } from './process.ts'
import { portOf } from './broker.ts'
import { inheritedEnv } from './environment.ts'
import { find } from './programs.ts'
import { until } from './until.ts'
import { answersTcp } from './tcp.ts'
import type { BrokerKind, Site } from './broker.ts'
import type { ProcessId } from './process.ts'

// Debian's wrapper in /usr/sbin only lets root in; the script behind it runs as anybody.
const SERVER = {
  program: 'rabbitmq-server',
  at: '/usr/lib/rabbitmq/bin/rabbitmq-server',
  packages: ['rabbitmq-server'],
} as const
const EPMD = { program: 'epmd', packages: ['rabbitmq-server'] } as const

export const rabbitmq: BrokerKind = {
  name: 'rabbitmq',
  ports: ['port', 'management', 'prometheus', 'distribution', 'names'],
  programs: () => [SERVER, EPMD],
  prepare,
  async launch(site, left) {
    const names = left.slice(1).find(isAlive) ?? (await launchNames(site))
    const node = await launch({
      command: find(SERVER) ?? SERVER.program,
      args: [],
      cwd: site.dir,
      env: nodeEnv(site),
      log: join(site.dir, 'rabbitmq.log'),
      user: brokerUser(),
      leashed: site.leashed,
    })
    return [node, names]
  },
  async probe(place) {
    const connection = await connect(`amqp://guest:guest@127.0.0.1:${portOf(place, 'port')}/`)
    connection.on('error', () => {})
    await connection.close()
    await answersTcp(portOf(place, 'management'))
  },
  env: (ports) => ({
    RABBITMQ_HOST: '127.0.0.1',
    RABBITMQ_PORT: String(ports['port']),
    RABBITMQ_USER: 'guest',
    RABBITMQ_PASSWORD: 'guest',
    RABBITMQ_VIRTUAL_HOST: '/',
    RABBITMQ_MANAGEMENT_PORT: String(ports['management']),
  }),
}

async function prepare(site: Site): Promise<void> {
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${portOf(site, 'port')}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${portOf(site, 'management')}`,
    'prometheus.tcp.ip = 127.0.0.1',
    `prometheus.tcp.port = ${portOf(site, 'prometheus')}`,
    'log.console = true',
    'log.file = false',
    'disk_free_limit.absolute = 50MB',
    // The log of quorum queues; the default of 512 MB stays in memory until it is full.
    'raft.wal_max_size_bytes = 67108864',
  ]
  await writeFile(join(site.dir, 'rabbitmq.conf'), lines.join('\n') + '\n')
  await writeFile(join(site.dir, 'enabled_plugins'), '[rabbitmq_management,rabbitmq_prometheus].\n')
  await writeFile(join(site.dir, 'rabbitmq-env.conf'), '')
  const data = join(site.dir, 'data')
  await mkdir(data, { recursive: true })
  const user = brokerUser()
  if (user !== undefined) await chown(data, user.uid, user.gid)
}

function launchNames(site: Site): Promise<ProcessId> {
  const port = portOf(site, 'names')
  return launch({
    command: EPMD.program,
    args: ['-address', '127.0.0.1', '-port', String(port)],
    cwd: site.dir,
    env: inheritedEnv(),
    log: join(site.dir, 'names.log'),
    user: brokerUser(),
    leashed: site.leashed,
  }).then(async (id) => {
    // A node that finds no name service starts one of its own, which nobody would stop.
    await until(() => answersTcp(port), { withinMs: 5_000, alive: () => isAlive(id) })
    return id
  })
}

function nodeEnv(site: Site): Record<string, string> {
  const data = join(site.dir, 'data')
  return {
    ...inheritedEnv(),
    HOME: data,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(portOf(site, 'names')),
    RABBITMQ_NODENAME: `sluice-${portOf(site, 'port')}@localhost`,
    RABBITMQ_DIST_PORT: String(portOf(site, 'distribution')),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_CONFIG_FILE: join(site.dir, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(site.dir, 'advanced.config'),
    RABBITMQ_CONF_ENV_FILE: join(site.dir, 'rabbitmq-env.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(site.dir, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: data,
    RABBITMQ_LOG_BASE: data,
    RABBITMQ_LOGS: '-',
    RABBITMQ_GENERATED_CONFIG_DIR: join(data, 'config'),
    RABBITMQ_PID_FILE: join(data, 'node.pid'),
    // Makes the script become the node instead of watching it, so that the pid we know is the node's.
    RUNNING_UNDER_SYSTEMD: 'true',
  }
}

/** Root hands the broker to the user that the package made for it; anybody else runs it as themselves. */
function brokerUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('rabbitmq:'))
  const [, , uid, gid] = line?.split(':') ?? []
  if (uid === undefined || gid === undefined) return undefined
  return { uid: Number(uid), gid: Number(gid) }
}
