// Brokers from infra/compose.yaml where a Docker engine answers; leaves nothing behind when stopped.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { systemWorld } from '../../workers/core/clock.ts'
import { SluiceError } from '../../workers/core/errors.ts'
import { freePort } from './ports.ts'

const run = promisify(execFile)
const FILE = join(import.meta.dirname, '../compose.yaml')

/** True when both the compose plugin and an engine answer within a few seconds. */
export async function composeAnswers(): Promise<boolean> {
  const commands = [
    ['compose', 'version'],
    ['info', '--format', '{{.ServerVersion}}'],
  ]
  const answers = commands.map((args) =>
    run('docker', args, { timeout: 5_000 }).then(
      ({ stdout }) => stdout.trim() !== '',
      () => false,
    ),
  )
  return (await Promise.all(answers)).every(Boolean)
}

/** Starts the three on free ports under a project name of their own; resolves when their health checks pass. */
export async function composeUp(): Promise<{ env: Record<string, string>; stop(): Promise<void> }> {
  const ports = {
    REDIS_PORT: String(await freePort()),
    RABBITMQ_PORT: String(await freePort()),
    RABBITMQ_MANAGEMENT_PORT: String(await freePort()),
    KAFKA_PORT: String(await freePort()),
  }
  const name = `sluice-${systemWorld.ids.next().slice(0, 8)}`
  const compose = (...args: readonly string[]) =>
    run('docker', ['compose', '--project-name', name, '--file', FILE, ...args], {
      env: { ...process.env, ...composeEnv(ports), ...ports },
      timeout: 300_000,
    })
  const stop = async (): Promise<void> => {
    await compose('down', '--volumes', '--timeout', '3')
  }
  try {
    await compose('up', '--detach', '--wait')
  } catch (cause) {
    await stop().catch(() => {})
    throw new SluiceError('SLU1106', { message: 'docker compose could not bring them up', cause })
  }
  return { env: composeEnv(ports), stop }
}

function composeEnv(ports: Record<string, string>): Record<string, string> {
  const { KAFKA_PORT, ...shared } = ports
  return {
    ...shared,
    REDIS_HOST: '127.0.0.1',
    RABBITMQ_HOST: '127.0.0.1',
    RABBITMQ_USER: 'guest',
    RABBITMQ_PASSWORD: 'guest',
    RABBITMQ_VIRTUAL_HOST: '/',
    KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${KAFKA_PORT}`,
  }
}
