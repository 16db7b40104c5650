// Commands an isolated RabbitMQ as its operator would.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { IsolatedBroker } from '../../infra/brokers/index.ts'

const run = promisify(execFile)

/** Resolves with what it says. */
export async function rabbitmqctl(broker: IsolatedBroker, ...args: string[]): Promise<string> {
  const node = ['-n', `sluice-${broker.port}@localhost`]
  const { stdout } = await run('/usr/lib/rabbitmq/bin/rabbitmqctl', [...node, ...args], {
    env: {
      ...process.env,
      // Arguments are read in the encoding of the locale, and some names have letters beyond ASCII.
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      HOME: join(broker.dir, 'data'),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      ERL_EPMD_PORT: String(broker.ports['names']),
      RABBITMQ_CONF_ENV_FILE: join(broker.dir, 'rabbitmq-env.conf'),
    },
  })
  return stdout
}
