// Kafka as one KRaft node, broker and controller in one process; topics are never created by accident.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../../workers/core/errors.ts'
import { launch } from './process.ts'
import { portOf } from './broker.ts'
import { inheritedEnv } from './environment.ts'
import { ensureJars, jarsCached } from './kafka-jars.ts'
import { hasCoordinator } from './kafka-probe.ts'
import { MAVEN } from './maven.ts'
import type { BrokerKind, Site } from './broker.ts'

const JAVA = {
  program: 'java',
  packages: ['openjdk-17-jre-headless', 'openjdk-21-jre-headless'],
} as const
const LOGGING = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
]

export const kafka: BrokerKind = {
  name: 'kafka',
  ports: ['port', 'controller'],
  programs: () => (jarsCached() ? [JAVA] : [JAVA, MAVEN]),
  async prepare(site) {
    await writeFile(join(site.dir, 'server.properties'), properties(site))
    await format(site)
  },
  async launch(site) {
    const id = await launch({
      command: JAVA.program,
      args: [
        '-Xms256m',
        '-Xmx512m',
        ...LOGGING,
        ...(await classpath()),
        'kafka.Kafka',
        'server.properties',
      ],
      cwd: site.dir,
      env: inheritedEnv(),
      log: join(site.dir, 'kafka.log'),
      leashed: site.leashed,
    })
    return [id]
  },
  probe: (place) => hasCoordinator(portOf(place, 'port')),
  env: (ports) => ({ KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${ports['port']}` }),
}

async function classpath(): Promise<string[]> {
  return ['-cp', join(await ensureJars(), '*')]
}

async function format(site: Site): Promise<void> {
  // Any 22 characters of base64 are a cluster id; one node alone needs no unique one.
  const settings = [
    'format',
    '--cluster-id',
    'c2x1aWNlLWJyb2tlcnMtMQ',
    '--ignore-formatted',
    '--config',
    'server.properties',
  ]
  const args = [
    '-XX:TieredStopAtLevel=1',
    ...LOGGING,
    ...(await classpath()),
    'kafka.tools.StorageTool',
    ...settings,
  ]
  const tool = spawn(JAVA.program, args, {
    cwd: site.dir,
    env: inheritedEnv(),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const output: Buffer[] = []
  tool.stderr.on('data', (chunk: Buffer) => output.push(chunk))
  const [status] = (await once(tool, 'close')) as [number | null]
  if (status === 0) return
  throw new SluiceError('SLU1106', {
    message: `Kafka's storage could not be formatted: ${Buffer.concat(output).toString('utf8').trim()}`,
  })
}

function properties(site: Site): string {
  const clients = `127.0.0.1:${portOf(site, 'port')}`
  const controller = `127.0.0.1:${portOf(site, 'controller')}`
  // Who comes by `behind` is told to come by `front`, where a proxy listens that leads to `behind`.
  const { behind, front } = site.ports
  const proxied = behind !== undefined && front !== undefined
  const also = (port: number | undefined) => (proxied ? `PROXIED://127.0.0.1:${port},` : '')
  const settings: Record<string, string | number> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${controller}`,
    listeners: `${also(behind)}CLIENTS://${clients},CONTROLLER://${controller}`,
    'advertised.listeners': `${also(front)}CLIENTS://${clients}`,
    'listener.security.protocol.map': 'PROXIED:PLAINTEXT,CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'CLIENTS',
    'log.dirs': join(site.dir, 'data'),
    'auto.create.topics.enable': 'false',
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // A killed broker may register again only when its old session is over: that is how long a restart takes.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.cleaner.dedupe.buffer.size': 16_777_216,
    // Deleted topics leave the disk soon: tests make and delete many.
    'log.segment.delete.delay.ms': 1_000,
  }
  return (
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n') + '\n'
  )
}
