// Redis as the product needs it: append-only file on, never evicting. Never listens beyond loopback.
import { join } from 'node:path'
import { connect } from 'node:net'
import { once } from 'node:events'
import { launch } from './process.ts'
import { portOf } from './broker.ts'
import { inheritedEnv } from './environment.ts'
import type { BrokerKind } from './broker.ts'

const REDIS = { program: 'redis-server', packages: ['redis-server'] } as const

export const redis: BrokerKind = {
  name: 'redis',
  ports: ['port'],
  programs: () => [REDIS],
  prepare: () => Promise.resolve(),
  async launch(site) {
    const settings = {
      port: String(portOf(site, 'port')),
      bind: '127.0.0.1',
      dir: site.dir,
      appendonly: 'yes',
      'maxmemory-policy': 'noeviction',
      save: '',
      daemonize: 'no',
    }
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
  env: (ports) => ({ REDIS_HOST: '127.0.0.1', REDIS_PORT: String(ports['port']) }),
}
