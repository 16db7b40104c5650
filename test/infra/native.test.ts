import { execFile, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../infra/brokers/index.ts'
import { SHARED } from '../../infra/brokers/instance.ts'
import { identify } from '../../infra/brokers/process.ts'
import { find } from '../../infra/brokers/programs.ts'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'

const run = promisify(execFile)
const COMMAND = join(import.meta.dirname, '../../infra/brokers/main.ts')

/** A temp folder of one's own makes a set of one's own: nobody else's brokers are touched. */
const folder = mkdtempSync(join(tmpdir(), 'sluice-set-'))
chmodSync(folder, 0o755)

interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function brokers(...args: readonly string[]): Promise<Said> {
  return run(process.execPath, [COMMAND, ...args], {
    env: { ...process.env, TMPDIR: folder },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Said) => error,
  )
}

async function pids(): Promise<Record<string, number>> {
  const { stdout } = await brokers('status', '--format', 'json')
  const status = JSON.parse(stdout) as { brokers: { name: string; pid: number; status: string }[] }
  expect(status.brokers.map((broker) => broker.status)).not.toContain('silent')
  return Object.fromEntries(status.brokers.map(({ name, pid }) => [name, pid]))
}

afterAll(async () => {
  await brokers('down')
  rmSync(folder, { recursive: true })
})

const missing = SHARED.flatMap((kind) => kind.programs()).filter(
  (program) => find(program) === undefined,
)
const impossible = missing.length > 0 && process.getuid?.() !== 0

/** Where native brokers cannot run, what must hold is that one is told what to install. */
async function toldWhatToInstall(): Promise<void> {
  const said = await brokers('up', '--format', 'json')
  expect(said).toMatchObject({ code: 3, stdout: '' })
  for (const { packages } of missing) expect(said.stderr).toContain(packages[0])
}

describe('npm run brokers', () => {
  it('is started once, repaired when something died, and leaves nothing behind', async () => {
    if (impossible) return toldWhatToInstall()
    const first = await brokers('up', '--format', 'json')
    expect(first.code, first.stderr).toBe(0)
    expect(JSON.parse(first.stdout)).toEqual({
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: expect.stringMatching(/^\d+$/),
      RABBITMQ_HOST: '127.0.0.1',
      RABBITMQ_PORT: expect.stringMatching(/^\d+$/),
      RABBITMQ_USER: 'guest',
      RABBITMQ_PASSWORD: 'guest',
      RABBITMQ_VIRTUAL_HOST: '/',
      RABBITMQ_MANAGEMENT_PORT: expect.stringMatching(/^\d+$/),
      KAFKA_BOOTSTRAP_SERVERS: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    })
    const before = await pids()
    const again = await brokers('up', '--format', 'json')
    expect(again).toEqual({ code: 0, stdout: first.stdout, stderr: '' })
    expect(await pids()).toEqual(before)

    process.kill(before['redis'] ?? -1, 'SIGKILL')
    const repaired = await brokers('up', '--format', 'json')
    expect(repaired.stdout).toBe(first.stdout)
    const after = await pids()
    expect(after).toEqual({ ...before, redis: expect.any(Number) })
    expect(after['redis']).not.toBe(before['redis'])

    expect((await brokers('down')).code).toBe(0)
    expect(Object.values(after).filter((pid) => identify(pid) !== undefined)).toEqual([])
    expect(readdirSync(folder)).toEqual([])
    expect((await brokers('status')).stdout).toBe('nothing runs\n')
  }, 120_000)

  it('says how it is used when it is not understood', async () => {
    for (const args of [[], ['sideways'], ['up', '--format', 'xml'], ['up', 'down'], ['--what']]) {
      const said = await brokers(...args)
      expect(said).toMatchObject({ code: 2, stdout: '' })
      expect(said.stderr).toContain('up|down|status')
    }
  })
})

describe('a set that test runs share', () => {
  it('runs until the last of them is done', async () => {
    if (impossible) return toldWhatToInstall()
    const one = await testRun()
    const two = await testRun()
    expect(two.env).toBe(one.env)
    expect(await one.done()).toBe('false')
    expect(Object.keys(await pids()).toSorted()).toEqual(['kafka', 'rabbitmq', 'redis'])
    expect(await two.done()).toBe('true')
    expect(readdirSync(folder)).toEqual([])
  }, 60_000)
})

/** Another process that uses the set as a test run does, until `done`, which tells whether that ended the set. */
async function testRun(): Promise<{ env: string; done(): Promise<string> }> {
  const set = new URL('../../infra/brokers/set.ts', import.meta.url)
  const child = script(`
    import { release, up } from '${set.href}'
    console.log(JSON.stringify((await up({ pin: false, say: () => {} })).env))
    process.stdin.once('data', async () => {
      console.log(await release())
      process.exit()
    })`)
  return {
    env: await line(child),
    done: () => {
      child.stdin.write('done')
      return line(child)
    },
  }
}

describe('a broker of one’s own', () => {
  it('keeps its port and its data through kill and restart', async () => {
    if (impossible) return toldWhatToInstall()
    const redis = await startRedis()
    const first = redis.pid
    expect(await ask(redis.port, 'SET key value')).toBe('+OK')
    expect(await ask(redis.port, 'CONFIG GET maxmemory-policy')).toContain('noeviction')
    // Written once a second otherwise; what a kill may lose is not what is tested here.
    expect(await ask(redis.port, 'CONFIG SET appendfsync always')).toBe('+OK')
    await redis.kill('SIGKILL')
    await expect(ask(redis.port, 'PING')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await redis.restart()
    expect(redis.pid).not.toBe(first)
    expect(await ask(redis.port, 'GET key')).toContain('value')
    await redis.stop()
    expect(identify(redis.pid)).toBeUndefined()
    expect(existsSync(redis.dir)).toBe(false)
  })

  it('ends with the process that started it, however that one ends', async () => {
    if (impossible) return toldWhatToInstall()
    const api = new URL('../../infra/brokers/index.ts', import.meta.url)
    const owner = script(`
      import { startRedis } from '${api.href}'
      const { pid, dir } = await startRedis()
      console.log(JSON.stringify({ pid, dir }))
      setInterval(() => {}, 1e6)`)
    const { pid, dir } = JSON.parse(await line(owner)) as { pid: number; dir: string }
    expect(identify(pid)).toBeDefined()
    owner.kill('SIGKILL')
    await expect.poll(() => identify(pid)).toBeUndefined()
    rmSync(dir, { recursive: true })
  })
})

function script(source: string): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    env: { ...process.env, TMPDIR: folder },
  })
  child.stderr.pipe(process.stderr)
  return child
}

async function line(child: ChildProcessWithoutNullStreams): Promise<string> {
  const [text] = (await once(child.stdout, 'data')) as [Buffer]
  return text.toString().trim()
}

async function ask(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    socket.write(command + '\r\n')
    const [reply] = (await once(socket, 'data')) as [Buffer]
    return reply.toString('utf8').trim()
  } finally {
    socket.destroy()
  }
}
