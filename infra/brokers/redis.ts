// Redis as the product needs it: append-only file on, never evicting. Never listens beyond loopback.
import { join } from 'node:path'
import { connect } from 'node:net'
import { once } from 'node:events'
import { launch } from './process.ts'
import { portOf } from './broker.ts'
import { inheritedEnv } from './environment.ts'
import type { BrokerKind, Ports, Site } from './broker.ts'

const REDIS = { program: 'redis-server', packages: ['redis-server'] } as const

type Settings = Readonly<Record<string, string>>

const redisWith = (
  more: (site: Site) => Settings,
  ports: BrokerKind['ports'] = ['port'],
): BrokerKind => ({
  name: 'redis',
  ports,
  programs: () => [REDIS],
  prepare: () => Promise.resolve(),
  async launch(site) {
    const settings = { ...settingsOf(site), ...more(site) }
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
    const log = join(site.dir, 'redis.log')
    const id = await launch({
      command: REDIS.program,
      args,
      cwd: site.dir,
      env: inheritedEnv(),
      log,
      leashed: site.leashed,
    })
    return [id]
  },
  async probe(place) {
    const socket = connect(portOf(place, 'port'), '127.0.0.1')
    try {
      await once(socket, 'connect')
      socket.write('PING\r\n')
      const [reply] = (await once(socket, 'data')) as [Buffer]
      // While it loads its file it answers, but with an error.
      if (!reply.toString('latin1').startsWith('+PONG')) throw new Error(reply.toString('latin1'))
    } finally {
      socket.destroy()
    }
  },
  env: (ports: Ports) => ({ REDIS_HOST: '127.0.0.1', REDIS_PORT: String(ports['port']) }),
})

const settingsOf = (site: Site): Settings => ({
  port: String(portOf(site, 'port')),
  bind: '127.0.0.1',
  dir: site.dir,
  appendonly: 'yes',
  'maxmemory-policy': 'noeviction',
  save: '',
  daemonize: 'no',
})

export const redis = redisWith(() => ({}))

/** A server that waits to be made a part of a cluster. Without full coverage a node serves its slots whatever becomes of those of others. */
export const redisNode = (options: { readonly fullCoverage: boolean }): BrokerKind =>
  redisWith(
    (site) => ({
      'cluster-enabled': 'yes',
      'cluster-port': String(portOf(site, 'bus')),
      'cluster-node-timeout': '2000',
      'cluster-require-full-coverage': options.fullCoverage ? 'yes' : 'no',
      // They are killed: with a sync a second, what was confirmed while one is under way would not be in the file yet.
      appendfsync: 'always',
      // A replica has everything at once, instead of after the seconds in which others might ask for the same.
      'repl-diskless-sync-delay': '0',
    }),
    ['port', 'bus'],
  )
